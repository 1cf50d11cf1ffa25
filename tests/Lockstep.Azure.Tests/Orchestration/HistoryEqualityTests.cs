using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Orchestration;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Corpora;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>
/// Whatever the orchestrator goes through, the history in the ledger is the one that the interpreter gives for the stimuli that are stored, and it ends as a plain run of
/// the interpreter ends that gets the same outcomes.
/// </summary>
public sealed partial class HistoryEqualityTests(ITestOutputHelper output)
{
    private static readonly ExecutionLimits _limits = new() { MaxTransitionsPerTurn = 7, MaxOpenIterations = 5 };
    private static readonly OrchestrationSettings _settings = new() { FunctionCallSeconds = 60, MaxActivitiesAtOnce = 3, MaxBatchCalls = 2 };

    [Fact]
    public void Every_machine_of_the_corpus_gives_the_same_as_the_interpreter_alone() =>
        RunCorpus("without faults", every: 1, _ => new PumpHarness(_settings));

    [Fact]
    public void Rolling_over_everywhere_changes_no_history() =>
        RunCorpus("with a rollover after three actions", every: 2, _ => new PumpHarness(_settings with { RolloverActions = 3 }));

    [Fact]
    public void Faults_of_every_kind_change_no_history() => RunCorpus(
        "with faults", every: 2, seed => new PumpHarness(_settings, DurableFaults.Many(seed), new Faults(seed)));

    [Fact]
    public void Faults_and_rollovers_together_change_no_history() => RunCorpus(
        "with faults and rollovers", every: 3, seed => new PumpHarness(_settings with { RolloverActions = 5 }, DurableFaults.Many(seed + 1_000), new Faults(seed)));

    [Fact]
    public void Row_backed_calls_change_no_history() => RunCorpus(
        "with every call through the queue", every: 3, _ => new PumpHarness(_settings with { AwaitedTaskSeconds = 0 }));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_machine_with_every_kind_of_waiting_survives_faults(int seed)
    {
        var harness = new PumpHarness(_settings with { RolloverActions = 5 + seed }, DurableFaults.Many(seed), new Faults(seed));
        harness.Start(Machines.Everything, Machines.EverythingInput, _limits);
        harness.RunToEnd();
        harness.Azure.Faults = Faults.None;

        Assert.Null(harness.Head.Quarantine);
        Assert.Equal(ExecutionStatus.Succeeded, harness.Head.Record.Status);
        Assert.Equal(harness.Replayed(Machines.Everything), harness.History());
    }

    /// <remarks>
    /// Faults take time: a call of a few seconds may time out under them that a plain run has answered at once. Then it ends otherwise, and rightly; its history
    /// must still be the one of its stimuli.
    /// </remarks>
    private void RunCorpus(string how, int every, Func<int, PumpHarness> compose)
    {
        int machines = 0, ended = 0, late = 0, events = 0, rollovers = 0;
        foreach ((string name, string definition, CompiledMachine machine, JsonValue input) in Corpus.Machines().Where((_, index) => index % every == 0))
        {
            if (RunPlainly(machine, input) is not { } expected)
            {
                continue;
            }

            PumpHarness harness = compose(machines);
            harness.World.Script = call => Outcome(call.Task, call.Resource.Text, call.Parameters, call.Attempt, harness.Time.GetUtcNow());
            harness.Start(definition, input.ToString(), _limits);
            harness.RunToEnd();
            harness.Azure.Faults = Faults.None;

            Assert.True(harness.Head.Quarantine is null, $"{name}: {harness.Head.Quarantine}");
            bool isLate = CountTimeouts(harness.History()) > CountTimeouts(expected.History);
            Assert.True(
                isLate || harness.Head.Record.Status == expected.Finished?.Status,
                $"{name}: {harness.Head.Record.Status}, and the plain run {expected.Finished?.Status}.");
            Assert.True(harness.Replayed(definition).SequenceEqual(harness.History()), $"{name}: another history {how}.");
            Assert.Equal(InstanceStatus.Completed, harness.Instance.Status);
            Assert.Empty(harness.Azure.Blobs.Rewritten);
            machines++;
            ended += expected.Finished?.Status == ExecutionStatus.Succeeded ? 1 : 0;
            late += isLate ? 1 : 0;
            events += harness.History().Count;
            rollovers += (int)harness.Instance.Cost.Rollovers;
        }

        output.WriteLine($"{machines} machines {how}, {ended} of them succeeded, {late} timed out, {events} events, {rollovers} rollovers.");
        Assert.True(machines > 60, $"Only {machines} machines could be run.");
        Assert.True(late * 20 <= machines, $"{late} of {machines} machines have timed out.");
    }

    private static int CountTimeouts(IEnumerable<HistoryEvent> history) => history.Count(item => item.Type
        is HistoryEventType.TaskTimedOut or HistoryEventType.LambdaFunctionTimedOut or HistoryEventType.ActivityTimedOut);

    /// <summary>The interpreter with a driver that answers at once; null when it does not end within a bounded number of turns.</summary>
    private static Run? RunPlainly(CompiledMachine machine, JsonValue input)
    {
        var run = new Run(machine);
        run.Start(input.ToString(), _limits);
        new Engine.Tests.Support.Driver(run, call => Outcome(call.Id, call.Resource.Text, call.Parameters, call.Attempt, run.Now)).Drive(turns: 300);
        return run.Finished is null ? null : run;
    }

    /// <summary>What a call is answered depends on what is called, and not on when; tokens and ids that differ between runs do not count.</summary>
    private static Stimulus Outcome(CommandId task, string resource, JsonValue parameters, int attempt, DateTimeOffset now)
    {
        string key = Token().Replace(string.Create(CultureInfo.InvariantCulture, $"{resource}|{parameters}|{attempt}"), "token");
        int number = key.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) & int.MaxValue;
        return (number % 7) switch
        {
            3 => new TaskFailed(now, task, "Flaky", "this call fails"),
            1 or 4 => new TaskSucceeded(now, task, JsonObject.Of("number", JsonNumber.Of(number))),
            _ => new TaskSucceeded(now, task, parameters),
        };
    }

    [GeneratedRegex("token-run-[0-9]+")]
    private static partial Regex Token();
}
