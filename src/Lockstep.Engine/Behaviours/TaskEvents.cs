using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>The events of a task: each family of resources has its own (functions, activities, service integrations).</summary>
internal static class TaskEvents
{
    /// <summary>An attempt is handed over. Functions and services start at once; an activity starts when a worker takes it.</summary>
    public static void Scheduled(
        Turn turn, LiveFrame frame, TaskResource resource, JsonValue parameters, long? timeoutSeconds, long? heartbeatSeconds, JsonValue? credentials)
    {
        switch (resource.Kind)
        {
            case ResourceKind.Function:
                turn.Emit(frame, HistoryEventType.LambdaFunctionScheduled, new CallScheduledDetails(
                    resource.Text, parameters, timeoutSeconds, HeartbeatSeconds: null, credentials));
                turn.Emit(frame, HistoryEventType.LambdaFunctionStarted, null);
                break;
            case ResourceKind.Activity:
                turn.Emit(frame, HistoryEventType.ActivityScheduled, new CallScheduledDetails(
                    resource.Text, parameters, timeoutSeconds, heartbeatSeconds, Credentials: null));
                break;
            default:
                turn.Emit(frame, HistoryEventType.TaskScheduled, new TaskScheduledDetails(
                    resource.Service, resource.Action, turn.Identity.Region, parameters, timeoutSeconds, heartbeatSeconds, credentials));
                turn.Emit(frame, HistoryEventType.TaskStarted, new TaskStartedDetails(resource.Service, resource.Action));
                break;
        }
    }

    public static void ActivityStarted(Turn turn, LiveFrame frame, string? workerName) =>
        turn.Emit(frame, HistoryEventType.ActivityStarted, new ActivityStartedDetails(workerName));

    public static void Submitted(Turn turn, LiveFrame frame, TaskResource resource, JsonValue output) =>
        turn.Emit(frame, HistoryEventType.TaskSubmitted, new TaskOutputDetails(resource.Service, resource.Action, output));

    public static void Succeeded(Turn turn, LiveFrame frame, TaskResource resource, JsonValue output)
    {
        switch (resource.Kind)
        {
            case ResourceKind.Function:
                turn.Emit(frame, HistoryEventType.LambdaFunctionSucceeded, new OutputDetails(output));
                break;
            case ResourceKind.Activity:
                turn.Emit(frame, HistoryEventType.ActivitySucceeded, new OutputDetails(output));
                break;
            default:
                turn.Emit(frame, HistoryEventType.TaskSucceeded, new TaskOutputDetails(resource.Service, resource.Action, output));
                break;
        }
    }

    public static void Failed(
        Turn turn, LiveFrame frame, TaskResource resource, TaskFailureStage stage, string? error, string? cause)
    {
        HistoryEventType type = (resource.Kind, stage) switch
        {
            (ResourceKind.Function, TaskFailureStage.Schedule) => HistoryEventType.LambdaFunctionScheduleFailed,
            (ResourceKind.Function, TaskFailureStage.Start) => HistoryEventType.LambdaFunctionStartFailed,
            (ResourceKind.Function, _) => HistoryEventType.LambdaFunctionFailed,
            (ResourceKind.Activity, TaskFailureStage.Schedule) => HistoryEventType.ActivityScheduleFailed,
            (ResourceKind.Activity, _) => HistoryEventType.ActivityFailed,
            (_, TaskFailureStage.Start) => HistoryEventType.TaskStartFailed,
            (_, TaskFailureStage.Submit) => HistoryEventType.TaskSubmitFailed,
            _ => HistoryEventType.TaskFailed,
        };
        EmitError(turn, frame, resource, type, error, cause);
    }

    public static void TimedOut(Turn turn, LiveFrame frame, TaskResource resource)
    {
        HistoryEventType type = resource.Kind switch
        {
            ResourceKind.Function => HistoryEventType.LambdaFunctionTimedOut,
            ResourceKind.Activity => HistoryEventType.ActivityTimedOut,
            _ => HistoryEventType.TaskTimedOut,
        };
        EmitError(turn, frame, resource, type, StatesErrorNames.Timeout, null);
    }

    private static void EmitError(
        Turn turn, LiveFrame frame, TaskResource resource, HistoryEventType type, string? error, string? cause) =>
        turn.Emit(frame, type, resource.Kind == ResourceKind.Service
            ? new TaskErrorDetails(resource.Service, resource.Action, error, cause)
            : new ErrorDetails(error, cause));
}
