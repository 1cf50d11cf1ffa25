using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Failures;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Task: calls its resource and waits for the outcome. Each try is an attempt with a command, a timeout and a token of its own.
/// </summary>
/// <remarks>
/// While it waits:
/// <code>
/// stimulus               effect
/// ActivityTaken          ActivityStarted, waits on
/// TaskSubmitted          TaskSubmitted, waits on; an outcome that came early takes effect now
/// TaskSucceeded          succeeds; held when a callback or the end of a job comes before the call itself was answered
/// TaskFailed             fails; held likewise, unless the call itself failed
/// timeout fired          fails with States.Timeout; an outcome held takes effect instead
/// HeartbeatMissed        fails with States.Timeout, which may also be named States.HeartbeatTimeout
/// </code>
/// </remarks>
internal static class TaskBehaviour
{
    /// <summary>Starts an attempt: the first after the state was entered, or a retry.</summary>
    public static void Attempt(Turn turn, LiveFrame frame, CompiledTask state)
    {
        TaskResource resource = state.Resource;
        string? token = resource.Kind == ResourceKind.Activity || resource.Pattern == IntegrationPattern.WaitForTaskToken
            ? turn.IssueToken()
            : null;
        turn.Scope.Invalidate(); // The retry count and the token are new.
        if (!DataFlow.TryInput(turn, frame, state, out JsonValue? effective, token)
            || !DataFlow.TryShape(turn, frame, state.Parameters, effective, out JsonValue? parameters, token)
            || !DataFlow.TryEvaluateInteger(turn, frame, state.TimeoutSeconds, effective, out long? timeoutSeconds)
            || !DataFlow.TryEvaluateInteger(turn, frame, state.HeartbeatSeconds, effective, out long? heartbeatSeconds)
            || !TryCredentials(turn, frame, state, effective, out JsonValue? credentials))
        {
            return;
        }

        if (turn.IsOversized(parameters))
        {
            FailureRules.FailOversized(turn, frame);
            return;
        }

        if (ParameterRefusal(turn, state, parameters) is StatesError refusal)
        {
            FailureRules.FailState(turn, frame, refusal);
            return;
        }

        TaskEvents.Scheduled(turn, frame, resource, parameters, timeoutSeconds, heartbeatSeconds, credentials);
        if (!ReferenceEquals(parameters, frame.Input))
        {
            turn.Spend(parameters.Utf8Length);
        }

        var command = new InvokeTask(
            turn.NextCommandId, resource, state.Name, parameters, frame.Retries.Total, heartbeatSeconds, timeoutSeconds, token)
        {
            EnteredEventId = frame.EnteredEventId,
            ScheduledTime = turn.Now,
        };
        turn.Issue(frame, command);
        StartTimer? timeout = timeoutSeconds is long seconds
            ? turn.StartTimer(frame, turn.Now.AddSeconds(seconds), TimerPurpose.TaskTimeout)
            : null;
        frame.Occupation = new CallingTask(command, timeout, Submitted: false, Taken: false, EarlyOutcome: null);
    }

    /// <summary>Why the call cannot be made with what the state made of its parameters; null when it can.</summary>
    private static StatesError? ParameterRefusal(Turn turn, CompiledTask state, JsonValue parameters)
    {
        if (state.Parameters is null || parameters is not JsonObject given || turn.Identity.InterpreterRevision < Interpreter.ChecksParameters
            || CallParameters.Of(state.Resource) is not CallParameters known)
        {
            return null;
        }

        string[] problems = [.. given.Select(parameter => known.Problem(parameter.Name, parameter.Value)).OfType<string>()];
        return problems.Length == 0 ? null : new StatesError(
            StatesErrorNames.Runtime, $"The Parameters '{parameters}' could not be used to start the Task: [{string.Join(", ", problems)}]");
    }

    /// <summary>Takes in what happened to the attempt.</summary>
    public static void Settle(Turn turn, LiveFrame frame, CompiledTask state, CallingTask calling, Stimulus outcome)
    {
        TaskResource resource = state.Resource;
        switch (outcome)
        {
            case ActivityTaken taken:
                if (!calling.Taken && resource.Kind == ResourceKind.Activity)
                {
                    TaskEvents.ActivityStarted(turn, frame, taken.WorkerName);
                    frame.Occupation = calling with { Taken = true };
                }

                break;
            case TaskSubmitted submitted:
                Submit(turn, frame, state, calling, submitted);
                break;
            case TaskSucceeded or TaskFailed when IsEarly(turn, resource, calling, outcome):
                frame.Occupation = calling with { EarlyOutcome = calling.EarlyOutcome ?? outcome };
                break;
            case TaskSucceeded succeeded:
                Succeed(turn, frame, state, calling, succeeded.Output);
                break;
            case TaskFailed failed:
                Release(turn, calling);
                TaskEvents.Failed(turn, frame, resource, failed.Stage, failed.Error, failed.Cause);
                FailureRules.Fail(turn, frame, new Failure(new StatesError(failed.Error, failed.Cause), FailureOrigin.Task));
                break;
            case TimerFired or HeartbeatMissed when calling.EarlyOutcome is Stimulus early:
                StartTimer? timeout = outcome is TimerFired ? null : calling.Timeout;
                Settle(turn, frame, state, calling with { EarlyOutcome = null, Submitted = true, Timeout = timeout }, early);
                break;
            case TimerFired:
                TimeOut(turn, frame, state, calling, FailureOrigin.Timeout);
                break;
            case HeartbeatMissed:
                TimeOut(turn, frame, state, calling, FailureOrigin.Heartbeat);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static bool IsEarly(Turn turn, TaskResource resource, CallingTask calling, Stimulus outcome) =>
        resource.Pattern switch
        {
            IntegrationPattern.WaitForTaskToken => true,
            IntegrationPattern.Sync or IntegrationPattern.Sync2 => turn.Identity.InterpreterRevision >= Interpreter.HoldsEarlyJobs,
            _ => false,
        }
        && !calling.Submitted
        && outcome is TaskSucceeded or TaskFailed { Stage: TaskFailureStage.Run };

    private static void Submit(Turn turn, LiveFrame frame, CompiledTask state, CallingTask calling, TaskSubmitted submitted)
    {
        if (calling.Submitted || state.Resource.Pattern == IntegrationPattern.RequestResponse)
        {
            return;
        }

        TaskEvents.Submitted(turn, frame, state.Resource, submitted.Output);
        turn.Spend(submitted.Output.Utf8Length);
        CallingTask waiting = calling with { Submitted = true, EarlyOutcome = null };
        frame.Occupation = waiting;
        if (calling.EarlyOutcome is not null)
        {
            Settle(turn, frame, state, waiting, calling.EarlyOutcome);
        }
    }

    private static void Succeed(Turn turn, LiveFrame frame, CompiledTask state, CallingTask calling, JsonValue output)
    {
        Release(turn, calling);
        if (turn.IsOversized(output))
        {
            TaskResource resource = state.Resource;
            StatesError error = FailureRules.Oversized(resource.Kind == ResourceKind.Service ? resource.Service : resource.Text);
            TaskEvents.Failed(turn, frame, resource, TaskFailureStage.Run, error.Name, error.Cause);
            FailureRules.Fail(turn, frame, new Failure(error, FailureOrigin.Task));
            return;
        }

        TaskEvents.Succeeded(turn, frame, state.Resource, output);
        turn.Spend(output.Utf8Length);
        turn.Inspection?.Note(InspectedStep.Result, output);
        DataFlow.AcceptResult(turn, frame, state, output, calling.Command.TaskToken);
    }

    private static void TimeOut(Turn turn, LiveFrame frame, CompiledTask state, CallingTask calling, FailureOrigin origin)
    {
        turn.GiveUp(origin == FailureOrigin.Timeout ? calling with { Timeout = null } : calling);
        TaskEvents.TimedOut(turn, frame, state.Resource);
        FailureRules.Fail(turn, frame, new Failure(new StatesError(StatesErrorNames.Timeout, null), origin));
    }

    /// <summary>The call has been answered: nothing of the attempt is waited for any more.</summary>
    private static void Release(Turn turn, CallingTask calling)
    {
        turn.Forget(calling.Command.Id);
        turn.CancelTimer(calling.Timeout);
    }

    private static bool TryCredentials(Turn turn, LiveFrame frame, CompiledTask state, JsonValue effective, out JsonValue? credentials)
    {
        credentials = null;
        return state.Credentials is null || DataFlow.TryEvaluate(turn, frame, state.Credentials, effective, out credentials);
    }
}
