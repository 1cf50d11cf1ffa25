using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.TestKit.Corpora;

namespace Lockstep.Engine.Tests.Properties;

/// <summary>
/// Whatever ends an execution without success, a redrive goes on with it: with tasks that succeed from then on it comes to an end, its journal replays to
/// the same history, and its state can be written down after any turn.
/// </summary>
public sealed class RedriveProperties(ITestOutputHelper output)
{
    private const int MostTurns = 300;
    private static readonly ExecutionLimits Limits = new() { MaxTransitionsPerTurn = 3, MaxOpenIterations = 3 };

    [Fact]
    public void AMachineWithEveryKindOfWaitingIsStoppedAtAnyTurnAndRedriven()
    {
        CompiledMachine machine = Machines.Load(Machines.Everything);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
            Gen.Choose(0, 60).ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), (stopAfter, failing, redrives) =>
        {
            var run = new Run(machine);
            int calls = 0;
            var driver = new Driver(run, call => ++calls % failing == 0
                ? new TaskFailed(run.Now, call.Id, "Broken", null)
                : new TaskSucceeded(run.Now, call.Id, JsonValue.Parse("""{"done":1.50}""")));
            run.Start(Machines.EverythingInput, Limits);
            for (int redrive = 0; redrive <= redrives && run.State.Status != ExecutionStatus.Succeeded; redrive++)
            {
                failing = redrive == redrives ? int.MaxValue : failing;
                driver.Drive(redrive == redrives ? MostTurns : stopAfter);
                Stop(run);
                if (run.State.Status != ExecutionStatus.Succeeded)
                {
                    run.Now = run.Now.AddMinutes(1);
                    run.Redrive();
                }
            }

            driver.Drive();
            Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
            AssertReplays(machine, run);
        }));
    }

    [Fact]
    public void EveryCorpusMachineComesToAnEndWhenItIsRedriven()
    {
        int machines = 0, redriven = 0, succeeded = 0, failedAgain = 0;
        foreach ((string name, _, CompiledMachine machine, JsonValue input) in Corpus.Machines())
        {
            var run = new Run(machine);
            bool failing = true;
            var driver = new Driver(run, call => failing
                ? new TaskFailed(run.Now, call.Id, "Broken", "this call fails")
                : new TaskSucceeded(run.Now, call.Id, input));
            run.Start(input.ToString(), Limits);
            driver.Drive(7 + (machines % 20));
            Stop(run);
            machines++;
            if (run.State.Status == ExecutionStatus.Succeeded)
            {
                continue;
            }

            failing = false;
            run.Redrive();
            driver.Drive(MostTurns);
            Stop(run); // One that loops for ever, or waits for what nobody sends.
            redriven++;
            succeeded += run.State.Status == ExecutionStatus.Succeeded ? 1 : 0;
            failedAgain += run.State.Status == ExecutionStatus.Failed ? 1 : 0;
            Assert.True(run.Types.Count(type => type == HistoryEventType.ExecutionRedriven) == 1, $"{name}: not redriven once.");
            AssertReplays(machine, run);
        }

        output.WriteLine($"{machines} machines, {redriven} redriven, {succeeded} of them succeeded and {failedAgain} failed again.");
        Assert.True(redriven > 120 && succeeded > 40, $"Only {redriven} were redriven and {succeeded} succeeded.");
    }

    private static void Stop(Run run)
    {
        if (run.State.Status == ExecutionStatus.Running)
        {
            run.Send(new StopRequested(run.Now, null, null));
        }
    }

    private static void AssertReplays(CompiledMachine machine, Run run)
    {
        ExecutionState state = ExecutionState.Initial;
        var history = new List<HistoryEvent>();
        foreach (Stimulus stimulus in run.Stimuli)
        {
            var bytes = new ArrayBufferWriter<byte>();
            StateCodec.Write(bytes, state);
            var turn = new ArrayBufferWriter<byte>();
            TurnCodec.Write(turn, stimulus, []);
            Decision decision = Engine.Interpreter.Decide(
                machine, StateCodec.Read(bytes.WrittenSpan), TurnCodec.ReadStimulus(turn.WrittenSpan), FixedTokens.Instance);
            history.AddRange(decision.Events);
            state = decision.Next;
        }

        Assert.Equal(run.History, history);
        Assert.Equal((run.State.Status, run.State.LastCommandId), (state.Status, state.LastCommandId));
        Assert.All(history.Skip(1), item => Assert.InRange(item.PreviousEventId, 0, item.Id - 1));
    }
}
