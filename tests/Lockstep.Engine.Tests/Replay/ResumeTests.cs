using Lockstep.Asl.Compiled;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.TestKit.Corpora;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// An execution can go on anywhere: from a snapshot taken after any turn, and from its journal alone, it gives the same events and commands
/// as a straight run.
/// </summary>
public sealed class ResumeTests(ITestOutputHelper output)
{
    private const int MostTurns = 300;

    // Small budgets, so that there are many turns to resume after.
    private static readonly ExecutionLimits Limits = new() { MaxTransitionsPerTurn = 3, MaxOpenIterations = 3 };

    [Fact]
    public void EveryCorpusMachineResumesAfterEveryTurn()
    {
        int machines = 0, turns = 0, events = 0, ended = 0, succeeded = 0;
        foreach ((string name, _, CompiledMachine machine, JsonValue input) in Corpus.Machines())
        {
            Run run = RunStraight(machine, input, number => number % 7 == 3);
            Resumption.AssertSame(name, machine, run);
            machines++;
            turns += run.Stimuli.Count;
            events += run.History.Count;
            ended += run.Finished is null ? 0 : 1;
            succeeded += run.Finished?.Status == ExecutionStatus.Succeeded ? 1 : 0;
        }

        output.WriteLine($"{machines} machines resumed after each of {turns} turns, {events} events; {ended} ended, {succeeded} of them with success.");
        Assert.True(machines > 200, $"Only {machines} machines could be run.");
    }

    [Fact]
    public void AMachineWithEveryKindOfWaitingResumesAfterEveryTurn()
    {
        CompiledMachine machine = Machines.Load(Machines.Everything);
        Run run = RunStraight(machine, JsonValue.Parse(Machines.EverythingInput), number => number == 1);

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
        Resumption.AssertSame("everything", machine, run);
    }

    private static Run RunStraight(CompiledMachine machine, JsonValue input, Func<int, bool> fails)
    {
        var run = new Run(machine);
        int calls = 0;
        var driver = new Driver(run, call => fails(++calls)
            ? new TaskFailed(run.Now, call.Id, "Flaky", "this call fails")
            : new TaskSucceeded(run.Now, call.Id, calls % 2 == 0 ? call.Parameters : input));
        run.Start(input.ToString(), Limits);
        driver.Drive(MostTurns);
        return run;
    }
}
