using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Service.Errors;

namespace Lockstep.Embedded.Hosting;

/// <summary>One number that can be set.</summary>
/// <param name="Key">The configuration key.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited, and in which unit.</param>
/// <param name="With">Sets it.</param>
public sealed record EmbeddedLimit(
    string Key, long Default, long Minimum, long Maximum, string Meaning, Func<EmbeddedOptions, long, EmbeddedOptions> With);

/// <summary>Reads <see cref="EmbeddedOptions"/> from a configuration. A value that cannot be used is refused with its key, never replaced.</summary>
public static class EmbeddedSettings
{
    private const string Storage = "Lockstep:Storage:";
    private const string Driver = "Lockstep:Driver:";
    private const string Retention = "Lockstep:Retention:";

    /// <summary>Every limit, in the order of the documentation.</summary>
    public static ImmutableArray<EmbeddedLimit> Limits { get; } =
    [
        new(Storage + "BusyTimeoutMs", 5_000, 0, 600_000, "Longest wait for a lock that another program holds on the database.",
            (options, value) => options with { Storage = options.Storage with { BusyTimeout = Milliseconds(value) } }),
        new(Storage + "MaxBatchWrites", 1_000, 1, 100_000, "Most writes in one transaction.",
            (options, value) => options with { Storage = options.Storage with { MaxBatchWrites = (int)value } }),
        new(Storage + "MaxWaitingWrites", 20_000, 1, 10_000_000, "Writes that wait, above which new requests are refused with ThrottlingException.",
            (options, value) => options with { Storage = options.Storage with { MaxWaitingWrites = (int)value } }),
        new(Storage + "MaxReaders", 4, 1, 64, "Connections that read at the same time.",
            (options, value) => options with { Storage = options.Storage with { MaxReaders = (int)value } }),
        new(Storage + "WriterCacheKiB", 65_536, 1_024, 16_777_216, "Page cache of the writing connection, in KiB.",
            (options, value) => options with { Storage = options.Storage with { WriterCacheKiB = (int)value } }),
        new(Storage + "ReaderCacheKiB", 8_192, 256, 16_777_216, "Page cache of each reading connection, in KiB.",
            (options, value) => options with { Storage = options.Storage with { ReaderCacheKiB = (int)value } }),
        new(Storage + "CheckpointBytes", 67_108_864, 65_536, 17_179_869_184, "Growth of the write-ahead log after which it is copied into the database.",
            (options, value) => options with { Storage = options.Storage with { CheckpointBytes = value } }),
        new(Storage + "LogLimitBytes", 268_435_456, 65_536, 17_179_869_184, "Size to which the file of the write-ahead log is cut back.",
            (options, value) => options with { Storage = options.Storage with { LogLimitBytes = value } }),
        new(Storage + "FlushDelayMicroseconds", 0, 0, 1_000_000, "Added to every flush, for benchmarks.",
            (options, value) => options with { Storage = options.Storage with { FlushDelay = TimeSpan.FromMicroseconds(value) } }),
        new(Driver + "MaxConcurrentEffects", 1_000, 1, 1_000_000, "Most task calls under way at a time; more wait their turn.",
            (options, value) => options with { Driver = options.Driver with { MaxConcurrentEffects = (int)value } }),
        new(Driver + "MaxConcurrentEffectsPerTenant", 500, 1, 1_000_000, "Most task calls of one tenant under way at a time.",
            (options, value) => options with { Driver = options.Driver with { MaxConcurrentEffectsPerTenant = (int)value } }),
        new(Driver + "MaxTurnsPerCommit", 64, 1, 10_000, "Most turns of one execution in one commit.",
            (options, value) => options with { Driver = options.Driver with { MaxTurnsPerCommit = (int)value } }),
        new(Driver + "MaxBytesPerCommit", 1_048_576, 1_024, 1_073_741_824, "Journal bytes of one execution after which its commit takes no further turn.",
            (options, value) => options with { Driver = options.Driver with { MaxBytesPerCommit = (int)value } }),
        new(Driver + "MinSnapshotBytes", 65_536, 1, 1_073_741_824, "Journal bytes since the last snapshot below which none is written.",
            (options, value) => options with { Driver = options.Driver with { MinSnapshotBytes = (int)value } }),
        new(Driver + "ParkAfterMs", 5_000, 1, 86_400_000, "How long an execution is idle before it leaves memory.",
            (options, value) => options with { Driver = options.Driver with { ParkAfter = Milliseconds(value) } }),
        new(Driver + "MaxIdleInMemory", 10_000, 0, 10_000_000, "Most idle executions in memory.",
            (options, value) => options with { Driver = options.Driver with { MaxIdleInMemory = (int)value } }),
        new(Driver + "ParkIntervalMs", 500, 1, 3_600_000, "How often idle executions are looked through.",
            (options, value) => options with { Driver = options.Driver with { ParkInterval = Milliseconds(value) } }),
        new(Driver + "WakeHorizonMs", 60_000, 1_000, 86_400_000, "How far ahead the wake times of executions outside memory are read.",
            (options, value) => options with { Driver = options.Driver with { WakeHorizon = Milliseconds(value) } }),
        new(Driver + "MaxCompiledMachines", 1_000, 1, 1_000_000, "Most compiled definitions in memory.",
            (options, value) => options with { Driver = options.Driver with { MaxCompiledMachines = (int)value } }),
        new(Driver + "ExpressTimeoutMs", 300_000, 1, 3_600_000, "Longest run of an Express execution.",
            (options, value) => options with { Driver = options.Driver with { ExpressTimeout = Milliseconds(value) } }),
        new(Driver + "MaxSyncExecutions", 1_000, 1, 1_000_000, "Most synchronous Express executions at a time.",
            (options, value) => options with { Driver = options.Driver with { MaxSyncExecutions = (int)value } }),
        new(Driver + "MaxAsyncExpressExecutions", 10_000, 1, 10_000_000, "Most asynchronous Express executions under way at a time.",
            (options, value) => options with { Driver = options.Driver with { MaxAsyncExpressExecutions = (int)value } }),
        new(Driver + "DrainTimeoutMs", 25_000, 0, 3_600_000, "How long a stop waits for task calls that are under way.",
            (options, value) => options with { Driver = options.Driver with { DrainTimeout = Milliseconds(value) } }),
        new(Driver + "MaxConcurrentRecoveries", 4, 1, 256, "Executions that are resumed at the same time after a restart.",
            (options, value) => options with { Driver = options.Driver with { MaxConcurrentRecoveries = (int)value } }),
        new(Retention + "MaxAgeDays", 90, 1, 3_650, "Days after its end at which an execution is removed and its name is free, and after which a revision out of force is.",
            (options, value) => options with { Retention = options.Retention with { MaxAge = TimeSpan.FromDays(value) } }),
        new(Retention + "MaxRows", 100, 1, 1_000, "Executions, events or revisions that one step of retention looks at.",
            (options, value) => options with { Retention = options.Retention with { MaxRows = (int)value } }),
        new(Retention + "IntervalSeconds", 3_600, 1, 86_400, "How often retention looks for what is old enough.",
            (options, value) => options with { Retention = options.Retention with { Interval = TimeSpan.FromSeconds(value) } }),
    ];

    /// <summary>Reads the options.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    /// <param name="options">What the host has decided already.</param>
    public static Result<EmbeddedOptions> Read(Func<string, string?> configuration, EmbeddedOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        foreach (EmbeddedLimit limit in Limits)
        {
            if (configuration(limit.Key) is not { } text)
            {
                continue;
            }

            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) || value < limit.Minimum || value > limit.Maximum)
            {
                return new ServiceError(
                    ErrorCodes.Validation,
                    string.Create(CultureInfo.InvariantCulture, $"{limit.Key} is \"{text}\", but has to be a whole number from {limit.Minimum} to {limit.Maximum}."))
                {
                    Target = limit.Key,
                };
            }

            options = limit.With(options, value);
        }

        return options;
    }

    private static TimeSpan Milliseconds(long value) => TimeSpan.FromMilliseconds(value);
}
