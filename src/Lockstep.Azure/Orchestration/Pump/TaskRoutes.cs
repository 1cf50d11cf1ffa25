using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Azure.Executions;
using Lockstep.Engine.Commands;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>How a task's outcome comes back.</summary>
/// <param name="Row">Who reports it to the ledger; null when the call's own answer is the outcome.</param>
/// <param name="IsCalled">Whether the orchestration itself makes the call, or the submission.</param>
internal readonly record struct TaskRoute(OpenTaskKind? Row, bool IsCalled);

/// <summary>Decides how tasks are carried out. Depends on the command and on settings that are fixed for the epoch, and on nothing else.</summary>
internal static class TaskRoutes
{
    public static TaskRoute Of(InvokeTask command, OrchestrationSettings settings)
    {
        if (command.Resource.Kind == ResourceKind.Activity)
        {
            return new TaskRoute(OpenTaskKind.Activity, IsCalled: false);
        }

        return command.Resource.Pattern switch
        {
            IntegrationPattern.RequestResponse when LongestSeconds(command, settings) <= settings.AwaitedTaskSeconds => new TaskRoute(null, IsCalled: true),
            IntegrationPattern.RequestResponse => new TaskRoute(OpenTaskKind.Queued, IsCalled: false),
            IntegrationPattern.WaitForTaskToken => new TaskRoute(OpenTaskKind.Callback, IsCalled: true),
            IntegrationPattern.Sync or IntegrationPattern.Sync2 => new TaskRoute(OpenTaskKind.Child, IsCalled: true),
            _ => throw new UnreachableException(),
        };
    }

    private static long LongestSeconds(InvokeTask command, OrchestrationSettings settings)
    {
        bool isFunction = command.Resource.Kind == ResourceKind.Function || command.Resource.Service == "lambda";
        long own = isFunction ? settings.FunctionCallSeconds : settings.ServiceCallSeconds;
        return command.TimeoutSeconds is long timeout ? Math.Min(timeout, own) : own;
    }
}
