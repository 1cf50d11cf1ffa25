using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Timers;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Azure.Tests.Driver;

/// <summary>The front door over the cloud in memory, without an orchestrator: what it schedules is only noted.</summary>
internal sealed class DriverFixture : IDisposable
{
    private readonly TimerQueue _timers;
    private readonly OneMachineStore _machines = new();

    public DriverFixture(DriverOptions? options = null)
    {
        Options = options ?? new DriverOptions { StopWait = TimeSpan.Zero };
        Cloud = new MemoryAzure(time: Time);
        Ledger = new TableExecutionLedger(Cloud.Tables, Cloud.Blobs, Cloud.Messages);
        _timers = new TimerQueue(Time);
        Tokens = new TaskTokens(
            new KeyRing([new SigningKey("k1", new byte[KeyRing.SecretBytes], Time.GetUtcNow())]), ServiceLimits.Default);
        Inbox = new InboxDelivery(Ledger, Intents, Cloud.Messages, Time, Options.SweepAfter, Warn);
        var effects = new EffectRunner(new EffectSetup
        {
            MaxEffects = 100,
            MaxEffectsPerTenant = 100,
            Targets = () => Targets,
            Time = Time,
            Warn = Warn,
        });
        Children = new ChildEnds(Ledger, Inbox, Time, (part, _, _) => throw new InvalidOperationException($"Nothing redrives {part.Id} here."));
        Express = new ExpressWorker(new ExpressParts(
            Ledger,
            _machines,
            static machine => Asl.AslCompiler.Load(machine.Definition).Machine ?? throw new InvalidOperationException("It does not compile."),
            new ExpressRuntime(Time, _timers, effects, Tokens),
            Options.ExpressTimeout,
            async (key, cancellation) => await Children.ReportAsync(key, cancellation)));
        Sync = new SynchronousRuns(new SynchronousParts(Express, Ledger, Intents, Tokens, ExecutionLimits.Default, Options, Time, Warn));
        Driver = new AzureDriver(new DriverParts(
            Ledger,
            _machines,
            new ExecutionStarts(Ledger, new ExecutionScheduler(Scheduler, Cloud.Messages), Intents, Children, Time, Options.SweepAfter),
            Inbox,
            Sync,
            Tokens,
            ExecutionLimits.Default,
            Options,
            Time,
            static (_, _) => throw new NotSupportedException("Redrives run over the whole platform.")));
        Worker = new TaskWorker(Ledger, Targets, Inbox, Express, Time, Warn);
    }

    public ManualTimeProvider Time { get; } = new();

    public MemoryAzure Cloud { get; }

    public TableExecutionLedger Ledger { get; }

    public NotedIntents Intents { get; } = new();

    public NotedSchedules Scheduler { get; } = new();

    public ScriptedTargets Targets { get; } = new();

    public TaskTokens Tokens { get; }

    public DriverOptions Options { get; }

    public InboxDelivery Inbox { get; }

    public ChildEnds Children { get; }

    public ExpressWorker Express { get; }

    public SynchronousRuns Sync { get; }

    public AzureDriver Driver { get; }

    public TaskWorker Worker { get; }

    public List<string> Warnings { get; } = [];

    public static ArnFormat Arns { get; } = new("local");

    /// <summary>A request to start a machine that is in the store.</summary>
    public StartRequest Request(string definition, WorkflowType type = WorkflowType.Standard, string name = "one", string input = "{}")
    {
        var machine = new StateMachineRecord(
            HarnessSteps.Anna, "m", "r1", definition, ArnFormat.DefaultRole(HarnessSteps.Anna), type, Time.GetUtcNow(), Time.GetUtcNow());
        _machines.Machine = machine;
        return StartRequest.For(Arns, machine, name, JsonValue.Parse(input));
    }

    /// <summary>Makes a turn durable that waits for tasks.</summary>
    public async Task OpenAsync(ExecutionKey key, params OpenTaskRow[] rows)
    {
        LedgerHead? head = await Ledger.FindAsync(key, CancellationToken.None);
        Assert.NotNull(head);
        TurnRecord turn = Tests.Ledger.LedgerFixture.Turn(head.LastTurn + 1, head.LastEventId + 1, 2, head.Chain);
        Assert.IsType<Appended>(await Ledger.AppendAsync(
            key, new AppendBatch { Epoch = 1, Turns = [turn], Opens = [.. rows] }, CancellationToken.None));
    }

    public async Task<LedgerHead> HeadAsync(ExecutionKey key)
    {
        LedgerHead? head = await Ledger.FindAsync(key, CancellationToken.None);
        Assert.NotNull(head);
        return head;
    }

    public async Task<IReadOnlyList<Stimulus>> InboxAsync(ExecutionKey key) =>
        [.. (await Ledger.ReadInboxAsync(key, [], 100, int.MaxValue, CancellationToken.None)).Items.Select(item => item.Stimulus)];

    public void Dispose()
    {
        Sync.Dispose();
        _timers.Dispose();
    }

    private void Warn(string message, Exception? exception) => Warnings.Add(message);
}

/// <summary>Remembers what was scheduled; throws when told to.</summary>
internal sealed class NotedSchedules : IExecutionScheduler
{
    public List<ExecutionKey> Scheduled { get; } = [];

    public Exception? Failure { get; set; }

    public ValueTask ScheduleAsync(NewExecution execution, StateMachineRecord? revision, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        Scheduled.Add(execution.Record.Key);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Remembers intents.</summary>
internal sealed class NotedIntents : IIntents
{
    public List<Intent> Open { get; } = [];

    public ValueTask AddAsync(Intent intent, CancellationToken cancellation)
    {
        if (!Open.Contains(intent))
        {
            Open.Add(intent);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Intent intent, CancellationToken cancellation)
    {
        Open.Remove(intent);
        return ValueTask.CompletedTask;
    }
}
