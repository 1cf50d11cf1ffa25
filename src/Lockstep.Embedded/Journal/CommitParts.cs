using System.Buffers;
using Lockstep.Embedded.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Journal;

/// <summary>The row that begins an execution.</summary>
internal sealed record StartRow(
    string Id,
    long MachineNumber,
    long RevisionNumber,
    WorkflowType Type,
    DateTimeOffset StartedAt,
    ParentLink? Parent,
    ExecutionPart Part,
    long? Version,
    string? Alias);

/// <summary>A redrive of an execution that had ended.</summary>
internal sealed record Reopening(int Redrives, DateTimeOffset Time, RevisionChange? Revision)
{
    /// <summary>The task that waits for it from now on, of an execution that has to be running; null of what is redriven by itself.</summary>
    public ParentLink? Parent { get; init; }
}

/// <summary>Another revision that an execution runs from now on, and the version that names it, if one was asked for.</summary>
internal sealed record RevisionChange(long RevisionNumber, long? Version);

/// <summary>How an execution ended, and what of it can be cleared away.</summary>
internal sealed record ExecutionEnd(
    ExecutionStatus Status, DateTimeOffset Time, long Transitions, bool HasSnapshot, bool HasActivities, ParentLink? Parent);

/// <summary>The whole state after a turn, and the heartbeats that were watched then.</summary>
internal sealed record Snapshot(long Turn, long LastEvent, long Transitions, byte[] State, byte[] Heartbeats)
{
    /// <summary>A state written down.</summary>
    /// <param name="state">The state.</param>
    /// <param name="transitions">Transitions so far.</param>
    /// <param name="heartbeats">Heartbeats that are watched.</param>
    public static Snapshot Of(ExecutionState state, long transitions, IReadOnlyCollection<Heartbeat> heartbeats)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        StateCodec.Write(bytes, state);
        return new Snapshot(state.Turn, state.LastEventId, transitions, bytes.WrittenSpan.ToArray(), HeartbeatFormat.Write(heartbeats));
    }
}

/// <summary>A task that waits for a worker of an activity.</summary>
internal readonly record struct ActivityOffer(string Activity, CommandId Task);

/// <summary>A status that an execution took on, to be published.</summary>
internal readonly record struct StatusChange(ExecutionStatus Status, DateTimeOffset Time, long LastEvent, int Redrives);
