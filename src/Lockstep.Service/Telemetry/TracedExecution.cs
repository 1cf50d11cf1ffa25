using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Telemetry;

/// <summary>What telemetry has to know of who an execution is; all that the ids of its spans follow from.</summary>
/// <param name="Key">The execution.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Incarnation">Counts executions that had the same ARN before.</param>
/// <param name="TraceParent">What it was handed of a trace (<see cref="TraceOrigin"/>); null when nothing.</param>
/// <param name="IsExpress">Whether it is an Express execution.</param>
public sealed record TracedExecution(ExecutionKey Key, string Arn, long Incarnation, string? TraceParent, bool IsExpress)
{
    /// <summary>The state machine's name, which an execution's id begins with.</summary>
    public string StateMachineName => NameIn(Key);

    /// <summary>What telemetry takes from an identity.</summary>
    public static TracedExecution Of(ExecutionKey key, ExecutionIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new TracedExecution(key, identity.ExecutionArn, identity.Incarnation, identity.TraceParent, identity.IsExpress);
    }

    /// <summary>The name of an execution's state machine.</summary>
    internal static string NameIn(ExecutionKey key)
    {
        int colon = key.Id.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? key.Id : key.Id[..colon];
    }
}
