using System.Text.Json;
using Lockstep.Api.Operations;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Lists of executions: of a state machine, or the children of a map run.</summary>
internal static class ExecutionListWire
{
    /// <summary>The operation.</summary>
    public static WireOperation Operation { get; } = new("ListExecutions", Shape(), ListAsync, new ThrottleRate(200, 5))
    {
        Errors = ["InvalidArn", "InvalidToken", "ResourceNotFound", "StateMachineDoesNotExist", "StateMachineTypeNotSupported"],
    };

    private static StructureShape Shape() => StateMachineWire.ListShape(
        new("stateMachineArn", RequestShapes.Arn),
        new("statusFilter", RequestShapes.ExecutionStatus),
        new("mapRunArn", RequestShapes.LongArn),
        new("redriveFilter", RequestShapes.RedriveFilter));

    private static ValueTask<WireAnswer> ListAsync(WireCall call) => (call.OptionalText("stateMachineArn"), call.OptionalText("mapRunArn")) switch
    {
        (null, null) => Refused("Must provide a state machine ARN or a map run ARN.", "MISSING_REQUIRED_PARAMETER"),
        (string machine, null) => ListOfMachineAsync(call, machine),
        (null, string run) => ListOfMapRunAsync(call, run),
        _ => Refused("A state machine ARN and a map run ARN cannot be given together."),
    };

    private static async ValueTask<WireAnswer> ListOfMachineAsync(WireCall call, string arn)
    {
        if (WireArns.ReadStateMachine(call, arn, out StateMachineReference machine) is { } badArn)
        {
            return badArn;
        }

        string? status = call.OptionalText("statusFilter");
        if (status == WireText.PendingRedrive)
        {
            return WireErrors.Validation("The status filter PENDING_REDRIVE is only for the executions of a map run.");
        }

        if (call.OptionalText("redriveFilter") is not null)
        {
            return WireErrors.Validation("The redrive filter is only for the executions of a map run.");
        }

        Result<StateMachineRecord> described = await call.Service.StateMachines.DescribeAsync(call.Tenant, machine.Name, call.Cancellation);
        if (described is { Succeeded: true, Value.Type: WorkflowType.Express })
        {
            return WireErrors.Of(new ServiceError(ErrorCodes.StateMachineTypeNotSupported, ""), arn);
        }

        Result<Page<ExecutionRecord>> page = described.Succeeded
            ? await call.Service.Executions.ListOfMachineAsync(
                call.Tenant, machine.ToString(), status is null ? null : WireText.StatusOf(status), call.Page(), call.Cancellation)
            : described.Error;
        return page.Succeeded ? Answer(page.Value, Write) : WireErrors.Of(page.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListOfMapRunAsync(WireCall call, string arn)
    {
        if (MapRunWire.CheckArn(call, arn) is { } badArn)
        {
            return badArn;
        }

        Result<Page<ExecutionRecord>> page = await call.Service.MapRuns.ListChildrenAsync(
            call.Tenant, arn, WireText.ChildFilterOf(call.OptionalText("statusFilter"), call.OptionalText("redriveFilter")), call.Page(), call.Cancellation);
        return page.Succeeded ? Answer(page.Value, WriteChild) : MapRunWire.Refuse(page.Error, arn);
    }

    private static ValueTask<WireAnswer> Refused(string message, string? reason = null) =>
        ValueTask.FromResult<WireAnswer>(reason is null ? WireErrors.Validation(message) : WireErrors.Validation(message, reason));

    private static WireAnswer Answer(Page<ExecutionRecord> page, Action<Utf8JsonWriter, ExecutionRecord> write) => WireAnswer.Of(writer =>
    {
        writer.WriteList("executions", page.Items, write);
        writer.WriteNextToken(page.Next);
    });

    private static void Write(Utf8JsonWriter writer, ExecutionRecord execution)
    {
        writer.WriteString("executionArn", execution.Arn);
        writer.WriteOrigin(execution);
        writer.WriteString("name", execution.Name);
        writer.WriteString("status", WireText.StatusOf(execution));
        writer.WriteEpoch("startDate", execution.StartedAt);
        writer.WriteEpoch("stopDate", execution.StoppedAt);
        ExecutionWire.WriteRedrives(writer, execution);
    }

    private static void WriteChild(Utf8JsonWriter writer, ExecutionRecord execution)
    {
        Write(writer, execution);
        writer.WriteOptional("mapRunArn", execution.MapRunArn);
        writer.WriteNumber("itemCount", execution.ItemCount ?? 1);
    }
}
