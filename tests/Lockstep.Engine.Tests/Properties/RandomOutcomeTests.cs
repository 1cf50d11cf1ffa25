using System.Globalization;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.TestKit.Corpora;

namespace Lockstep.Engine.Tests.Properties;

/// <summary>
/// Every machine of the corpora, its tasks faked where Decide asks for them: whatever its tasks come to and whenever the process dies, the history is the
/// same. LOCKSTEP_PROPERTY_SEEDS says how many runs each machine gets.
/// </summary>
public sealed class RandomOutcomeTests(ITestOutputHelper output)
{
    private const int MostTurns = 120;

    private static readonly ExecutionLimits Limits = new() { MaxTransitionsPerTurn = 4, MaxOpenIterations = 3, MaxHistoryEvents = 2_000 };

    private static int Seeds => int.TryParse(
        Environment.GetEnvironmentVariable("LOCKSTEP_PROPERTY_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 3;

    [Fact]
    public void Every_corpus_machine_has_the_same_history_after_a_crash_after_any_turn()
    {
        int machines = 0, turns = 0;
        var ends = new SortedDictionary<ExecutionStatus, int>();
        foreach (CorpusMachine corpus in Corpus.Machines())
        {
            machines++;
            for (int seed = 0; seed < Seeds; seed++)
            {
                string name = $"{corpus.Name}, seed {seed}";
                var run = new Run(corpus.Machine);
                run.Start(corpus.Input.ToString(), Limits);
                new RandomDriver(corpus.Machine, run, corpus.Input, seed).Drive(MostTurns);

                Resumption.AssertSame(name, corpus.Machine, run);
                AssertReplays(name, corpus, run);
                AssertLinked(name, run.History);
                turns += run.Stimuli.Count;
                ends[run.State.Status] = ends.GetValueOrDefault(run.State.Status) + 1;
            }
        }

        output.WriteLine($"{machines} machines, {Seeds} runs each, {turns} turns; {string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"))}");
        Assert.True(machines > 200, $"Only {machines} machines could be run.");
        Assert.All((ExecutionStatus[])[ExecutionStatus.Succeeded, ExecutionStatus.Failed, ExecutionStatus.Aborted], status => Assert.True(ends.ContainsKey(status), $"None is {status}."));
    }

    /// <summary>From the journal alone, without any snapshot, the same state comes about, byte for byte.</summary>
    private static void AssertReplays(string name, CorpusMachine corpus, Run run)
    {
        ExecutionState state = ExecutionState.Initial;
        var history = new List<HistoryEvent>();
        foreach (Stimulus stimulus in run.Stimuli)
        {
            Decision decision = Engine.Interpreter.Decide(corpus.Machine, state, stimulus, FixedTokens.Instance);
            state = decision.Next;
            history.AddRange(decision.Events);
        }

        Assert.True(history.SequenceEqual(run.History), $"{name}: the replay has another history");
        Assert.True(Resumption.Bytes(state).AsSpan().SequenceEqual(Resumption.Bytes(run.State)), $"{name}: the replay has another state");
    }

    /// <summary>Ids count up from 1, and every event follows one before it.</summary>
    private static void AssertLinked(string name, List<HistoryEvent> history)
    {
        for (int i = 0; i < history.Count; i++)
        {
            Assert.True(history[i].Id == i + 1, $"{name}: event {i + 1} has the id {history[i].Id}");
            Assert.True(history[i].PreviousEventId >= 0 && history[i].PreviousEventId <= i, $"{name}: event {i + 1} follows {history[i].PreviousEventId}");
        }
    }
}
