using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Cli.Configuration;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Service.Limits;

namespace Lockstep.Cli.Composition;

/// <summary>
/// Reads the limits of store and driver. Every one has a key, a unit in its name where it is a time, and a range; a value outside is refused with
/// its key, never replaced. docs/operations.md lists them, which a test compares.
/// </summary>
internal static class EmbeddedSettings
{
    /// <summary>Key of <see cref="ExecutionLimits.MaxHistoryEvents"/>: a number, or nothing for no limit. AWS's value is 25,000.</summary>
    public const string MaxHistoryEventsKey = "Lockstep:Driver:MaxHistoryEvents";

    /// <summary>Every numeric setting, in the order of the documentation.</summary>
    public static ImmutableArray<EmbeddedSetting> All { get; } =
    [
        Storage("BusyTimeoutMs", 5_000, 0, 600_000, "Longest wait for a lock that another program holds on the database.",
            (storage, value) => storage with { BusyTimeout = TimeSpan.FromMilliseconds(value) }),
        Storage("MaxBatchWrites", 1_000, 1, 100_000, "Turns and other writes in one transaction at most.",
            (storage, value) => storage with { MaxBatchWrites = value }),
        Storage("MaxWaitingWrites", 20_000, 1, 10_000_000, "Writes that may wait before new requests are refused with ThrottlingException.",
            (storage, value) => storage with { MaxWaitingWrites = value }),
        Storage("MaxReaders", 4, 1, 256, "Connections that read at the same time.",
            (storage, value) => storage with { MaxReaders = value }),
        Storage("WriterCacheKiB", 65_536, 64, 16_777_216, "Page cache of the writing connection, in KiB.",
            (storage, value) => storage with { WriterCacheKiB = value }),
        Storage("ReaderCacheKiB", 8_192, 64, 16_777_216, "Page cache of each reading connection, in KiB.",
            (storage, value) => storage with { ReaderCacheKiB = value }),
        Storage("CheckpointMiB", 64, 1, 65_536, "MiB of write-ahead log after which it is copied into the database.",
            (storage, value) => storage with { CheckpointBytes = value * BytesPerMiB }),
        Storage("LogLimitMiB", 256, 1, 1_048_576, "Size in MiB to which the file of the write-ahead log is cut back when it starts over.",
            (storage, value) => storage with { LogLimitBytes = value * BytesPerMiB }),
        Storage("FlushDelayMilliseconds", 0, 0, 10_000, "Added to every flush, to show how the service does on a slower disk.",
            (storage, value) => storage with { FlushDelay = TimeSpan.FromMilliseconds(value) }),
        Driver("MaxConcurrentEffects", 1_000, 1, 1_000_000, "Effects under way at a time; more wait their turn.",
            (driver, value) => driver with { MaxConcurrentEffects = value }),
        Driver("MaxConcurrentEffectsPerTenant", 500, 1, 1_000_000, "Effects of one tenant under way at a time.",
            (driver, value) => driver with { MaxConcurrentEffectsPerTenant = value }),
        Driver("MaxTurnsPerCommit", 64, 1, 100_000, "Turns of one execution that share a commit when several stimuli wait.",
            (driver, value) => driver with { MaxTurnsPerCommit = value }),
        Driver("MaxBytesPerCommit", 1_048_576, 1_024, 1_073_741_824, "Journal bytes of one execution after which its commit takes no further turn.",
            (driver, value) => driver with { MaxBytesPerCommit = value }),
        Driver("MinSnapshotBytes", 65_536, 1_024, 1_073_741_824, "Journal bytes since the last snapshot below which none is written.",
            (driver, value) => driver with { MinSnapshotBytes = value }),
        Driver("ParkAfterMs", 5_000, 0, 86_400_000, "How long an execution has to be idle before it leaves memory.",
            (driver, value) => driver with { ParkAfter = TimeSpan.FromMilliseconds(value) }),
        Driver("MaxIdleInMemory", 10_000, 0, 100_000_000, "Idle executions in memory above which the longest idle leave at once.",
            (driver, value) => driver with { MaxIdleInMemory = value }),
        Driver("ParkIntervalMs", 500, 10, 60_000, "How often idle executions are looked through.",
            (driver, value) => driver with { ParkInterval = TimeSpan.FromMilliseconds(value) }),
        Driver("WakeHorizonSeconds", 60, 1, 86_400, "How far ahead the wake times of executions outside memory are read.",
            (driver, value) => driver with { WakeHorizon = TimeSpan.FromSeconds(value) }),
        Driver("MaxCompiledMachines", 1_000, 1, 1_000_000, "Compiled definitions kept in memory.",
            (driver, value) => driver with { MaxCompiledMachines = value }),
        Driver("ExpressTimeoutSeconds", 300, 1, 86_400, "Longest run of an Express execution.",
            (driver, value) => driver with { ExpressTimeout = TimeSpan.FromSeconds(value) }),
        Driver("MaxSyncExecutions", 1_000, 1, 1_000_000, "Synchronous Express executions at a time.",
            (driver, value) => driver with { MaxSyncExecutions = value }),
        Driver("DrainTimeoutMs", 25_000, 0, 3_600_000, "How long a stop waits for requests and effects that are under way.",
            (driver, value) => driver with { DrainTimeout = TimeSpan.FromMilliseconds(value) }),
        Driver("MaxConcurrentRecoveries", 4, 1, 1_000, "Executions that are loaded at the same time when the process starts.",
            (driver, value) => driver with { MaxConcurrentRecoveries = value }),
        Execution("MaxTransitionsPerTurn", 1_000, 1, 1_000_000, "Transitions that one turn may make.",
            (limits, value) => limits with { MaxTransitionsPerTurn = value }),
        Execution("MaxBytesPerTurn", 4_194_304, 1_024, 1_073_741_824, "Bytes of new payload that one turn may write into history.",
            (limits, value) => limits with { MaxBytesPerTurn = value }),
        Execution("MaxCommandsPerTurn", 1_000, 1, 1_000_000, "Commands that one turn may issue.",
            (limits, value) => limits with { MaxCommandsPerTurn = value }),
        Execution("MaxOpenIterations", 40, 1, 100_000, "Iterations of one inline Map that may be open at a time.",
            (limits, value) => limits with { MaxOpenIterations = value }),
    ];

    private const long BytesPerMiB = 1024 * 1024;

    /// <summary>Reads the options.</summary>
    public static EmbeddedOptions Read(Settings settings, string region, ServiceLimits limits)
    {
        var options = new EmbeddedOptions { Region = region };
        options = WithExecution(options, execution => execution with { MaxPayloadBytes = limits.MaxPayloadBytes });
        foreach (EmbeddedSetting setting in All)
        {
            if (ReadNumber(settings, setting.Key, setting.Minimum, setting.Maximum) is { } value)
            {
                options = setting.With(options, value);
            }
        }

        return ReadNumber(settings, MaxHistoryEventsKey, 1, int.MaxValue) is { } events
            ? WithExecution(options, execution => execution with { MaxHistoryEvents = events })
            : options;
    }

    private static int? ReadNumber(Settings settings, string key, int minimum, int maximum)
    {
        if (settings.Find(key) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new CommandFailure(
                ExitCode.InvalidConfiguration,
                string.Create(CultureInfo.InvariantCulture, $"{key} is \"{text}\", but has to be a whole number from {minimum} to {maximum}."));
    }

    private static EmbeddedSetting Storage(
        string name, int otherwise, int minimum, int maximum, string meaning, Func<StorageOptions, int, StorageOptions> with) =>
        new("Lockstep:Storage:" + name, otherwise, minimum, maximum, meaning, (options, value) => options with { Storage = with(options.Storage, value) });

    private static EmbeddedSetting Driver(
        string name, int otherwise, int minimum, int maximum, string meaning, Func<DriverOptions, int, DriverOptions> with) =>
        new("Lockstep:Driver:" + name, otherwise, minimum, maximum, meaning, (options, value) => options with { Driver = with(options.Driver, value) });

    private static EmbeddedSetting Execution(
        string name, int otherwise, int minimum, int maximum, string meaning, Func<ExecutionLimits, int, ExecutionLimits> with) =>
        new("Lockstep:Driver:" + name, otherwise, minimum, maximum, meaning, (options, value) => WithExecution(options, limits => with(limits, value)));

    private static EmbeddedOptions WithExecution(EmbeddedOptions options, Func<ExecutionLimits, ExecutionLimits> with) =>
        options with { Driver = options.Driver with { ExecutionLimits = with(options.Driver.ExecutionLimits) } };
}

/// <summary>One numeric setting of store or driver.</summary>
/// <param name="Key">Its configuration key.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited.</param>
/// <param name="With">Sets it.</param>
internal sealed record EmbeddedSetting(
    string Key, int Default, int Minimum, int Maximum, string Meaning, Func<EmbeddedOptions, int, EmbeddedOptions> With);
