using System.Security.Cryptography;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>The task of another execution that starts this one (<c>states:startExecution</c>). A task has one child: asked again, it gets the same.</summary>
/// <param name="Execution">The parent.</param>
/// <param name="Task">Its task.</param>
/// <param name="Waits">Whether the task waits for the child to end (<c>.sync</c>, <c>.sync:2</c>).</param>
public sealed record ParentTask(ExecutionKey Execution, CommandId Task, bool Waits);

/// <summary>A validated request to start an execution: the machine exists, the name is well formed, the input is within its limit.</summary>
public sealed record StartRequest(TenantId Tenant, StateMachineRecord Machine, string Name, JsonValue Input)
{
    /// <summary>The key that the execution is to have.</summary>
    public required ExecutionKey Key { get; init; }

    /// <summary>The ARN that the execution is to have.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>ARN of the machine, without version.</summary>
    public required string StateMachineArn { get; init; }

    /// <summary>What of the machine it is to run.</summary>
    public ExecutionPart Part { get; init; }

    /// <summary>The name that it shows for its machine; that of the machine, unless it is part of a map run.</summary>
    public string StateMachineName { get; init; } = Machine.Name;

    /// <summary>The version that it is to run, drawn already where an alias routes; null for a plain start.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that it is started through; null when there is none.</summary>
    public string? Alias { get; init; }

    /// <summary>The task that starts it; null when none does.</summary>
    public ParentTask? Parent { get; init; }

    /// <summary>The span that starts it, as a W3C traceparent; null when there is none. What is no traceparent counts as absent.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The X-Ray tracing header of the start, which is shown again; null when there is none. Where it names a trace, the execution joins that.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>Time after which a synchronous run is timed out; null for the driver's own limit, which holds in any case.</summary>
    public TimeSpan? LongestRun { get; init; }

    /// <summary>Composes a request with key and ARNs for the machine's type; an Express execution gets a run id of its own.</summary>
    public static StartRequest For(ArnFormat arns, StateMachineRecord machine, string name, JsonValue input)
    {
        string? runId = machine.Type == WorkflowType.Express ? Guid.NewGuid().ToString() : null;
        return new StartRequest(machine.Tenant, machine, name, input)
        {
            Key = ExecutionKey.Of(machine.Tenant, machine.Name, name, runId),
            ExecutionArn = arns.Execution(machine.Tenant, machine.Name, name, runId),
            StateMachineArn = arns.StateMachine(machine.Tenant, machine.Name),
        };
    }

    /// <summary>Who the execution is to be: with a seed that is drawn here and kept for life.</summary>
    /// <param name="tokenKeyId">The key that signs its task tokens.</param>
    public ExecutionIdentity NewIdentity(string tokenKeyId) => new(
        ExecutionArn,
        Name,
        StateMachineArn,
        StateMachineName,
        Machine.RoleArn,
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        Incarnation: 1,
        tokenKeyId,
        Interpreter.CurrentRevision)
    {
        StateMachineVersionArn = ArnFormat.Qualified(StateMachineArn, Version),
        StateMachineAliasArn = ArnFormat.Qualified(StateMachineArn, Alias),
        TraceParent = TraceOrigin.Of(TraceParent, TraceHeader).ToStored(),
    };

    /// <summary>What the execution shows while it runs, without its input.</summary>
    public ExecutionRecord NewRecord(DateTimeOffset startedAt) => new()
    {
        Key = Key,
        Arn = ExecutionArn,
        Name = Name,
        StateMachineName = StateMachineName,
        StateMachineArn = StateMachineArn,
        Version = Version,
        Alias = Alias,
        RevisionId = Machine.RevisionId,
        Type = Machine.Type,
        Status = ExecutionStatus.Running,
        StartedAt = startedAt,
        TraceHeader = TraceHeader is "" ? null : TraceHeader,
    };

    /// <summary>
    /// The answer when the name is taken: the same input while it runs is the same request again (Step Functions, StartExecution).
    /// </summary>
    /// <param name="existing">The execution that has the name, with its input; null when it has gone meanwhile.</param>
    public Result<StartOutcome> AnswerTo(ExecutionRecord? existing) =>
        existing is { Status: ExecutionStatus.Running, Input: { } input } && JsonValue.Parse(input).Equals(Input)
            ? new StartOutcome(existing, Created: false)
            : DriverErrors.NameTaken(Key);
}

/// <summary>How a start was answered.</summary>
/// <param name="Execution">The execution that now exists under the name.</param>
/// <param name="Created">False when the same name with the same input was already running: the answer is idempotent.</param>
public sealed record StartOutcome(ExecutionRecord Execution, bool Created);
