using System.Diagnostics;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Failures;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>
/// Tests one state: enters it in a turn of its own, with the behaviours that an execution runs, and watches what it does. With a mock the report is
/// there at once; without one a Task state first asks for its call. A Wait state does not wait.
/// </summary>
public sealed class StateTest
{
    private readonly Turn _turn;
    private readonly LiveFrame _frame;
    private readonly StateInspection _inspection;
    private readonly StateTestSetup _setup;

    private StateTest(Turn turn, LiveFrame frame, StateInspection inspection, StateTestSetup setup)
    {
        _turn = turn;
        _frame = frame;
        _inspection = inspection;
        _setup = setup;
    }

    /// <summary>Why the test cannot be made although it could begin; null when it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What the test came to; null while a call is to be made, and when it is refused.</summary>
    public StateTestReport? Report => Refusal is null ? _inspection.ToReport() : null;

    /// <summary>The call that has to be made; null when none is.</summary>
    public InvokeTask? Call => Refusal is null && _inspection.Status is null ? (_frame.Occupation as CallingTask)?.Command : null;

    /// <summary>Begins a test that <see cref="StateTestRules"/> allow.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="state">The state, which is one of the machine.</param>
    /// <param name="setup">What it is tested with.</param>
    /// <param name="tokens">Makes task tokens.</param>
    public static StateTest Begin(CompiledMachine machine, CompiledState state, StateTestSetup setup, ITaskTokenIssuer tokens)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(tokens);
        ExecutionState before = ExecutionState.Initial with
        {
            Identity = setup.Identity,
            Limits = setup.Limits,
            Input = setup.Input,
            Time = setup.Time,
            StartTime = setup.Time,
        };
        var inspection = new StateInspection(state, setup);
        var turn = new Turn(machine, before, setup.Time, tokens, ended: null) { Inspection = inspection };
        LiveFrame frame = turn.Open(null, 0, null, state.Index, setup.Input, 0);
        frame.Variables = setup.Variables;
        turn.VariableBytes = Assignment.SizeOf(setup.Variables);
        var test = new StateTest(turn, frame, inspection, setup);
        inspection.Note(InspectedStep.Input, setup.Input);
        Transitions.Enter(turn, frame);
        test.GoOn(state);
        test.NoteVariables();
        return test;
    }

    /// <summary>Takes in how the call went.</summary>
    /// <param name="outcome"><see cref="TaskSucceeded"/>, <see cref="TaskFailed"/>, or <see cref="TimerFired"/> for a call that took too long.</param>
    /// <exception cref="InvalidOperationException">No call is to be made.</exception>
    public void Answer(Stimulus outcome)
    {
        if (_turn.StateOf(_frame) is not CompiledTask task || Call is null)
        {
            throw new InvalidOperationException("No call is to be made.");
        }

        Settle(task, outcome);
        NoteVariables();
    }

    private void GoOn(CompiledState state)
    {
        if (_inspection.Status is not null)
        {
            return;
        }

        switch (state)
        {
            case CompiledWait wait:
                WaitBehaviour.Finish(_turn, _frame, wait);
                break;
            case CompiledTask task when _setup.Mock is StateMock mock:
                Settle(task, mock switch
                {
                    MockedResult mocked => new TaskSucceeded(_setup.Time, CommandOf(_frame).Id, mocked.Result),
                    MockedError mocked => new TaskFailed(_setup.Time, CommandOf(_frame).Id, mocked.Error, mocked.Cause),
                    _ => throw new UnreachableException(),
                });
                break;
            case CompiledMap or CompiledParallel when _setup.Mock is StateMock mock:
                Join((CompiledWorkState)state, mock);
                break;
            default:
                break;
        }
    }

    /// <summary>A task that waits for something else than its call is submitted in a test as soon as it is called.</summary>
    private void Settle(CompiledTask task, Stimulus outcome)
    {
        var calling = (CallingTask)_frame.Occupation;
        if (task.Resource.Pattern != IntegrationPattern.RequestResponse)
        {
            calling = calling with { Submitted = true };
            _frame.Occupation = calling;
        }

        TaskBehaviour.Settle(_turn, _frame, task, calling, outcome);
    }

    private void Join(CompiledWorkState state, StateMock mock)
    {
        int failures = _setup.MapIterationFailureCount ?? 0;
        int iterations = _inspection.Iterations ?? ((mock as MockedResult)?.Result as JsonArray)?.Count ?? failures;
        if (failures > iterations)
        {
            Refusal = StateTestRules.TooManyFailedIterations;
            return;
        }

        _frame.Join = null;
        switch (mock)
        {
            case MockedError mocked:
                FailInside(new StatesError(mocked.Error, mocked.Cause));
                break;
            case MockedResult when _inspection.Tolerance.IsExceededBy(failures, iterations):
                FailInside(new StatesError(
                    StatesErrorNames.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded"));
                break;
            case MockedResult mocked when _turn.IsOversized(mocked.Result):
                FailureRules.FailOversized(_turn, _frame);
                break;
            case MockedResult mocked:
                DataFlow.AcceptResult(_turn, _frame, state, mocked.Result);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Fails the Map or Parallel state as a failure inside it does: one of a task is matched as one of a task.</summary>
    private void FailInside(StatesError error)
    {
        bool ofTask = _setup.ErrorCausedByState is string name && _turn.Machine.States.Any(s => s.Name == name && s.Type == StateType.Task);
        FailureRules.Fail(_turn, _frame, new Failure(error, ofTask ? FailureOrigin.Task : FailureOrigin.State), fromInside: true);
    }

    private void NoteVariables()
    {
        if (_frame.Variables.Count > 0)
        {
            _inspection.Note(InspectedStep.Variables, _frame.Variables);
        }
    }

    private static InvokeTask CommandOf(LiveFrame frame) => ((CallingTask)frame.Occupation).Command;
}
