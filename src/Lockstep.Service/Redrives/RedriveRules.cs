using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Redrives;

/// <summary>
/// The rules by which executions can be redriven (Step Functions, RedriveExecution): Standard ones that failed, timed out or were aborted, within a
/// period after their end, and so often at most.
/// </summary>
/// <param name="MaxRedrives">Redrives of one execution at most.</param>
/// <param name="Period">Time after the end within which it can be redriven.</param>
public sealed record RedriveRules(int MaxRedrives, TimeSpan Period)
{
    /// <summary>Why a child of a map run cannot be redriven by itself.</summary>
    public const string PartOfMapRun = "Execution is part of a map run, which redrives it when the execution of the Map state is redriven";

    /// <summary>How long a client token is remembered, as at AWS.</summary>
    public static TimeSpan TokenLife { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The rules that limits set.</summary>
    public static RedriveRules Of(ServiceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new RedriveRules(limits.MaxRedrives, TimeSpan.FromDays(limits.RedrivePeriodDays));
    }

    /// <summary>Whether an execution can be redriven.</summary>
    public RedriveVerdict Judge(ExecutionRecord execution, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(execution);
        if (execution.IsPartOfMapRun && execution.Status is not (ExecutionStatus.Running or ExecutionStatus.Succeeded))
        {
            return new RedriveVerdict(RedriveStatus.RedrivableByMapRun, null);
        }

        string? reason = execution.Type == WorkflowType.Express
            ? "Executions of Express state machines cannot be redriven"
            : ReasonAgainst(execution.Status, execution.StoppedAt, execution.RedriveCount, now);
        return new RedriveVerdict(reason is null ? RedriveStatus.Redrivable : RedriveStatus.NotRedrivable, reason);
    }

    /// <summary>Why an execution cannot be redriven; null when it can.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="stopped">When it ended; null while it runs.</param>
    /// <param name="redrives">How often it has been redriven.</param>
    /// <param name="now">The time.</param>
    public string? ReasonAgainst(ExecutionStatus status, DateTimeOffset? stopped, int redrives, DateTimeOffset now) => status switch
    {
        ExecutionStatus.Running or ExecutionStatus.Succeeded => $"Execution is {NestedExecutionReport.NameOf(status)} and cannot be redriven",
        _ when stopped + Period <= now => "Execution redrivable period exceeded",
        _ when redrives >= MaxRedrives => string.Create(CultureInfo.InvariantCulture, $"Execution redrive limit of {MaxRedrives} exceeded"),
        _ => null,
    };
}
