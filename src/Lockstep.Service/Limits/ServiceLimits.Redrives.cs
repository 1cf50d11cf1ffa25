using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

// Limits of redrives.
public sealed partial record ServiceLimits
{
    /// <summary>Redrives of one execution. Default 1,000.</summary>
    public int MaxRedrives { get; init; } = 1_000;

    /// <summary>Days after its end within which an execution can be redriven. Default 14, as at AWS.</summary>
    public int RedrivePeriodDays { get; init; } = 14;

    // Made when asked for: the order in which static fields of two files are set is nobody's promise.
    private static ImmutableArray<LimitDefinition> RedriveDefinitions =>
    [
        new("MaxRedrives", "redrives", 1_000, 1, 1_000_000,
            "Redrives of one execution.", limits => limits.MaxRedrives, (limits, value) => limits with { MaxRedrives = value }),
        new("RedrivePeriodDays", "days", 14, 1, 36_500,
            "Days after its end within which an execution can be redriven.", limits => limits.RedrivePeriodDays, (limits, value) => limits with { RedrivePeriodDays = value }),
    ];
}
