using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Operations;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Executions: start, start and wait, describe, list, stop and redrive.</summary>
internal static class ExecutionWire
{
    /// <summary>What the rate of starts of Express executions is called.</summary>
    public const string ExpressStart = "StartExpressExecution";

    /// <summary>The rate of starts of Express executions.</summary>
    public static ThrottleRate ExpressStartRate { get; } = new(6_000, 6_000);

    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("StartExecution", StartShape(), StartAsync, new ThrottleRate(1_300, 300))
        {
            Bucket = BucketOfStartAsync,
            Errors =
            [
                "ExecutionAlreadyExists", "ExecutionLimitExceeded", "InvalidArn", "InvalidExecutionInput", "InvalidName", "StateMachineDoesNotExist",
            ],
            Differences =
            [
                "A name can be used again as soon as the operator's retention has removed its execution, which need not be after 90 days.",
                "traceHeader is kept and shown. The trace that it names goes to the operator's telemetry instead of X-Ray, with Root as the trace id and Parent as the parent of the "
                + "execution; without one, or where it names none, traces are continued from the request's traceparent.",
            ],
        },
        new("StartSyncExecution", StartShape(new ShapeMember("includedData", RequestShapes.IncludedData)), StartSyncAsync, new ThrottleRate(6_000, 6_000))
        {
            Pace = RoutePace.Synchronous,
            Errors = ["InvalidArn", "InvalidExecutionInput", "InvalidName", "StateMachineDoesNotExist", "StateMachineTypeNotSupported", "ExecutionLimitExceeded"],
            Differences =
            [
                "billedMemoryUsedInMB is always 64, the least that Step Functions bills: memory is not metered here.",
                "Where the service runs on Azure, an execution that takes longer than 200 seconds goes on, and the call is answered with ServiceUnavailable.",
            ],
        },
        new("StopExecution", StopShape(), StopAsync, new ThrottleRate(1_000, 200)) { Errors = ["ExecutionDoesNotExist", "InvalidArn"] },
        new("DescribeExecution", DescribeShape(), DescribeAsync, new ThrottleRate(300, 15)) { Errors = ["ExecutionDoesNotExist", "InvalidArn"] },
        new("RedriveExecution", RedriveShape(), RedriveAsync, new ThrottleRate(1_300, 300))
        {
            Errors = ["ExecutionDoesNotExist", "ExecutionLimitExceeded", "ExecutionNotRedrivable", "InvalidArn"],
        },
        ExecutionListWire.Operation,
    ];

    private static StructureShape StartShape(params ImmutableArray<ShapeMember> more) => new(
    [
        new("stateMachineArn", RequestShapes.Arn, true),
        new("name", RequestShapes.Name),
        new("input", RequestShapes.Data),
        new("traceHeader", RequestShapes.TraceHeader),
        .. more,
    ]);

    private static StructureShape StopShape() => new(
        new("executionArn", RequestShapes.Arn, true), new("error", RequestShapes.Error), new("cause", RequestShapes.Cause));

    private static StructureShape DescribeShape() => new(
        new ShapeMember("executionArn", RequestShapes.Arn, true), new ShapeMember("includedData", RequestShapes.IncludedData));

    private static StructureShape RedriveShape() => new(
        new ShapeMember("executionArn", RequestShapes.Arn, true), new ShapeMember("clientToken", RequestShapes.ClientToken));

    private static async ValueTask<KeyValuePair<string, ThrottleRate>> BucketOfStartAsync(WireCall call)
    {
        WorkflowType? type = WireArns.ReadStateMachine(call, call.Text("stateMachineArn"), out StateMachineReference machine) is null
            ? call.Surroundings.Bounds.Operations.TypeOf(call.Tenant, machine.Name)
                ?? (await call.Service.StateMachines.DescribeAsync(call.Tenant, machine.Name, call.Cancellation)).Value?.Type
            : null;
        return type == WorkflowType.Express ? new(ExpressStart, ExpressStartRate) : new(call.Operation.Name, call.Operation.Throttle);
    }

    private static async ValueTask<WireAnswer> StartAsync(WireCall call)
    {
        if (ReadStart(call, out StateMachineReference machine, out JsonValue? input) is { } wrong)
        {
            return wrong;
        }

        Result<StartOutcome> outcome = await call.Service.Executions.StartAsync(
            call.Tenant, machine.ToString(), call.OptionalText("name"), input, parent: null, call.Cancellation, call.TraceParent, call.OptionalText("traceHeader"));
        if (!outcome.Succeeded)
        {
            return Refuse(call, outcome.Error, machine);
        }

        call.Surroundings.Bounds.Operations.Learn(call.Tenant, machine.Name, outcome.Value.Execution.Type);
        return WireAnswer.Of(writer =>
        {
            writer.WriteString("executionArn", outcome.Value.Execution.Arn);
            writer.WriteEpoch("startDate", outcome.Value.Execution.StartedAt);
        });
    }

    private static async ValueTask<WireAnswer> StartSyncAsync(WireCall call)
    {
        if (ReadStart(call, out StateMachineReference machine, out JsonValue? input) is { } wrong)
        {
            return wrong;
        }

        Result<ExecutionRecord> ended = await call.Service.Executions.StartSyncAsync(
            call.Tenant, machine.ToString(), call.OptionalText("name"), input, call.Cancellation, call.TraceParent, call.OptionalText("traceHeader"));
        if (!ended.Succeeded)
        {
            return Refuse(call, ended.Error, machine);
        }

        ExecutionRecord execution = ended.Value;
        if (execution.StoppedAt is not { } stoppedAt)
        {
            return WireErrors.NotNow($"The execution takes longer than a call may here, and goes on as {execution.Arn}.");
        }

        return WireAnswer.Of(writer =>
        {
            writer.WriteString("executionArn", execution.Arn);
            writer.WriteString("stateMachineArn", execution.StateMachineArn);
            writer.WriteString("name", execution.Name);
            WriteOutcome(writer, call, execution);
            writer.WriteStartObject("billingDetails");
            writer.WriteNumber("billedDurationInMilliseconds", BilledMilliseconds(stoppedAt - execution.StartedAt));
            writer.WriteNumber("billedMemoryUsedInMB", 64);
            writer.WriteEndObject();
        });
    }

    private static async ValueTask<WireAnswer> StopAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<ExecutionRecord> stopped = await call.Service.Executions.StopAsync(
            key, call.OptionalText("error"), call.OptionalText("cause"), call.Cancellation);
        return stopped.Succeeded
            ? WireAnswer.Of(writer => writer.WriteEpoch("stopDate", stopped.Value.StoppedAt))
            : WireErrors.Of(stopped.Error, arn);
    }

    private static async ValueTask<WireAnswer> RedriveAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<RedriveOutcome> redriven = await call.Service.Redrives.RedriveAsync(
            key, call.OptionalText("clientToken"), input: null, revisionId: null, version: null, call.Cancellation);
        return redriven.Succeeded
            ? WireAnswer.Of(writer => writer.WriteEpoch("redriveDate", redriven.Value.RedrivenAt))
            : WireErrors.Of(redriven.Error, arn);
    }

    private static async ValueTask<WireAnswer> DescribeAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<ExecutionRecord> execution = await call.Service.Executions.DescribeAsync(key, call.Cancellation);
        return execution.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteString("executionArn", execution.Value.Arn);
                writer.WriteString("name", execution.Value.Name);
                writer.WriteOrigin(execution.Value);
                writer.WriteOptional("mapRunArn", execution.Value.MapRunArn);
                WriteOutcome(writer, call, execution.Value);
                WriteRedrives(writer, execution.Value);
                if (execution.Value.Redrive is { } verdict)
                {
                    writer.WriteString("redriveStatus", RedriveOperations.TextOf(verdict.Status));
                    writer.WriteOptional("redriveStatusReason", verdict.Reason);
                }
            })
            : WireErrors.Of(execution.Error, arn);
    }

    private static void WriteOutcome(Utf8JsonWriter writer, WireCall call, ExecutionRecord execution)
    {
        writer.WriteString("status", WireText.StatusOf(execution));
        writer.WriteEpoch("startDate", execution.StartedAt);
        writer.WriteEpoch("stopDate", execution.StoppedAt);
        writer.WriteData("input", execution.Input, call.IncludesData);
        writer.WriteData("output", execution.Output, call.IncludesData);
        writer.WriteOptional("traceHeader", execution.TraceHeader);
        if (call.IncludesData)
        {
            writer.WriteOptional("error", execution.Error);
            writer.WriteOptional("cause", execution.Cause);
        }
    }

    /// <summary>Writes how often and when an execution was redriven.</summary>
    public static void WriteRedrives(Utf8JsonWriter writer, ExecutionRecord execution)
    {
        writer.WriteNumber("redriveCount", execution.RedriveCount);
        writer.WriteEpoch("redriveDate", execution.RedrivenAt);
    }

    private static WireError? ReadStart(WireCall call, out StateMachineReference machine, out JsonValue? input)
    {
        input = null;
        if (WireArns.ReadStateMachine(call, call.Text("stateMachineArn"), out machine) is { } badArn)
        {
            return badArn;
        }

        return call.OptionalText("input") is { } text && (input = JsonText.Parse(text, call.Limits, out string? reason)) is null
            ? new WireError("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{reason}'")
            : null;
    }

    private static WireError Refuse(WireCall call, ServiceError error, StateMachineReference machine) => error switch
    {
        { Code: ErrorCodes.InvalidName, Target: "/name" } => WireErrors.Of(error, call.OptionalText("name") ?? ""),
        { Code: ErrorCodes.ResourceNotFound } => WireErrors.Of(new ServiceError(ErrorCodes.StateMachineDoesNotExist, ""), call.Text("stateMachineArn")),
        { Code: ErrorCodes.ExecutionAlreadyExists } => WireErrors.Of(
            error, call.Service.Arns.Execution(call.Tenant, machine.Name, call.OptionalText("name") ?? "", expressRunId: null)),
        _ => WireErrors.Of(error, call.Text("stateMachineArn")),
    };

    // Step Functions bills Express executions by 100 milliseconds that have begun.
    private static long BilledMilliseconds(TimeSpan duration) => (long)Math.Max(1, Math.Ceiling(duration.TotalMilliseconds / 100)) * 100;
}
