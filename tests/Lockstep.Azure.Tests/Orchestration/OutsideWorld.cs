using System.Collections.Immutable;
using Lockstep.Asl.Resources;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>
/// Everything that an orchestration talks to: targets that answer as a script says, workers and token holders who report a little later, and the
/// follow-ups of appends. Outcomes that wait to be reported are <see cref="Reports"/>.
/// </summary>
internal sealed class OutsideWorld(TimeProvider time) : ITaskTargets, ITaskTarget, IExecutionFollowUps
{
    private readonly HashSet<CommandId> _promised = [];

    /// <summary>The outcome of a call, or of a task that is reported; null for none.</summary>
    public Func<TaskInvocation, Stimulus?> Script { get; set; } = call => new TaskSucceeded(default, call.Task, call.Parameters);

    /// <summary>Holds calls back until it completes; null for none.</summary>
    public Func<TaskInvocation, Task?> Hold { get; set; } = _ => null;

    /// <summary>Outcomes that somebody is about to report, in order.</summary>
    public Queue<Stimulus> Reports { get; } = new();

    /// <summary>Every call, with its idempotency key.</summary>
    public List<TaskInvocation> Calls { get; } = [];

    /// <summary>Executions that have ended, once for each time that it was said.</summary>
    public List<ExecutionKey> Ended { get; } = [];

    /// <summary>Tasks that were given up, once for each time that it was said.</summary>
    public List<CommandId> GivenUp { get; } = [];

    public ITaskTarget? Find(TaskResource resource) => this;

    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        Calls.Add(invocation);
        if (Hold(invocation) is { } held)
        {
            await held.WaitAsync(cancellation);
        }

        if (invocation.Resource.Pattern != IntegrationPattern.RequestResponse)
        {
            Promise(invocation);
            return new TaskAnswered(JsonObject.Empty);
        }

        return Script(invocation) switch
        {
            TaskSucceeded succeeded => new TaskAnswered(succeeded.Output),
            TaskFailed failed => new TaskRefused(failed.Error, failed.Cause, failed.Stage),
            _ => throw new InvalidOperationException("A call needs an outcome."),
        };
    }

    public ValueTask OpenedAsync(ExecutionKey key, string instanceId, ImmutableArray<OpenTaskRow> opened, CancellationToken cancellation)
    {
        foreach (OpenTaskRow row in opened.Where(row => row.Invocation is not null))
        {
            InvokeTask command = InvocationCodec.Read((row.Invocation ?? default).Span);
            if (row.Kind == OpenTaskKind.Activity && !_promised.Contains(row.Task))
            {
                Reports.Enqueue(new ActivityTaken(time.GetUtcNow(), row.Task, "worker"));
            }

            Promise(new TaskInvocation(
                key.Tenant, key, row.Task, command.Resource, command.Parameters, command.Attempt, "", command.TaskToken));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask GivenUpAsync(ExecutionKey key, ImmutableArray<CommandId> tasks, CancellationToken cancellation)
    {
        GivenUp.AddRange(tasks);
        return ValueTask.CompletedTask;
    }

    public ValueTask EndedAsync(ExecutionKey key, CancellationToken cancellation)
    {
        Ended.Add(key);
        return ValueTask.CompletedTask;
    }

    private void Promise(TaskInvocation invocation)
    {
        if (_promised.Add(invocation.Task) && Script(invocation) is { } outcome)
        {
            Reports.Enqueue(outcome with { Time = time.GetUtcNow() });
        }
    }
}
