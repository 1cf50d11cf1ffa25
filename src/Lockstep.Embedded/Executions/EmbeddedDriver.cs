using System.Security.Cryptography;
using Lockstep.Embedded.Express;
using Lockstep.Embedded.StateMachines;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Executions;

/// <summary>The driver's front door: turns requests into mail, and answers once what the mail caused is durable.</summary>
internal sealed class EmbeddedDriver(DriverRuntime runtime, ExecutionNumbers numbers, ExpressRuns express) : IExecutionDriver
{
    private static readonly ServiceError _overloaded = new(
        ErrorCodes.Throttling, "The store has more writes waiting than it is allowed to (Lockstep:Storage:MaxWaitingWrites). Try again shortly.");

    /// <inheritdoc/>
    public async ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return _overloaded;
        }

        if (runtime.Machines.Find(request.Machine) is not { } revision)
        {
            return new ServiceError(ErrorCodes.StateMachineDoesNotExist, $"State machine '{request.Machine.Name}' does not exist.");
        }

        if (request.Machine.Type == WorkflowType.Express)
        {
            return await express.StartAsync(request, revision, NewIdentity(request));
        }

        ParentLink? parent = null;
        if (request.Parent is { } asked)
        {
            // A synchronous Express parent has no row: it dies with its call, so it never asks again and never waits.
            long? parentNumber = ExecutionRow.FindNumber(runtime.Store, asked.Execution);
            if (parentNumber is null && asked.Waits)
            {
                return new ServiceError(ErrorCodes.ExecutionDoesNotExist, $"The parent '{asked.Execution.Id}' does not exist.");
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
            ? await express.RunAsync(request, revision, NewIdentity(request), cancellation)
            : new ServiceError(ErrorCodes.StateMachineDoesNotExist, $"State machine '{request.Machine.Name}' does not exist.");

    /// <inheritdoc/>
    public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
    {
        if (runtime.Reader.Find(key) is not { } found)
        {
            return DoesNotExist(key);
        }

        if (found.Status != ExecutionStatus.Running)
        {
            return found;
        }

        if (found.Type == WorkflowType.Express)
        {
            return new ServiceError(ErrorCodes.StateMachineTypeNotSupported, "An Express execution cannot be stopped; it ends by itself within its time limit.");
        }

        MailAnswer answer = await SendAsync(key, ack => new StopMail(error, cause) { Ack = ack });
        return answer == MailAnswer.Quarantined ? Quarantined(key)
            : runtime.Reader.Find(key) is { } stopped ? stopped
            : DoesNotExist(key);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return _overloaded;
        }

        MailAnswer answer = await SendAsync(task.Execution, ack => new ReportMail(task.Task, task.Incarnation, report) { Ack = ack });
        return answer switch
        {
            MailAnswer.Accepted => default(Accepted),
            MailAnswer.Quarantined => Quarantined(task.Execution),
            MailAnswer.TaskUnknown => new ServiceError(ErrorCodes.TaskDoesNotExist, "The task that the token names does not exist."),
            _ => new ServiceError(ErrorCodes.TaskTimedOut, "The task that the token names no longer waits: it has timed out, ended or been given up."),
        };
    }

    private static ServiceError DoesNotExist(ExecutionKey key) =>
        new(ErrorCodes.ExecutionDoesNotExist, $"Execution '{key.Id}' does not exist.");

    private static ServiceError Quarantined(ExecutionKey key) => new(
        ErrorCodes.Conflict, $"Execution '{key.Id}' is quarantined: its journal and the interpreter disagree. The operator's log says where.");

    private async ValueTask<Result<StartOutcome>> StartStandardAsync(StartRequest request, MachineRevision revision, ParentLink? parent)
    {
        ExecutionIdentity identity = NewIdentity(request);
        DateTimeOffset now = runtime.Time.GetUtcNow();
        var header = new ExecutionHeader(numbers.Next(), revision.TenantNumber, request.Key, revision, parent);
        var live = new LiveExecution(
            runtime, header, ExecutionState.Initial, new SnapshotLedger(runtime.Options.MinSnapshotBytes, 0, 0), transitions: 0, storedAsParked: false);
        var ack = new TaskCompletionSource<MailAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = new ExecutionActor(runtime, live);
        runtime.Directory.Add(actor);
        actor.TryPost(
            new BeginMail(new Started(now, identity, request.Input, runtime.Options.ExecutionLimits)) { Ack = ack }, inline: true);
        return await ack.Task switch
        {
            MailAnswer.Accepted => new StartOutcome(NewRecord(request, revision, now), Created: true),
            MailAnswer.Duplicate => Existing(request, parent),
            _ => Quarantined(request.Key),
        };
    }

    /// <summary>The name is taken. The same input while it runs is the same request again (Step Functions, StartExecution).</summary>
    private Result<StartOutcome> Existing(StartRequest request, ParentLink? parent)
    {
        if (parent is not null && runtime.Reader.FindChild(parent.Execution, parent.Task) is { } child)
        {
            return new StartOutcome(child, Created: false);
        }

        ExecutionRecord? existing = runtime.Reader.Find(request.Key);
        bool same = existing is { Status: ExecutionStatus.Running, Input: not null }
            && Json.JsonValue.Parse(existing.Input).Equals(request.Input);
        return existing is not null && same
            ? new StartOutcome(existing, Created: false)
            : new ServiceError(ErrorCodes.ExecutionAlreadyExists, $"Execution '{request.Key.Id}' already exists.");
    }

    private static ExecutionRecord NewRecord(StartRequest request, MachineRevision revision, DateTimeOffset startedAt) => new()
    {
        Key = request.Key,
        Arn = request.ExecutionArn,
        Name = request.Name,
        StateMachineName = revision.Record.Name,
        StateMachineArn = request.StateMachineArn,
        RevisionId = revision.Record.RevisionId,
        Type = revision.Record.Type,
        Status = ExecutionStatus.Running,
        StartedAt = startedAt,
    };

    private ExecutionIdentity NewIdentity(StartRequest request) => new(
        request.ExecutionArn,
        request.Name,
        request.StateMachineArn,
        request.Machine.Name,
        request.Machine.RoleArn,
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        Incarnation: 1,
        runtime.Tokens.CurrentKeyId,
        Interpreter.CurrentRevision);

    private async ValueTask<MailAnswer> SendAsync(ExecutionKey key, Func<TaskCompletionSource<MailAnswer>, Mail> compose)
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
