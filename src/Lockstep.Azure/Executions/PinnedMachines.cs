using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Executions;

/// <summary>The machine whose revision an execution pins: of a part of a map run, which shows the label behind it, the machine without.</summary>
internal static class PinnedMachines
{
    /// <summary>The name of the machine.</summary>
    public static string NameOf(ExecutionRecord execution) => execution.StateMachineName.Split('/')[0];

    /// <summary>Whether an execution is a map run or a child of one: its id shows a label behind the machine.</summary>
    public static bool IsPart(ExecutionKey key) => key.Id.AsSpan(0, key.Id.IndexOf(':', StringComparison.Ordinal)).Contains('/');

    /// <summary>The revision; null when it is gone.</summary>
    public static ValueTask<StateMachineRecord?> FindPinnedAsync(
        this IStateMachineStore machines, ExecutionRecord execution, CancellationToken cancellation) =>
        machines.FindRevisionAsync(execution.Key.Tenant, NameOf(execution), execution.RevisionId, cancellation);
}
