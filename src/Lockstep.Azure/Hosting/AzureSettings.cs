using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;

namespace Lockstep.Azure.Hosting;

/// <summary>One number that can be set.</summary>
/// <param name="Name">The last part of its key.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited, and in which unit.</param>
/// <param name="With">Sets it.</param>
public sealed record AzureLimit(string Name, int Default, int Minimum, int Maximum, string Meaning, Func<AzureOptions, int, AzureOptions> With)
{
    /// <summary>The configuration key.</summary>
    public string Key => "Lockstep:Azure:" + Name;
}

/// <summary>
/// Reads <see cref="AzureOptions"/> from a configuration. A value that cannot be used is refused with its key, never replaced; everything that is
/// wrong is said at once, as each attempt on Azure is a deployment.
/// </summary>
public static class AzureSettings
{
    private const string RegionKey = "Lockstep:Region";
    private const int MaxRegionLength = 64;

    /// <summary>Every number, in the order of the documentation.</summary>
    public static ImmutableArray<AzureLimit> Limits { get; } =
    [
        new("SyncAnswerSeconds", 200, 1, 225, "Seconds after which a synchronous start answers 202 and the execution goes on; the platform ends a call after 230.",
            (options, value) => options with { Driver = options.Driver with { SyncAnswer = Seconds(value) } }),
        new("StopWaitSeconds", 20, 0, 200, "Seconds that a stop waits for the end before it answers all the same.",
            (options, value) => options with { Driver = options.Driver with { StopWait = Seconds(value) } }),
        new("SweepAfterSeconds", 60, 1, 3_600, "Seconds after which the sweep looks at what was begun and not finished.",
            (options, value) => options with { Driver = options.Driver with { SweepAfter = Seconds(value) } }),
        new("ExpressTimeoutSeconds", 300, 1, 3_600, "Longest run of an Express execution, in seconds.",
            (options, value) => options with { Driver = options.Driver with { ExpressTimeout = Seconds(value) } }),
        new("MaxSyncExecutions", 200, 1, 100_000, "Synchronous Express executions of one worker at a time.",
            (options, value) => options with { Driver = options.Driver with { MaxSyncExecutions = value } }),
        new("MaxConcurrentEffects", 200, 1, 100_000, "Calls of Express executions of one worker under way at a time.",
            (options, value) => options with { MaxConcurrentEffects = value }),
        new("MaxConcurrentEffectsPerTenant", 100, 1, 100_000, "Calls of Express executions of one tenant and worker under way at a time.",
            (options, value) => options with { MaxConcurrentEffectsPerTenant = value }),
        new("MaxCompiledMachines", 1_000, 1, 1_000_000, "Compiled definitions that a worker keeps.",
            (options, value) => options with { MaxCompiledMachines = value }),
        new("AwaitedTaskSeconds", 60, 1, 600, "Longest call, in seconds, that an orchestration awaits as an activity.",
            (options, value) => options with { Orchestration = options.Orchestration with { AwaitedTaskSeconds = value } }),
        new("MaxActivitiesAtOnce", 20, 1, 1_000, "Calls that an orchestration awaits one by one; more are called in batches.",
            (options, value) => options with { Orchestration = options.Orchestration with { MaxActivitiesAtOnce = value } }),
        new("MaxBatchCalls", 50, 1, 500, "Calls in one batch.",
            (options, value) => options with { Orchestration = options.Orchestration with { MaxBatchCalls = value } }),
        new("RolloverActions", 200, 10, 10_000, "Activities, timers, batches and wakes after which an orchestration continues as new.",
            (options, value) => options with { Orchestration = options.Orchestration with { RolloverActions = value } }),
        new("RolloverSteps", 10_000, 100, 1_000_000, "Turns and transitions after which an orchestration continues as new.",
            (options, value) => options with { Orchestration = options.Orchestration with { RolloverSteps = value } }),
        new("MaxBackoffSeconds", 300, 1, 3_600, "Longest pause, in seconds, before an activity that failed is tried again.",
            (options, value) => options with { Orchestration = options.Orchestration with { MaxBackoffSeconds = value } }),
        new("StorageAttempts", 12, 1, 100, "Attempts of one operation of a store.",
            (options, value) => options with { Storage = options.Storage with { MaxAttempts = value } }),
        new("SweepIntents", 100, 1, 1_000, "Intents of each of 16 partitions that one step of the sweep looks at.",
            (options, value) => options with { Sweep = options.Sweep with { MaxIntents = value } }),
        new("RecoveryRows", 100, 1, 1_000, "Running executions, and lists of them, that one step of the recovery looks at.",
            (options, value) => options with { Recovery = options.Recovery with { MaxRows = value } }),
        new("RecoveryRoundSeconds", 300, 30, 86_400, "Seconds at least from one round of the recovery over all running executions to the next.",
            (options, value) => options with { Recovery = options.Recovery with { RoundPause = Seconds(value) } }),
    ];

    /// <summary>Reads the options; fails with everything that is wrong, a line each.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    public static Result<AzureOptions> Read(Func<string, string?> configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        List<string> problems = [];
        string region = configuration(RegionKey) ?? "local";
        if (region.Length is 0 or > MaxRegionLength || region.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            problems.Add($"{RegionKey} has to consist of 1 to {MaxRegionLength} letters, digits and hyphens.");
        }

        ServiceLimits limits = ReadLimits(configuration, problems);
        Result<ExecutionLimits> execution = ExecutionSettings.Read(configuration, limits.ForExecutions());
        if (!execution.Succeeded)
        {
            problems.Add(execution.Error.Message);
        }

        var options = new AzureOptions
        {
            Region = region,
            Limits = limits,
            ExecutionLimits = execution.Succeeded ? execution.Value : ExecutionLimits.Default,
        };
        foreach (AzureLimit limit in Limits)
        {
            if (configuration(limit.Key) is not { } text)
            {
                continue;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= limit.Minimum && value <= limit.Maximum)
            {
                options = limit.With(options, value);
            }
            else
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{limit.Key} is \"{text}\", but has to be a whole number from {limit.Minimum} to {limit.Maximum}."));
            }
        }

        return problems.Count == 0 ? options : new ServiceError(ErrorCodes.Validation, string.Join('\n', problems));
    }

    /// <summary>Asks again without what was refused, until nothing is.</summary>
    private static ServiceLimits ReadLimits(Func<string, string?> configuration, List<string> problems)
    {
        HashSet<string> refused = new(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            Result<ServiceLimits> read = ServiceLimits.Read(key => refused.Contains(key) ? null : configuration(key));
            if (read.Succeeded)
            {
                return read.Value;
            }

            problems.Add(read.Error.Message);
            if (read.Error.Target is not { } key || !refused.Add(key))
            {
                return ServiceLimits.Default;
            }
        }
    }

    private static TimeSpan Seconds(int value) => TimeSpan.FromSeconds(value);
}
