using Lockstep.Engine.History;

namespace Lockstep.Service.Executions;

/// <summary>How much of a page an event of a history takes up.</summary>
public static class HistoryEventSize
{
    /// <summary>Bytes of the payload texts that an event shows; names and numbers do not count.</summary>
    public static long Of(HistoryEventDetails? details) => details switch
    {
        ExecutionStartedDetails started => started.Input.Utf8Length,
        StateEnteredDetails entered => entered.Input.Utf8Length,
        StateExitedDetails exited => (long)exited.Output.Utf8Length + (exited.AssignedVariables?.Utf8Length ?? 0),
        OutputDetails output => output.Output.Utf8Length,
        TaskOutputDetails output => output.Output.Utf8Length,
        CallScheduledDetails scheduled => scheduled.Input.Utf8Length,
        TaskScheduledDetails scheduled => scheduled.Parameters.Utf8Length,
        ErrorDetails error => (error.Error?.Length ?? 0) + (error.Cause?.Length ?? 0),
        TaskErrorDetails error => (error.Error?.Length ?? 0) + (error.Cause?.Length ?? 0),
        _ => 0,
    };
}
