using Lockstep.Embedded.Journal;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;

namespace Lockstep.Embedded.Executions;

/// <summary>Hands the activity tasks of a durable commit to those who poll, and tells the execution of those for activities that do not exist.</summary>
internal static class ActivityOffering
{
    /// <summary>Offers what a commit has scheduled.</summary>
    public static void Offer(DriverRuntime runtime, ExecutionHeader header, ExecutionState state, TurnCommit commit, ExecutionActor actor)
    {
        foreach (ActivityOffer offer in commit.Offers)
        {
            // A later turn of the same commit may have given the task up.
            if (state.FindTask(offer.Task) is not null)
            {
                runtime.Activities.Offer(header.TenantNumber, offer.Activity, header.Number, offer.Task);
            }
        }

        foreach (InvokeTask refused in commit.RefusedOffers)
        {
            Refuse(runtime, refused, actor);
        }
    }

    /// <summary>Fails a task whose activity does not exist.</summary>
    public static void Refuse(DriverRuntime runtime, InvokeTask task, ExecutionActor actor) => actor.TryPost(
        new OutcomeMail(task.Id, new TaskFailed(
            runtime.Time.GetUtcNow(),
            task.Id,
            ErrorCodes.ActivityDoesNotExist,
            $"The activity {task.Resource.Text} does not exist.",
            TaskFailureStage.Schedule)),
        inline: false);
}
