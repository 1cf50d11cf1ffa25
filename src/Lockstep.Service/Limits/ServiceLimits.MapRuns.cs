using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

// Limits of map runs, which Map states in DISTRIBUTED mode start.
public sealed partial record ServiceLimits
{
    /// <summary>Children of a map run that may run at a time, whatever MaxConcurrency says. Default 10,000.</summary>
    public int MaxMapRunConcurrency { get; init; } = 10_000;

    /// <summary>Items that a map run reads at a time. Default 1,000.</summary>
    public int MaxMapRunItemsAtOnce { get; init; } = 1_000;

    /// <summary>Children of a map run whose results one call collects or writes; so each result file has those of so many at most. Default 5,000.</summary>
    public int MaxMapRunResultsAtOnce { get; init; } = 5_000;

    /// <summary>Compressed files that stay open between the reads of map runs; one more closes the oldest, which is then read again from its start. Default 32.</summary>
    public int MaxMapRunOpenFiles { get; init; } = 32;

    /// <summary>Seconds that a compressed file stays open for the next read of its map run. Default 60.</summary>
    public int MapRunOpenFileSeconds { get; init; } = 60;

    // Made when asked for: the order in which static fields of two files are set is nobody's promise.
    private static ImmutableArray<LimitDefinition> MapRunDefinitions =>
    [
        new("MaxMapRunConcurrency", "executions", 10_000, 1, 100_000,
            "Children of a map run that may run at a time, whatever MaxConcurrency says.", limits => limits.MaxMapRunConcurrency, (limits, value) => limits with { MaxMapRunConcurrency = value }),
        new("MaxMapRunItemsAtOnce", "items", 1_000, 1, 10_000,
            "Items that a map run reads at a time.", limits => limits.MaxMapRunItemsAtOnce, (limits, value) => limits with { MaxMapRunItemsAtOnce = value }),
        new("MaxMapRunResultsAtOnce", "executions", 5_000, 1, 50_000,
            "Children of a map run whose results one call collects or writes; so each result file has those of so many at most.", limits => limits.MaxMapRunResultsAtOnce, (limits, value) => limits with { MaxMapRunResultsAtOnce = value }),
        new("MaxMapRunOpenFiles", "files", 32, 0, 1_000,
            "Compressed files that stay open between the reads of map runs; one more closes the oldest, which is then read again from its start.", limits => limits.MaxMapRunOpenFiles, (limits, value) => limits with { MaxMapRunOpenFiles = value }),
        new("MapRunOpenFileSeconds", "seconds", 60, 1, 3_600,
            "Seconds that a compressed file stays open for the next read of its map run.", limits => limits.MapRunOpenFileSeconds, (limits, value) => limits with { MapRunOpenFileSeconds = value }),
    ];
}
