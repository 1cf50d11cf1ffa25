using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Effects;

/// <summary>Calls what a task names, and says what its outcome means for the execution. Both drivers call through here.</summary>
public static class TaskCalls
{
    private const string RuntimeError = "States.Runtime";

    /// <summary>
    /// Carries out the call that a command asks for. Whatever happens is an outcome: a resource that nothing serves, a target that throws.
    /// </summary>
    /// <param name="targets">What can be called.</param>
    /// <param name="command">The command.</param>
    /// <param name="execution">The execution that calls.</param>
    /// <param name="effectKeys">What its idempotency keys begin with (<see cref="EffectKeys"/>).</param>
    /// <param name="warn">Tells the operator of a target that threw, which is a defect of the target.</param>
    /// <param name="cancellation">The outcome is no longer wanted; the call then throws.</param>
    /// <param name="trace">The execution's trace, which the call joins; null for one that follows from its key alone.</param>
    /// <param name="isRepeated">
    /// Whether the caller makes the call again when it throws. Then it does so where a call of a map run finds the storage away: no item fails because of that.
    /// </param>
    public static async ValueTask<TaskOutcome> InvokeAsync(
        ITaskTargets targets,
        InvokeTask command,
        ExecutionKey execution,
        string effectKeys,
        Action<string, Exception> warn,
        CancellationToken cancellation,
        ExecutionTrace? trace = null,
        bool isRepeated = false)
    {
        try
        {
            return targets.Find(command.Resource) is { } target
                ? await target.InvokeAsync(ToInvocation(command, execution, effectKeys, trace), cancellation)
                : new TaskRefused(RuntimeError, $"Nothing serves the resource {command.Resource.Text}.", TaskFailureStage.Schedule);
        }
        catch (StorageUnavailableException) when (isRepeated && MapRunResources.IsOne(command.Resource))
        {
            throw;
        }
        catch (Exception defect) when (defect is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            warn($"The target of {command.Resource.Text} threw for execution {execution.Id} of tenant {execution.Tenant}", defect);
            return new TaskRefused(RuntimeError, defect.Message);
        }
    }

    /// <summary>The call that a command asks for, with the key that is equal whenever the same attempt is carried out again.</summary>
    public static TaskInvocation ToInvocation(InvokeTask command, ExecutionKey execution, string effectKeys, ExecutionTrace? trace = null) => new(
        execution.Tenant,
        execution,
        command.Id,
        command.Resource,
        command.Parameters,
        command.Attempt,
        EffectKeys.ForAttempt(effectKeys, command.Id, command.Attempt),
        command.TaskToken)
    {
        StateName = command.StateName,
        Trace = trace?.Call(command.Id),
    };

    /// <summary>
    /// What an outcome means for the execution: the end of the task, or, for patterns that wait, that its submission was accepted. Of a call that
    /// only submits something, the refusal is that of the submission, however the target put it: nothing runs that could fail.
    /// </summary>
    public static Stimulus ToStimulus(InvokeTask command, TaskOutcome outcome, DateTimeOffset now)
    {
        bool submits = command.Resource.Pattern != IntegrationPattern.RequestResponse;
        return outcome switch
        {
            TaskAnswered answered when submits => new TaskSubmitted(now, command.Id, answered.Output),
            TaskAnswered answered => new TaskSucceeded(now, command.Id, answered.Output),
            TaskRefused { Stage: TaskFailureStage.Run } refused when submits =>
                new TaskFailed(now, command.Id, refused.Error, refused.Cause, TaskFailureStage.Submit),
            TaskRefused refused => new TaskFailed(now, command.Id, refused.Error, refused.Cause, refused.Stage),
            _ => throw new UnreachableException(),
        };
    }
}
