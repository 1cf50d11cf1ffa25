using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration;

/// <summary>
/// What has to follow once a batch is durable. Called by the activity that has appended it, before it answers, so it happens at least once; every
/// method may be repeated. A method that throws lets the activity be repeated.
/// </summary>
public interface IExecutionFollowUps
{
    /// <summary>
    /// Tasks wait for reports now: offers those of activities to workers (and reports the failure of one whose activity does not exist) and puts queued
    /// ones on the queue <c>tasks</c>. Those that wait for a callback or a child need nothing: the orchestration submits them itself.
    /// </summary>
    ValueTask OpenedAsync(ExecutionKey key, string instanceId, ImmutableArray<OpenTaskRow> opened, CancellationToken cancellation);

    /// <summary>Tasks are given up: takes offers back, stops the children that they have started.</summary>
    ValueTask GivenUpAsync(ExecutionKey key, ImmutableArray<CommandId> tasks, CancellationToken cancellation);

    /// <summary>The execution has ended: publishes the event, tells the parent, stops children, and tidies up what it leaves.</summary>
    ValueTask EndedAsync(ExecutionKey key, CancellationToken cancellation);
}
