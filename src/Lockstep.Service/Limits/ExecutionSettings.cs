using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Limits;

/// <summary>
/// Reads the limits that new executions get for life, in both ways of running. A value outside its range is refused with its key, never replaced.
/// docs/operations.md lists them, which a test compares.
/// </summary>
public static class ExecutionSettings
{
    /// <summary>Every limit, in the order of the documentation.</summary>
    public static ImmutableArray<ExecutionSetting> All { get; } =
    [
        new("MaxHistoryEvents", null, 1, int.MaxValue, "Events that a history may have before the execution fails; without a value there is no limit. AWS has 25,000.",
            (limits, value) => limits with { MaxHistoryEvents = value }),
        new("MaxTransitionsPerTurn", 1_000, 1, 1_000_000, "Transitions that one turn may make before other executions have theirs.",
            (limits, value) => limits with { MaxTransitionsPerTurn = value }),
        new("MaxBytesPerTurn", 4_194_304, 1_024, 1_073_741_824, "Bytes of new payload that one turn may write into history.",
            (limits, value) => limits with { MaxBytesPerTurn = value }),
        new("MaxCommandsPerTurn", 1_000, 1, 1_000_000, "Calls, timers and the like that one turn may issue.",
            (limits, value) => limits with { MaxCommandsPerTurn = value }),
        new("MaxOpenIterations", 40, 1, 100_000, "Iterations of one inline Map that may be open at a time, whatever its MaxConcurrency says.",
            (limits, value) => limits with { MaxOpenIterations = value }),
    ];

    /// <summary>Reads the limits. Fails with <see cref="ErrorCodes.Validation"/> on everything that is wrong, a line each.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    /// <param name="limits">What holds without configuration (<see cref="ServiceLimits.ForExecutions"/>).</param>
    public static Result<ExecutionLimits> Read(Func<string, string?> configuration, ExecutionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(limits);
        List<string> problems = [];
        foreach (ExecutionSetting setting in All)
        {
            if (configuration(setting.Key) is not { } text)
            {
                continue;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= setting.Minimum && value <= setting.Maximum)
            {
                limits = setting.With(limits, value);
            }
            else
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{setting.Key} is \"{text}\", but has to be a whole number from {setting.Minimum} to {setting.Maximum}."));
            }
        }

        return problems.Count == 0 ? limits : new ServiceError(ErrorCodes.Validation, string.Join('\n', problems));
    }
}

/// <summary>One limit of executions.</summary>
/// <param name="Name">The last part of its key.</param>
/// <param name="Default">The value without configuration; null when there is then no limit.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited.</param>
/// <param name="With">Sets it.</param>
public sealed record ExecutionSetting(
    string Name, int? Default, int Minimum, int Maximum, string Meaning, Func<ExecutionLimits, int, ExecutionLimits> With)
{
    /// <summary>The configuration key.</summary>
    public string Key => "Lockstep:Execution:" + Name;
}
