using Lockstep.Service.Errors;

namespace Lockstep.Service.Executions;

/// <summary>The anticipated failures of a driver, worded alike whichever driver it is.</summary>
public static class DriverErrors
{
    /// <summary>The task of a report never was.</summary>
    public static ServiceError UnknownTask { get; } =
        new(ErrorCodes.TaskDoesNotExist, "The task that the token names does not exist.");

    /// <summary>The task of a report waits no longer.</summary>
    public static ServiceError TaskGone { get; } =
        new(ErrorCodes.TaskTimedOut, "The task that the token names no longer waits: it has timed out, ended or been given up.");

    /// <summary>An Express execution was to be stopped.</summary>
    public static ServiceError ExpressStop { get; } = new(
        ErrorCodes.StateMachineTypeNotSupported, "An Express execution cannot be stopped; it ends by itself within its time limit.");

    /// <summary>An Express execution was to be redriven.</summary>
    public static ServiceError ExpressRedrive { get; } = new(
        ErrorCodes.StateMachineTypeNotSupported, "An Express execution cannot be redriven; start it again.");

    /// <summary>The process ends before the execution has.</summary>
    public static ServiceError Stopping { get; } =
        new(ErrorCodes.StorageUnavailable, "The service is stopping; the execution was given up. Start it again.");

    /// <summary>The machine has gone, or its revision.</summary>
    public static ServiceError NoStateMachine(string name) =>
        new(ErrorCodes.StateMachineDoesNotExist, $"State machine '{name}' does not exist.");

    /// <summary>There is no such execution.</summary>
    public static ServiceError NoExecution(ExecutionKey key) =>
        new(ErrorCodes.ExecutionDoesNotExist, $"Execution '{key.Id}' does not exist.");

    /// <summary>There is no such parent.</summary>
    public static ServiceError NoParent(ExecutionKey key) =>
        new(ErrorCodes.ExecutionDoesNotExist, $"The parent '{key.Id}' does not exist.");

    /// <summary>An execution was to start for a task that does not wait any more.</summary>
    public static ServiceError NotWaitedFor(ExecutionKey key) =>
        new(ErrorCodes.TaskTimedOut, $"No task of the parent '{key.Id}' waits for it any more.");

    /// <summary>An execution cannot be redriven.</summary>
    /// <param name="reason">Why, in the words of Step Functions.</param>
    public static ServiceError NotRedrivable(string reason) => new(ErrorCodes.ExecutionNotRedrivable, reason);

    /// <summary>The name is taken, and not by the same request.</summary>
    public static ServiceError NameTaken(ExecutionKey key) =>
        new(ErrorCodes.ExecutionAlreadyExists, $"Execution '{key.Id}' already exists.");

    /// <summary>The execution is out of service.</summary>
    public static ServiceError Quarantined(ExecutionKey key) => new(
        ErrorCodes.Conflict, $"Execution '{key.Id}' is quarantined: its journal and the interpreter disagree. The operator's log says where.");
}
