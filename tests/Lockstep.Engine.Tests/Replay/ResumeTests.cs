using System.Buffers;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
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
            AssertResumes(name, machine, run);
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
        AssertResumes("everything", machine, run);
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

    private static void AssertResumes(string name, CompiledMachine machine, Run run)
    {
        ExecutionState straight = ExecutionState.Initial;
        ExecutionState resumed = ExecutionState.Initial;
        foreach (Stimulus stimulus in run.Stimuli)
        {
            Decision expected = Engine.Interpreter.Decide(machine, straight, stimulus, FixedTokens.Instance);
            byte[] journal = Journal(stimulus, expected);
            (Stimulus replayed, TurnDigest digest) = TurnCodec.ReadForReplay(journal);
            resumed = Restore(resumed);

            Decision actual = Engine.Interpreter.Decide(machine, resumed, replayed, FixedTokens.Instance);

            Assert.True(expected.Events.SequenceEqual(actual.Events), $"{name}: other events after turn {straight.Turn}");
            Assert.True(expected.Commands.SequenceEqual(actual.Commands, CommandEquality.Instance), $"{name}: other commands after turn {straight.Turn}");
            Assert.Equal(digest, TurnCodec.Digest(actual.Events.AsSpan()));
            Assert.Equal(
                expected.Next.OutstandingCommands().Select(c => c.Id), Restore(actual.Next).OutstandingCommands().Select(c => c.Id));
            straight = expected.Next;
            resumed = actual.Next;
        }
    }

    private static byte[] Journal(Stimulus stimulus, Decision decision)
    {
        var bytes = new ArrayBufferWriter<byte>();
        TurnCodec.Write(bytes, stimulus, decision.Events.AsSpan());
        return bytes.WrittenSpan.ToArray();
    }

    private static ExecutionState Restore(ExecutionState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, state);
        return StateCodec.Read(bytes.WrittenSpan);
    }

    private sealed class CommandEquality : IEqualityComparer<Command>
    {
        public static CommandEquality Instance { get; } = new();

        public bool Equals(Command? x, Command? y) => Equals((object?)x, y);

        public int GetHashCode(Command obj) => obj.Id.GetHashCode();
    }
}
