using Lockstep.Asl.Resources;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Nested;

/// <summary>
/// <c>states:startExecution</c>, plain, .sync, .sync:2 and .waitForTaskToken. Invariant: carrying out the same attempt again after a crash
/// starts no second Standard child: the driver knows a child by its parent's task, and without a name it is named after the attempt as well.
/// </summary>
/// <param name="machines">Tells the type of a machine.</param>
/// <param name="executions">Starts and describes; asked for at the first call, because the driver that calls targets is behind it.</param>
/// <param name="options">For the region in ARNs.</param>
/// <param name="time">Dates the metadata.</param>
internal sealed class StartExecutionTarget(
    IStateMachineStore machines, Func<ExecutionUseCases> executions, TargetOptions options, TimeProvider time) : ITaskTarget
{
    private readonly ArnFormat _arns = new(options.Region);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (StartExecutionParameters.Read(invocation.Parameters, out string problem) is not { } parameters)
        {
            return Failures.BadParameter(invocation, problem);
        }

        if (!ArnFormat.TryParseStateMachine(parameters.StateMachineArn, out var owner, out string? reference))
        {
            return StartFailures.Of(invocation, ErrorCodes.InvalidArn, $"Invalid Arn: '{parameters.StateMachineArn}'");
        }

        // Another tenant's machine is answered like one that does not exist, so nobody learns what others have.
        string machineName = reference.Split(':')[0];
        StateMachineRecord? machine = owner == invocation.Tenant ? await machines.FindAsync(owner, machineName, cancellation) : null;
        if (machine is null)
        {
            return NoMachine(invocation, parameters);
        }

        if (Waits(invocation) && machine.Type == WorkflowType.Express)
        {
            return StartFailures.Of(
                invocation, ErrorCodes.StateMachineTypeNotSupported, "An Express execution cannot be waited for; start it without .sync.");
        }

        if (!TryReadInput(parameters.Input, out JsonValue? input))
        {
            return StartFailures.Of(invocation, ErrorCodes.InvalidExecutionInput, "Invalid State Machine Execution Input: the text is not JSON");
        }

        return await StartAsync(invocation, machine, reference, parameters, input, cancellation);
    }

    private static TaskRefused NoMachine(TaskInvocation invocation, StartExecutionParameters parameters) => StartFailures.Of(
        invocation, ErrorCodes.StateMachineDoesNotExist, $"State Machine Does Not Exist: '{parameters.StateMachineArn}'");

    private static bool Waits(TaskInvocation invocation) => invocation.Resource.Pattern is IntegrationPattern.Sync or IntegrationPattern.Sync2;

    private static bool TryReadInput(JsonValue? given, out JsonValue? input)
    {
        input = given;
        return given is not JsonString text || JsonReader.Read(text.Value).TryGetValue(out input, out _);
    }

    private async ValueTask<TaskOutcome> StartAsync(
        TaskInvocation invocation,
        StateMachineRecord machine,
        string reference,
        StartExecutionParameters parameters,
        JsonValue? input,
        CancellationToken cancellation)
    {
        string? givenName = parameters.Name;
        string name = givenName ?? Failures.RequestIdOf(invocation);
        var parent = new ParentTask(invocation.Execution, invocation.Task, Waits(invocation));
        Result<StartOutcome> started = await executions().StartAsync(
            invocation.Tenant, reference, name, input, parent, cancellation, invocation.Trace?.ToString());
        if (started.Succeeded)
        {
            return new TaskAnswered(OutputOf(invocation, started.Value.Execution));
        }

        if (started.Error.Code != ErrorCodes.ExecutionAlreadyExists)
        {
            // The machine is there, so what is missing is its version or alias.
            return started.Error.Code == ErrorCodes.StateMachineDoesNotExist
                ? NoMachine(invocation, parameters)
                : StartFailures.Of(invocation, started.Error);
        }

        if (givenName is null)
        {
            // Nobody else has the derived name: this attempt started the child before a crash, and it has ended since.
            Result<ExecutionRecord> child = await executions().DescribeAsync(
                ExecutionKey.Of(invocation.Tenant, machine.Name, name, expressRunId: null), cancellation);
            return child.Succeeded
                ? new TaskAnswered(OutputOf(invocation, child.Value))
                : StartFailures.Of(invocation, child.Error);
        }

        string arn = _arns.Execution(invocation.Tenant, machine.Name, name, expressRunId: null);
        return StartFailures.Of(invocation, ErrorCodes.ExecutionAlreadyExists, $"Execution Already Exists: '{arn}'");
    }

    private JsonObject OutputOf(TaskInvocation invocation, ExecutionRecord child)
    {
        var arn = new JsonProperty("ExecutionArn", JsonString.Of(child.Arn));
        var date = new JsonProperty("StartDate", NestedExecutionReport.DateOf(child.StartedAt));
        (JsonObject http, JsonObject response) = SdkMetadata.OfLocal(invocation, time.GetUtcNow(), JsonObject.Of(arn, date).Utf8Length);
        return JsonObject.Of(
            arn, new JsonProperty(SdkMetadata.HttpName, http), new JsonProperty(SdkMetadata.ResponseName, response), date);
    }
}
