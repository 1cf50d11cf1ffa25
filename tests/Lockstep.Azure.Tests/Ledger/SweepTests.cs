using Lockstep.Azure.Executions;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Telemetry;
using Lockstep.TestKit.Time;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class SweepTests
{
    private readonly LedgerFixture _fixture = new();
    private readonly ManualTimeProvider _time = new(Noon);
    private readonly Recorder _recorder = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task Intent_is_looked_at_when_it_is_due_and_not_before()
    {
        await Intents.AddAsync(new Intent(IntentKind.Wake, Key(), Noon.AddSeconds(10)), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(new SweepStep(0, 0, TimeSpan.Zero), await StepAsync());
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new SweepStep(1, 0, TimeSpan.FromSeconds(2)), await StepAsync());
        Assert.Empty(_fixture.Azure.Tables.All(TableName.Intents));
    }

    [Fact]
    public async Task Intent_is_remembered_once_and_forgotten_without_failure()
    {
        var intent = new Intent(IntentKind.Start, Key(), Noon);
        await Intents.AddAsync(intent, CancellationToken.None);
        await Intents.AddAsync(intent, CancellationToken.None);
        Assert.Single(_fixture.Azure.Tables.All(TableName.Intents));
        await Intents.RemoveAsync(intent, CancellationToken.None);
        await Intents.RemoveAsync(intent, CancellationToken.None);
        Assert.Empty(_fixture.Azure.Tables.All(TableName.Intents));
    }

    [Fact]
    public async Task Start_that_was_never_scheduled_is_scheduled_until_its_first_turn_is_durable()
    {
        await _fixture.StartAsync();
        await AddAsync(IntentKind.Start);
        Assert.Equal(1, (await StepAsync()).Postponed);
        Assert.Equal(["schedule m:one"], _recorder.Calls);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, (await StepAsync()).Postponed);
        await _fixture.AppendAsync(Key(), Batch(1, Turns(1, 1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await StepAsync()).Done);
        Assert.Single(_recorder.Calls);
    }

    [Fact]
    public async Task Express_execution_is_handed_to_the_queue_once()
    {
        await _fixture.Ledger.CreateAsync(New(Key(), type: WorkflowType.Express), CancellationToken.None);
        await AddAsync(IntentKind.Start);
        Assert.Equal(1, (await StepAsync()).Done);
        Assert.Equal(["schedule m:one"], _recorder.Calls);
    }

    [Fact]
    public async Task Start_whose_row_never_came_is_given_up_after_some_looks()
    {
        await AddAsync(IntentKind.Start);
        Assert.Equal("0 0 0 1", string.Join(' ', await DoneInStepsAsync(4)));
        Assert.Empty(_recorder.Calls);
    }

    [Fact]
    public async Task Start_that_was_cut_off_before_it_was_listed_is_listed()
    {
        // The first call writes its rows, the second one begins to list it.
        _fixture.Azure.Faults = Faults.Once(2, Fault.BeforeEffect);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _fixture.StartAsync());
        _fixture.Azure.Faults = Faults.None;
        Assert.NotNull(await _fixture.Ledger.FindAsync(Key(), CancellationToken.None));
        Assert.Equal(0, await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
        await AddAsync(IntentKind.Start);
        await StepAsync();
        Assert.Equal(1, await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
    }

    [Fact]
    public async Task Wake_is_repeated_with_growing_pauses_until_the_inbox_is_empty()
    {
        await _fixture.StartAsync();
        await _fixture.Ledger.RequestStopAsync(Key(), new StopRequested(Noon, null, null), null, CancellationToken.None);
        await AddAsync(IntentKind.Wake);
        List<TimeSpan> pauses = [];
        DateTimeOffset before = _time.GetUtcNow();
        for (int look = 0; look < 12; look++)
        {
            while ((await StepAsync()).Postponed == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(30));
            }

            pauses.Add(_time.GetUtcNow() - before);
            before = _time.GetUtcNow();
        }

        Assert.Equal(
            [0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600],
            pauses.Select(pause => (int)pause.TotalSeconds));
        Assert.All(_recorder.Calls, call => Assert.Equal("wake " + ExecutionInstances.IdOf(Key()), call));
        InboxItem item = Assert.Single(await _fixture.InboxAsync(Key()));
        await _fixture.AppendAsync(Key(), Batch(1, Turns(1, 1)) with { Taken = [item.Id] });
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await StepAsync()).Done);
    }

    [Fact]
    public async Task End_that_was_cut_off_anywhere_is_listed_published_and_told()
    {
        for (int call = 1; call <= 14; call++)
        {
            var fixture = new LedgerFixture();
            await fixture.StartAsync();
            fixture.Azure.Faults = Faults.Once(call, Fault.AnswerLost);
            try
            {
                await fixture.AppendAsync(Key(), Batch(1, Turns(1, 1)) with { End = Succeed() });
            }
            catch (StorageUnavailableException)
            {
                // The process is gone: from here on there is only the sweep.
            }

            fixture.Azure.Faults = Faults.None;
            _time.Advance(TimeSpan.FromHours(2));
            await SweepOf(fixture).StepAsync(CancellationToken.None);
            bool hasEnded = (await fixture.HeadAsync(Key())).Record.Status == ExecutionStatus.Succeeded;
            Assert.Equal(hasEnded ? 0 : 1, await fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
            Assert.Equal(hasEnded ? 2 : 0, fixture.Azure.Messages.Pending.Count);
            Assert.Equal(hasEnded, call > 2);
        }
    }

    [Fact]
    public async Task End_of_a_child_stays_with_the_sweep_until_its_parent_has_been_told()
    {
        ExecutionKey parent = await _fixture.StartAsync(Key("parent"));
        await _fixture.Ledger.CreateAsync(New(Key(), parent: new ParentTask(parent, new CommandId(1), Waits: true)), CancellationToken.None);
        await _fixture.AppendAsync(Key(), Batch(1, Turns(1, 1)) with { End = Succeed() });
        await _fixture.AppendAsync(parent, Batch(1, Turns(1, 1)) with { End = Succeed() });
        Assert.Single(_fixture.Azure.Tables.All(TableName.Intents));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await StepAsync()).Done);
        Assert.Equal(["ended m:one"], _recorder.Calls);
    }

    [Fact]
    public async Task One_intent_that_meets_a_defect_does_not_hold_up_the_others()
    {
        foreach (int number in Enumerable.Range(0, 40))
        {
            ExecutionKey key = await _fixture.StartAsync(Key($"e{number}"));
            await Intents.AddAsync(new Intent(IntentKind.Start, key, Noon), CancellationToken.None);
        }

        _recorder.Fails = "schedule m:e7";
        Assert.Equal(40, (await StepAsync()).Postponed);
        Assert.Equal(40, _recorder.Calls.Count);
        Assert.Single(_warnings);
    }

    [Fact]
    public async Task What_stays_undone_grows_old_however_often_it_is_looked_at()
    {
        using var telemetry = new ServiceTelemetry(ServiceLimits.Default);
        using var recorder = TelemetryRecorder.Of(telemetry);
        ExecutionKey key = await _fixture.StartAsync(Key("e7"));
        await Intents.AddAsync(new Intent(IntentKind.Start, key, Noon), CancellationToken.None);
        _recorder.Fails = "schedule m:e7";
        Sweep sweep = SweepOf(_fixture, telemetry: telemetry);
        for (int look = 0; look < 3; look++)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            await sweep.StepAsync(CancellationToken.None);
        }

        Assert.Equal([600, 1_200, 1_800], recorder.Measurements.Where(item => item.Name == TelemetryNames.OldestIntent.Name).Select(item => item.Value));
        _recorder.Fails = null;
        _time.Advance(TimeSpan.FromMinutes(10));
        await sweep.StepAsync(CancellationToken.None);
        await sweep.StepAsync(CancellationToken.None);
        Assert.Equal(0, recorder.Measurements.Last().Value);
    }

    [Fact]
    public async Task Step_looks_at_a_bounded_number_of_each_partition_oldest_first()
    {
        foreach (int number in Enumerable.Range(0, 5))
        {
            await Intents.AddAsync(new Intent(IntentKind.Wake, Key(), Noon.AddSeconds(-number)), CancellationToken.None);
        }

        Assert.Equal(new SweepStep(3, 0, TimeSpan.FromSeconds(4)), await StepAsync(new SweepOptions { MaxIntents = 3 }));
        Assert.Equal(new SweepStep(2, 0, TimeSpan.FromSeconds(1)), await StepAsync(new SweepOptions { MaxIntents = 3 }));
    }

    private TableIntents Intents => new(_fixture.Azure.Tables);

    private Task AddAsync(IntentKind kind) => Intents.AddAsync(new Intent(kind, Key(), _time.GetUtcNow()), CancellationToken.None).AsTask();

    private async Task<int[]> DoneInStepsAsync(int steps)
    {
        List<int> done = [];
        for (int step = 0; step < steps; step++)
        {
            done.Add((await StepAsync()).Done);
            _time.Advance(TimeSpan.FromHours(1));
        }

        return [.. done];
    }

    private async Task<SweepStep> StepAsync(SweepOptions? options = null) => await SweepOf(_fixture, options).StepAsync(CancellationToken.None);

    private Sweep SweepOf(LedgerFixture fixture, SweepOptions? options = null, ServiceTelemetry? telemetry = null) => new(
        new TableIntents(fixture.Azure.Tables),
        new SweepWork(
            fixture.Ledger,
            _recorder,
            _recorder,
            (key, parent, _) => parent is null ? ValueTask.CompletedTask : _recorder.NoteAsync($"{key.Id} of {parent.Execution.Id}"),
            _recorder.EndedAsync),
        _time,
        options ?? new SweepOptions(),
        (message, _) => _warnings.Add(message),
        telemetry);

    private sealed class Recorder : IExecutionScheduler, IOrchestrations
    {
        public List<string> Calls { get; } = [];

        public string? Fails { get; set; }

        public ValueTask EndedAsync(ExecutionKey key, CancellationToken cancellation) => Note("ended " + key.Id);

        public ValueTask ScheduleAsync(NewExecution execution, StateMachineRecord? revision, CancellationToken cancellation) =>
            Note("schedule " + execution.Record.Key.Id);

        public ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask WakeAsync(string instanceId, CancellationToken cancellation) => Note("wake " + instanceId);

        public ValueTask<bool> IsRunningAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask TerminateAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask PurgeAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask NoteAsync(string call) => Note(call);

        private ValueTask Note(string call)
        {
            Calls.Add(call);
            return call == Fails ? throw new InvalidOperationException("A defect.") : ValueTask.CompletedTask;
        }
    }
}
