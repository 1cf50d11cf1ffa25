using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Operations;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Map runs: describe, list those of an execution, change one while it runs.</summary>
internal static class MapRunWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("DescribeMapRun", new StructureShape(new ShapeMember("mapRunArn", RequestShapes.LongArn, true)), DescribeAsync, new ThrottleRate(200, 1))
        {
            Errors = ["InvalidArn", "ResourceNotFound"],
        },
        new("ListMapRuns", StateMachineWire.ListShape(new ShapeMember("executionArn", RequestShapes.Arn, true)), ListAsync, new ThrottleRate(100, 1))
        {
            Errors = ["ExecutionDoesNotExist", "InvalidArn", "InvalidToken"],
        },
        new("UpdateMapRun", UpdateShape(), UpdateAsync, new ThrottleRate(100, 1)) { Errors = ["InvalidArn", "ResourceNotFound"] },
    ];

    private static StructureShape UpdateShape() => new(
        new("mapRunArn", RequestShapes.LongArn, true),
        new("maxConcurrency", new IntegerShape(0, int.MaxValue)),
        new("toleratedFailurePercentage", new NumberShape(0, 100)),
        new("toleratedFailureCount", new IntegerShape(0, long.MaxValue)));

    private static async ValueTask<WireAnswer> DescribeAsync(WireCall call)
    {
        string arn = call.Text("mapRunArn");
        if (CheckArn(call, arn) is { } badArn)
        {
            return badArn;
        }

        Result<MapRunRecord> run = await call.Service.MapRuns.DescribeAsync(call.Tenant, arn, call.Cancellation);
        return run.Succeeded ? WireAnswer.Of(writer => Write(writer, run.Value)) : Refuse(run.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<Page<MapRunRecord>> page = await call.Service.MapRuns.ListAsync(key, call.Page(), call.Cancellation);
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteList("mapRuns", page.Value.Items, static (writer, run) =>
                {
                    writer.WriteString("executionArn", run.ExecutionArn);
                    writer.WriteString("mapRunArn", run.Arn);
                    writer.WriteString("stateMachineArn", run.StateMachineArn);
                    writer.WriteEpoch("startDate", run.StartedAt);
                    writer.WriteEpoch("stopDate", run.StoppedAt);
                });
                writer.WriteNextToken(page.Value.Next);
            })
            : WireErrors.Of(page.Error, arn);
    }

    private static async ValueTask<WireAnswer> UpdateAsync(WireCall call)
    {
        string arn = call.Text("mapRunArn");
        if (CheckArn(call, arn) is { } badArn)
        {
            return badArn;
        }

        var change = new MapRunChange(
            call.Integer("maxConcurrency"), call.Integer("toleratedFailureCount"), call.Any("toleratedFailurePercentage") as JsonNumber);
        Result<MapRunRecord> updated = await call.Service.MapRuns.UpdateAsync(call.Tenant, arn, change, call.Cancellation);
        return updated.Succeeded ? WireAnswer.Empty
            : updated.Error.Code == ErrorCodes.Conflict ? WireErrors.Validation(updated.Error.Message, "CANNOT_UPDATE_COMPLETED_MAP_RUN")
            : Refuse(updated.Error, arn);
    }

    /// <summary>Whether an ARN is one of a map run; else what to answer.</summary>
    public static WireError? CheckArn(WireCall call, string arn) =>
        WireArns.Split(call, arn, out string kind, out _) ?? (kind == "mapRun" ? null : WireArns.WrongKind(kind));

    /// <summary>The answer to what failed for a map run.</summary>
    public static WireError Refuse(ServiceError error, string arn) =>
        error.Code == ErrorCodes.ResourceNotFound ? WireErrors.ResourceNotFound(arn) : WireErrors.Of(error, arn);

    private static void Write(Utf8JsonWriter writer, MapRunRecord run)
    {
        MapRunSettings settings = run.Progress.Settings;
        writer.WriteString("mapRunArn", run.Arn);
        writer.WriteString("executionArn", run.ExecutionArn);
        writer.WriteString("status", WireText.Of(run.Status));
        writer.WriteEpoch("startDate", run.StartedAt);
        writer.WriteEpoch("stopDate", run.StoppedAt);
        writer.WriteNumber("maxConcurrency", settings.MaxConcurrency);
        writer.WriteNumber("toleratedFailurePercentage", settings.ToleratedFailurePercentage?.ToDouble() ?? 0);
        writer.WriteNumber("toleratedFailureCount", settings.ToleratedFailureCount ?? 0);
        Write(writer, "itemCounts", run.Progress.Items);
        Write(writer, "executionCounts", run.Progress.Executions);
        writer.WriteNumber("redriveCount", run.RedriveCount);
        writer.WriteEpoch("redriveDate", run.RedrivenAt);
    }

    private static void Write(Utf8JsonWriter writer, string name, MapRunCounts counts)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("pending", counts.Pending);
        writer.WriteNumber("running", counts.Running);
        writer.WriteNumber("succeeded", counts.Succeeded);
        writer.WriteNumber("failed", counts.Failed);
        writer.WriteNumber("timedOut", counts.TimedOut);
        writer.WriteNumber("aborted", counts.Aborted);
        writer.WriteNumber("total", counts.Total);
        writer.WriteNumber("resultsWritten", counts.ResultsWritten);
        writer.WriteNumber("failuresNotRedrivable", counts.FailuresNotRedrivable);
        writer.WriteNumber("pendingRedrive", counts.PendingRedrive);
        writer.WriteEndObject();
    }
}
