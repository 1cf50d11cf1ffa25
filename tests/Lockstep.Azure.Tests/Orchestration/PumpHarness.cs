using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Logging;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Recovery;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Time;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>One execution, run by the real orchestrator and the real ledger on a simulated host over services in memory.</summary>
internal sealed class PumpHarness
{
    private const int MaxSteps = 2_000;

    private const int MaxAttempts = 50;

    private readonly CompiledMachines _machines = new(10);
    private readonly OneMachine _store = new();

    public PumpHarness(OrchestrationSettings? settings = null, DurableFaults? faults = null, Faults? storage = null, bool forgetsWhatWasSent = false)
    {
        Settings = settings ?? new OrchestrationSettings { FunctionCallSeconds = 60 };
        Time = new ManualTimeProvider(Run.Epoch);
        Azure = new MemoryAzure(null, Time);
        Ledger = new TableExecutionLedger(Azure.Tables, Azure.Blobs, Azure.Messages);
        World = new OutsideWorld(Time);
        Host = new SimulatedDurableHost(Time, faults);
        Logs = new TableLogStore(Azure.Tables, new StorageRetry(new StorageRetryOptions(), Time), Time, TimeSpan.FromDays(90));
        var orchestrator = new ExecutionOrchestrator(
            _machines, FixedTokens.Instance, (machine, state, stimulus, tokens, ended) => Decide(machine, state, stimulus, tokens, ended), forgetsWhatWasSent);
        Host.AddOrchestrator(OrchestrationNames.Execution, orchestrator.RunAsync);
        Host.AddOrchestrator(OrchestrationNames.TaskBatch, TaskBatchOrchestrator.RunAsync);
        var activities = new ExecutionActivities(new ActivityPorts(
            Ledger, World, _store, World, Azure.Blobs, Logs, Time, Settings, (message, defect) => throw new InvalidOperationException(message, defect)));
        foreach (string name in OrchestrationNames.Activities)
        {
            Host.AddActivity(name, (input, cancellation) => activities.RunAsync(name, input, cancellation));
        }

        StorageFaults = storage;
        Host.OnActivityThrew = (name, thrown) =>
        {
            if (thrown is not StorageUnavailableException)
            {
                throw new OrchestrationRuleException($"Activity {name} has thrown: {thrown}", thrown);
            }
        };
    }

    public static ExecutionKey Key { get; } = ExecutionKey.Of(LedgerFixtureTenant, "machine", "run", null);

    public OrchestrationSettings Settings { get; }

    public ManualTimeProvider Time { get; }

    public MemoryAzure Azure { get; }

    public TableExecutionLedger Ledger { get; }

    public OutsideWorld World { get; }

    public SimulatedDurableHost Host { get; }

    public Faults? StorageFaults { get; }

    /// <summary>The interpreter; a test may put another in its place at any time, as a deployment would.</summary>
    public DecideTurn Decide { get; set; } = Interpreter.DecideWithVisits;

    public SimulatedInstance Instance => Host.Instances[InstanceId];

    public LedgerHead Head => Insist(() => Ledger.FindAsync(Key, CancellationToken.None)) ?? throw new InvalidOperationException("No execution.");

    private static Service.Tenancy.TenantId LedgerFixtureTenant => Tests.Ledger.LedgerFixture.Tenant();

    private static string InstanceId => ExecutionInstances.IdOf(Key);

    /// <summary>Puts the execution into the ledger and schedules its orchestration.</summary>
    public void Start(string definition, string input = "{}", ExecutionLimits? limits = null)
    {
        var record = new ExecutionRecord
        {
            Key = Key,
            Arn = Run.Identity.ExecutionArn,
            Name = Run.Identity.ExecutionName,
            StateMachineName = Run.Identity.StateMachineName,
            StateMachineArn = Run.Identity.StateMachineArn,
            RevisionId = "r1",
            Type = WorkflowType.Standard,
            Status = ExecutionStatus.Running,
            StartedAt = Time.GetUtcNow(),
            Input = input,
        };
        _store.Machine = new StateMachineRecord(
            Key.Tenant, record.StateMachineName, "r1", definition, Run.Identity.RoleArn, WorkflowType.Standard, record.StartedAt, record.StartedAt);
        var started = new Started(record.StartedAt, Run.Identity, JsonValue.Parse(input), limits ?? ExecutionLimits.Default);
        Insist(() => Ledger.CreateAsync(new NewExecution(record, started, null), CancellationToken.None));
        string first = ExecutionOrchestrator.InputFor(Key, definition, started, Settings);
        Insist(async () =>
        {
            await Host.ScheduleAsync(new OrchestrationStart(InstanceId, first), CancellationToken.None);
            return true;
        });
        Azure.Faults = StorageFaults ?? Faults.None;
    }

    /// <summary>Runs until nothing more happens by itself, moving the clock from one thing that is due to the next.</summary>
    public void RunToEnd(TimeSpan? longest = null)
    {
        DateTimeOffset last = Time.GetUtcNow() + (longest ?? TimeSpan.FromDays(3_660));
        for (int step = 0; ; step++)
        {
            if (step == MaxSteps)
            {
                Assert.Fail($"The execution goes on for ever: turn {Head.LastTurn}, {Host.Cost.Activities} activities, {Host.Cost.Wakes} wakes, {Time.GetUtcNow()}.");
            }

            Host.Run();
            if (World.Reports.TryDequeue(out Stimulus? outcome))
            {
                Report(outcome);
            }
            else if (!Sweep())
            {
                if (Host.NextDue is not { } due || due > last)
                {
                    return;
                }

                Host.Advance(due - Time.GetUtcNow());
            }
        }
    }

    /// <summary>Reports the outcome of a task, as the holder of its token does, and wakes the orchestration.</summary>
    public Result<Accepted> Report(Stimulus outcome)
    {
        CommandId task = outcome switch
        {
            TaskSucceeded succeeded => succeeded.Task,
            TaskFailed failed => failed.Task,
            ActivityTaken taken => taken.Task,
            _ => throw new ArgumentException($"Nobody reports {outcome.GetType().Name}.", nameof(outcome)),
        };
        Result<Accepted> answer = Insist(() => Ledger.ReportAsync(Key, task, outcome, CancellationToken.None));
        Wake();
        return answer;
    }

    /// <summary>Asks the execution to stop, and wakes the orchestration.</summary>
    public void Stop()
    {
        Insist(() => Ledger.RequestStopAsync(Key, new StopRequested(Time.GetUtcNow(), "Stopped", "by a test"), null, CancellationToken.None));
        Wake();
    }

    /// <summary>Looks after the execution as the sweep does, with the interpreter of now.</summary>
    public Recovered Recover() => Insist(() => new ExecutionRecovery(
        new RecoveryParts(
            Azure.Tables,
            Azure.Blobs,
            Ledger,
            _store,
            _machines,
            FixedTokens.Instance,
            Host,
            new OrchestrationScheduler(Host, _store, Settings),
            World,
            Settings,
            Logs),
        (machine, state, stimulus, tokens, ended) => Decide(machine, state, stimulus, tokens, ended)).RecoverAsync(Key, CancellationToken.None));

    /// <summary>Raises the event.</summary>
    public void Wake() => Insist(async () =>
    {
        await Host.WakeAsync(InstanceId, CancellationToken.None);
        return true;
    });

    /// <summary>Where log events are kept.</summary>
    public TableLogStore Logs { get; }

    /// <summary>The turns that are durable.</summary>
    public List<TurnRecord> Turns() => Insist(async () =>
    {
        List<TurnRecord> turns = [];
        var bodies = new Bodies(Azure.Blobs);
        string? continuation = null;
        do
        {
            EntityPage page = await Azure.Tables[TableName.Executions].QueryAsync(LedgerKeys.PagesFrom(Key, 0), 1_000, continuation, CancellationToken.None);
            foreach (Entity row in page.Items)
            {
                turns.AddRange(TurnPage.Read(await bodies.ReadAsync(row, TurnPage.Body, CancellationToken.None)));
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return turns;
    });

    /// <summary>The history that is durable.</summary>
    public List<HistoryEvent> History() => [.. Turns().SelectMany(turn => TurnCodec.ReadEvents(turn.Bytes.Span))];

    /// <summary>The history, decided again from the stimuli that are durable.</summary>
    public List<HistoryEvent> Replayed(string definition)
    {
        var run = new Run(_machines.Get(definition));
        foreach (TurnRecord turn in Turns())
        {
            run.Send(TurnCodec.ReadStimulus(turn.Bytes.Span));
        }

        return run.History;
    }

    /// <summary>Wakes the orchestration when something stays unread, as the timer function does; whether there was a need to.</summary>
    private bool Sweep()
    {
        if (Instance is not { Status: InstanceStatus.Running, HasReturned: false } || Host.NextDue <= Time.GetUtcNow() + TimeSpan.FromSeconds(10) || !HasUnread())
        {
            return false;
        }

        Wake();
        Host.Run();
        if (HasUnread())
        {
            // Lost again, or the orchestration is busy with something else: the timer function comes back later.
            Host.Advance(TimeSpan.FromSeconds(30));
        }

        return true;
    }

    private bool HasUnread() => !Insist(() => Ledger.ReadInboxAsync(Key, [], 1, 1, CancellationToken.None)).Items.IsEmpty;

    private static T Insist<T>(Func<ValueTask<T>> act)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return act().AsTask().GetAwaiter().GetResult();
            }
            catch (StorageUnavailableException) when (attempt < MaxAttempts)
            {
                // Tried again: tests of the pump are not about who reports.
            }
        }
    }
}
