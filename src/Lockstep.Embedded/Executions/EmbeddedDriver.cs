using System.Diagnostics;
using Lockstep.Embedded.Express;
using Lockstep.Embedded.StateMachines;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Executions;

/// <summary>The driver's front door: turns requests into mail, and answers once what the mail caused is durable.</summary>
internal sealed class EmbeddedDriver(DriverRuntime runtime, ExecutionNumbers numbers, ExpressRuns express) : IExecutionDriver
{
    /// <summary>The failure of a write that the store has no room for now.</summary>
    public static ServiceError Overloaded { get; } = new(
        ErrorCodes.Throttling, "The store has more writes waiting than it is allowed to (Lockstep:Storage:MaxWaitingWrites). Try again shortly.");

    /// <inheritdoc/>
    public async ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return Overloaded;
        }

        if (runtime.Machines.Find(request.Machine) is not { } revision)
        {
            return DriverErrors.NoStateMachine(request.Machine.Name);
        }

        if (request.Machine.Type == WorkflowType.Express)
        {
            return await express.StartAsync(request, revision, request.NewIdentity(runtime.Tokens.CurrentKeyId));
        }

        ParentLink? parent = null;
        if (request.Parent is { } asked)
        {
            // A synchronous Express parent has no row: it dies with its call, so it never asks again and never waits.
            long? parentNumber = ExecutionRow.FindNumber(runtime.Store, asked.Execution);
            if (parentNumber is null && asked.Waits)
            {
                return DriverErrors.NoParent(asked.Execution);
            }

            parent = parentNumber is long number ? new ParentLink(number, asked.Task, asked.Waits) : null;
            if (parent is not null && runtime.Reader.FindChild(parent.Execution, asked.Task) is { } child)
            {
                // The task started it before a crash.
                return new StartOutcome(child, Created: false);
            }
        }

        return await StartStandardAsync(request, revision, parent);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation) =>
        runtime.Machines.Find(request.Machine) is { } revision
            ? await express.RunAsync(request, revision, request.NewIdentity(runtime.Tokens.CurrentKeyId), cancellation)
            : DriverErrors.NoStateMachine(request.Machine.Name);

    /// <inheritdoc/>
    public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
    {
        if (runtime.Reader.Find(key) is not { } found)
        {
            return DriverErrors.NoExecution(key);
        }

        if (found.Status != ExecutionStatus.Running)
        {
            return found;
        }

        if (found.Type == WorkflowType.Express)
        {
            return DriverErrors.ExpressStop;
        }

        MailAnswer answer = await SendAsync(key, ack => new StopMail(error, cause) { Ack = ack });
        return answer == MailAnswer.Quarantined ? DriverErrors.Quarantined(key)
            : runtime.Reader.Find(key) is { } stopped ? stopped
            : DriverErrors.NoExecution(key);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return Overloaded;
        }

        MachineRevision? revision = null;
        if (request.Revision is not null && (revision = runtime.Machines.Find(request.Revision)) is null)
        {
            return DriverErrors.NoStateMachine(request.Revision.Name);
        }

        while (true)
        {
            RedriveMail? mail = null;
            MailAnswer answer = await SendAsync(request.Key, ack => mail = new RedriveMail(request, revision) { Ack = ack });
            if (answer == MailAnswer.Ended && runtime.Reader.Find(request.Key) is { Type: WorkflowType.Standard })
            {
                // It ended while the mail lay before it; the next one finds it ended.
                continue;
            }

            return answer == MailAnswer.Quarantined ? DriverErrors.Quarantined(request.Key)
                : mail?.Decision is not { } decision || runtime.Reader.Find(request.Key) is not { } execution ? DriverErrors.NoExecution(request.Key)
                : decision.Error is { } refused ? refused
                : new RedriveOutcome(execution, decision.RepeatedAt ?? decision.Stimulus?.Time ?? throw new UnreachableException(), decision.Stimulus is not null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return Overloaded;
        }

        MailAnswer answer = await SendAsync(task.Execution, ack => new ReportMail(task.Task, task.Incarnation, report) { Ack = ack });
        return answer switch
        {
            MailAnswer.Accepted => default(Accepted),
            MailAnswer.Quarantined => DriverErrors.Quarantined(task.Execution),
            MailAnswer.TaskUnknown => DriverErrors.UnknownTask,
            _ => DriverErrors.TaskGone,
        };
    }

    /// <summary>Starts a map run or a child of one.</summary>
    public ValueTask<Result<StartOutcome>> StartPartAsync(StartRequest request, WorkflowType type, MachineRevision revision, ParentLink parent) =>
        type == WorkflowType.Express
            ? express.StartAsync(request, revision, request.NewIdentity(runtime.Tokens.CurrentKeyId), parent)
            : StartStandardAsync(request, revision, parent);

    private async ValueTask<Result<StartOutcome>> StartStandardAsync(StartRequest request, MachineRevision revision, ParentLink? parent)
    {
        ExecutionIdentity identity = request.NewIdentity(runtime.Tokens.CurrentKeyId);
        DateTimeOffset now = runtime.Time.GetUtcNow();
        var header = new ExecutionHeader(numbers.Next(), revision.TenantNumber, request.Key, revision, parent)
        {
            Part = request.Part,
            Version = request.Version,
            Alias = request.Alias,
        };
        var live = new LiveExecution(
            runtime, header, ExecutionState.Initial, new SnapshotLedger(runtime.Options.MinSnapshotBytes, 0, 0), transitions: 0, storedAsParked: false);
        var ack = new TaskCompletionSource<MailAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = new ExecutionActor(runtime, live);
        runtime.Directory.Add(actor);
        actor.TryPost(
            new BeginMail(new Started(now, identity, request.Input, runtime.Options.ExecutionLimits)) { Ack = ack }, inline: true);
        return await ack.Task switch
        {
            MailAnswer.Accepted => new StartOutcome(request.NewRecord(now), Created: true),
            MailAnswer.Duplicate => Existing(request, parent),
            _ => DriverErrors.Quarantined(request.Key),
        };
    }

    /// <summary>The name is taken, or the parent's task has its child or does not wait for one any more.</summary>
    private Result<StartOutcome> Existing(StartRequest request, ParentLink? parent)
    {
        if (parent is not null && runtime.Reader.FindChild(parent.Execution, parent.Task) is { } child)
        {
            return new StartOutcome(child, Created: false);
        }

        ExecutionRecord? existing = runtime.Reader.Find(request.Key);
        return existing is null && parent is not null && request.Parent is { } asked ? DriverErrors.NotWaitedFor(asked.Execution) : request.AnswerTo(existing);
    }

    /// <summary>Sends a mail, and waits until what it caused is durable.</summary>
    public async ValueTask<MailAnswer> SendAsync(ExecutionKey key, Func<TaskCompletionSource<MailAnswer>, Mail> compose)
    {
        if (ExecutionRow.FindNumber(runtime.Store, key) is not long number)
        {
            return MailAnswer.TaskUnknown;
        }

        var ack = new TaskCompletionSource<MailAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        runtime.Post(number, compose(ack), inline: true);
        return await ack.Task;
    }
}
