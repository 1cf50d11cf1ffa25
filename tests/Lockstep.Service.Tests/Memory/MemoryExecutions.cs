using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>
/// A driver without durability: the real interpreter, everything in memory, one lock. Tasks wait until somebody reports on them;
/// timers wait for ever.
/// </summary>
internal sealed class MemoryExecutions(
    DefinitionCompiler compiler, ITaskTokens tokens, MemoryActivityStore activities, ExecutionChangeHub changes, TimeProvider time)
    : IExecutionDriver, IExecutionReader, IExecutionEventReader
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ExecutionKey, Running> _executions = [];
    private readonly List<ExecutionEvent> _events = [];

    /// <summary>The last request that started an execution.</summary>
    public StartRequest? LastStart { get; private set; }

    /// <summary>The last request that redrove an execution.</summary>
    public RedriveRequest? LastRedrive { get; private set; }

    public ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_executions.TryGetValue(request.Key, out Running? existing))
            {
                bool same = existing.Record.Status == ExecutionStatus.Running && existing.Record.Input == request.Input.ToString();
                return new(same
                    ? new StartOutcome(existing.Record, Created: false)
                    : new ServiceError(ErrorCodes.ExecutionAlreadyExists, "The name is taken."));
            }

            return new(new StartOutcome(Begin(request).Record, Created: true));
        }
    }

    public ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Begin(request).Record);
        }
    }

    public ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_executions.TryGetValue(key, out Running? running))
            {
                return new(ExecutionIds.DoesNotExist());
            }

            if (running.Record.Status == ExecutionStatus.Running)
            {
                Take(running, new StopRequested(time.GetUtcNow(), error, cause));
            }

            return new(running.Record);
        }
    }

    public ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            LastRedrive = request;
            if (!_executions.TryGetValue(request.Key, out Running? running))
            {
                return new(ExecutionIds.DoesNotExist());
            }

            CompiledMachine? other = request.Revision is null ? null : compiler.Compile(request.Revision.Definition, request.Revision.Type).Machine;
            var decision = RedriveDecision.Of(running.State, running.Machine, request, other, time.GetUtcNow());
            if (decision.Stimulus is { } redriven)
            {
                running.Machine = other ?? running.Machine;
                running.Record = running.Record with
                {
                    Status = ExecutionStatus.Running,
                    StoppedAt = null,
                    RedriveCount = running.Record.RedriveCount + 1,
                    RedrivenAt = redriven.Time,
                    RevisionId = redriven.Definition?.RevisionId ?? running.Record.RevisionId,
                };
                Announce(running.Record);
                Take(running, redriven);
            }

            return new(decision.Error is { } refused
                ? refused
                : new RedriveOutcome(running.Record, running.State.RedriveTime ?? default, Created: decision.Stimulus is not null));
        }
    }

    public ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_executions.TryGetValue(task.Execution, out Running? running))
            {
                return new(new ServiceError(ErrorCodes.TaskDoesNotExist, "There is no such task."));
            }

            if (running.State.FindTask(task.Task) is null)
            {
                return new(new ServiceError(ErrorCodes.TaskTimedOut, "The task no longer waits."));
            }

            switch (report)
            {
                case TaskSuccessReport success:
                    Take(running, new TaskSucceeded(time.GetUtcNow(), task.Task, success.Output));
                    break;
                case TaskFailureReport failure:
                    Take(running, new TaskFailed(time.GetUtcNow(), task.Task, failure.Error, failure.Cause));
                    break;
                default:
                    break;
            }

            return new(default(Accepted));
        }
    }

    public ValueTask<ExecutionRecord?> FindAsync(ExecutionKey key, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_executions.GetValueOrDefault(key)?.Record);
        }
    }

    public ValueTask<Page<ExecutionRecord>> ListAsync(
        TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ExecutionRecord[] all =
            [
                .. _executions.Values.Where(running => running.Record.Key.Tenant == tenant)
                    .Where(running => filter.StateMachineName is null || running.Record.StateMachineName == filter.StateMachineName)
                    .Where(running => filter.Version is null || running.Record.Version == filter.Version)
                    .Where(running => filter.Alias is null || running.Record.Alias == filter.Alias)
                    .Where(running => filter.Status is null || running.Record.Status == filter.Status)
                    .OrderByDescending(running => running.Ordinal)
                    .Where(running => page.Cursor is null || running.Ordinal < int.Parse(page.Cursor, CultureInfo.InvariantCulture))
                    .Select(running => running.Record with { Input = null, Output = null }),
            ];
            ExecutionRecord[] taken = [.. all.Take(page.MaxItems)];
            string? next = all.Length > taken.Length ? _executions[taken[^1].Key].Ordinal.ToString(CultureInfo.InvariantCulture) : null;
            return new(new Page<ExecutionRecord>(taken, next));
        }
    }

    public ValueTask<Page<HistoryEvent>?> ReadHistoryAsync(
        ExecutionKey key, bool reverse, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_executions.TryGetValue(key, out Running? running))
            {
                return new((Page<HistoryEvent>?)null);
            }

            long? seen = page.Cursor is null ? null : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
            IEnumerable<HistoryEvent> all = reverse
                ? running.History.AsEnumerable().Reverse().Where(entry => seen is null || entry.Id < seen)
                : running.History.Where(entry => seen is null || entry.Id > seen);
            HistoryEvent[] rest = [.. all];
            HistoryEvent[] taken = [.. rest.Take(page.MaxItems)];
            return new(new Page<HistoryEvent>(
                taken, rest.Length > taken.Length ? taken[^1].Id.ToString(CultureInfo.InvariantCulture) : null));
        }
    }

    public ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_executions.Values.LongCount(running =>
                running.Record.Key.Tenant == tenant && running.Record.Status == ExecutionStatus.Running));
        }
    }

    public ValueTask<Page<ExecutionEvent>> ReadAsync(TenantId tenant, long afterSequence, int maxItems, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ExecutionEvent[] rest = [.. _events.Where(entry => entry.Execution.Key.Tenant == tenant && entry.Sequence > afterSequence)];
            ExecutionEvent[] taken = [.. rest.Take(maxItems)];
            return new(new Page<ExecutionEvent>(
                taken, rest.Length > taken.Length ? taken[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null));
        }
    }

    /// <summary>Tokens of the callbacks that an execution waits for.</summary>
    public IReadOnlyList<string> WaitingTokens(ExecutionKey key)
    {
        lock (_gate)
        {
            return [.. _executions[key].Tokens];
        }
    }

    private Running Begin(StartRequest request)
    {
        LastStart = request;
        StateMachineRecord machine = request.Machine;
        DateTimeOffset now = time.GetUtcNow();
        CompiledMachine compiled = compiler.Compile(machine.Definition, machine.Type).Machine
            ?? throw new InvalidOperationException("A stored definition compiles.");
        var record = new ExecutionRecord
        {
            Key = request.Key,
            Arn = request.ExecutionArn,
            Name = request.Name,
            StateMachineName = machine.Name,
            StateMachineArn = request.StateMachineArn,
            Version = request.Version,
            Alias = request.Alias,
            RevisionId = machine.RevisionId,
            Type = machine.Type,
            Status = ExecutionStatus.Running,
            StartedAt = now,
            Input = request.Input.ToString(),
        };
        var running = new Running(compiled, record, _executions.Count);
        _executions.Add(request.Key, running);
        Announce(record);
        var identity = new ExecutionIdentity(
            request.ExecutionArn, request.Name, request.StateMachineArn, machine.Name, machine.RoleArn, 1, 0, tokens.CurrentKeyId, Interpreter.CurrentRevision);
        Take(running, new Started(now, identity, request.Input, ExecutionLimits.Default));
        return running;
    }

    private void Take(Running running, Stimulus first)
    {
        var stimuli = new Queue<Stimulus>([first]);
        while (stimuli.TryDequeue(out Stimulus? stimulus))
        {
            Decision decision = Interpreter.Decide(running.Machine, running.State, stimulus, tokens);
            running.State = decision.Next;
            running.History.AddRange(decision.Events);
            foreach (Command command in decision.Commands)
            {
                CarryOut(running, command, stimuli);
            }
        }

        changes.Publish(running.Record.Key, running.State.LastEventId);
    }

    private void CarryOut(Running running, Command command, Queue<Stimulus> stimuli)
    {
        switch (command)
        {
            case Continue:
                stimuli.Enqueue(new Continued(time.GetUtcNow()));
                break;
            case InvokeTask { Resource.Kind: ResourceKind.Activity, TaskToken: { } token } task:
                activities.Add(running.Record.Key.Tenant, task.Resource.Action, new ActivityTask(token, task.Parameters.ToString()));
                break;
            case InvokeTask { Resource.Pattern: IntegrationPattern.WaitForTaskToken, TaskToken: { } token } task:
                running.Tokens.Add(token);
                stimuli.Enqueue(new TaskSubmitted(time.GetUtcNow(), task.Id, JsonObject.Empty));
                break;
            case Finish finish:
                running.Record = running.Record with
                {
                    Status = finish.Status,
                    StoppedAt = time.GetUtcNow(),
                    Output = finish.Output?.ToString(),
                    Error = finish.Error,
                    Cause = finish.Cause,
                };
                Announce(running.Record);
                break;
            default:
                break;
        }
    }

    private void Announce(ExecutionRecord record) =>
        _events.Add(new ExecutionEvent(_events.Count(entry => entry.Execution.Key.Tenant == record.Key.Tenant) + 1, time.GetUtcNow(), record));

    private sealed class Running(CompiledMachine machine, ExecutionRecord record, int ordinal)
    {
        public CompiledMachine Machine { get; set; } = machine;

        public int Ordinal { get; } = ordinal;

        public ExecutionRecord Record { get; set; } = record;

        public ExecutionState State { get; set; } = ExecutionState.Initial;

        public List<HistoryEvent> History { get; } = [];

        public List<string> Tokens { get; } = [];
    }
}
