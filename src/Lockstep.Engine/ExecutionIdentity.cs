namespace Lockstep.Engine;

/// <summary>Who an execution is. Fixed at its start and journalled with it; the context object shows most of it.</summary>
/// <param name="ExecutionArn">The execution's ARN; <c>$$.Execution.Id</c>.</param>
/// <param name="ExecutionName">Its name; <c>$$.Execution.Name</c>.</param>
/// <param name="StateMachineArn">ARN of the machine, without version; <c>$$.StateMachine.Id</c>.</param>
/// <param name="StateMachineName">Name of the machine; <c>$$.StateMachine.Name</c>.</param>
/// <param name="RoleArn">The role; <c>$$.Execution.RoleArn</c>. Shown, never used to decide anything.</param>
/// <param name="Seed">Drawn once by whoever starts the execution; all its random numbers come from it.</param>
/// <param name="Incarnation">Counts executions that had the same ARN before; part of every idempotency key.</param>
/// <param name="TokenKeyId">Identifies the persistent key that signs the execution's task tokens.</param>
/// <param name="InterpreterRevision">The revision of the interpreter's behaviour that the execution keeps for life.</param>
public sealed record ExecutionIdentity(
    string ExecutionArn,
    string ExecutionName,
    string StateMachineArn,
    string StateMachineName,
    string RoleArn,
    ulong Seed,
    long Incarnation,
    string TokenKeyId,
    int InterpreterRevision)
{
    /// <summary>ARN of the version it runs; null when it was started without one.</summary>
    public string? StateMachineVersionArn { get; init; }

    /// <summary>ARN of the alias it was started through; null when there was none.</summary>
    public string? StateMachineAliasArn { get; init; }

    /// <summary>
    /// What it was handed of a trace: the span that started it, as a W3C traceparent of version 00, and behind a space the X-Ray tracing header of its start where there
    /// was one; null when nobody handed anything over. Telemetry joins it; it decides nothing.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>The region, as the ARN names it; shown in TaskScheduled.</summary>
    public string Region => Part(3);

    /// <summary>Whether it is an Express execution, which the ARN shows.</summary>
    public bool IsExpress => Part(5) == "express";

    private string Part(int index)
    {
        string[] parts = ExecutionArn.Split(':', index + 2);
        return index < parts.Length ? parts[index] : "";
    }
}
