using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>Map runs: list those of an execution, show one, change one while it runs.</summary>
public static class MapRunOperations
{
    private const string Tag = "Map runs";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/map-runs", "ListMapRuns", "Lists the map runs that an execution has started, newest first.", ListAsync)
        {
            Tag = Tag,
            Parameters =
            [
                new("execution", "query", "string", "The id or the ARN of the execution; needed."), .. ListQuery.Parameters,
            ],
            Answers = [new(200, "A page.", "MapRunList")],
            Errors = [ErrorCodes.InvalidArn, ErrorCodes.InvalidToken, ErrorCodes.ExecutionDoesNotExist],
        },
        new("GET", "/v1/map-runs/{id}", "DescribeMapRun", "Shows a map run and how far it is.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The map run.", "MapRun")],
            Errors = [ErrorCodes.ResourceNotFound],
        },
        new("PATCH", "/v1/map-runs/{id}", "UpdateMapRun", "Changes how many children of a map run may run and fail, while it runs.", UpdateAsync)
        {
            Tag = Tag,
            RequestSchema = "UpdateMapRunRequest",
            Answers = [new(200, "The map run as it is now.", "MapRun")],
            Errors = [ErrorCodes.ResourceNotFound, ErrorCodes.Conflict],
        },
    ];

    private static async ValueTask ListAsync(ApiCall call)
    {
        Result<ListRequest> asked = ListQuery.Read(call);
        Result<ExecutionKey> execution = call.Query("execution") is { } text
            ? ExecutionIds.Read(call.Tenant, text)
            : new ServiceError(ErrorCodes.Validation, "execution is needed: the id or the ARN of an execution.") { Target = "execution" };
        Result<Page<MapRunRecord>> page = !asked.Succeeded ? asked.Error
            : !execution.Succeeded ? execution.Error
            : await call.Service.MapRuns.ListAsync(execution.Value, asked.Value, call.Cancellation);
        await ListQuery.AnswerAsync(call, page, Write);
    }

    private static async ValueTask DescribeAsync(ApiCall call) =>
        await AnswerAsync(call, await call.Service.MapRuns.DescribeAsync(call.Tenant, IdOf(call), call.Cancellation));

    /// <summary>The id has a slash, which stays escaped in a path.</summary>
    private static string IdOf(ApiCall call) => call.PathValue(0).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask UpdateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage");
        var change = new MapRunChange(
            members.OptionalInteger("maxConcurrency"), members.OptionalInteger("toleratedFailureCount"), ReadPercentage(members, out ServiceError? wrong));
        await AnswerAsync(
            call,
            members.Error is { } refused ? refused
            : wrong is not null ? wrong
            : await call.Service.MapRuns.UpdateAsync(call.Tenant, IdOf(call), change, call.Cancellation));
    }

    private static JsonNumber? ReadPercentage(Members members, out ServiceError? wrong)
    {
        const string Name = "toleratedFailurePercentage";
        JsonValue? value = members.Any(Name);
        wrong = value is null or JsonNull or JsonNumber ? null : new ServiceError(ErrorCodes.Validation, $"\"{Name}\" has to be a number.") { Target = "/" + Name };
        return value as JsonNumber;
    }

    private static async ValueTask AnswerAsync(ApiCall call, Result<MapRunRecord> run) =>
        await call.AnswerAsync(run, Write);

    private static void Write(Utf8JsonWriter writer, MapRunRecord run)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, run.Key.Id);
        writer.WriteString("mapRunArn"u8, run.Arn);
        writer.WriteString("executionArn"u8, run.ExecutionArn);
        writer.WriteString("stateMachineArn"u8, run.StateMachineArn);
        writer.WriteString("status"u8, WireText.Of(run.Status));
        writer.WriteTime("startedAt"u8, run.StartedAt);
        if (run.StoppedAt is { } stopped)
        {
            writer.WriteTime("stoppedAt"u8, stopped);
        }

        writer.WriteNumber("redriveCount"u8, run.RedriveCount);
        if (run.RedrivenAt is { } redriven)
        {
            writer.WriteTime("redrivenAt"u8, redriven);
        }

        MapRunSettings settings = run.Progress.Settings;
        writer.WriteNumber("maxConcurrency"u8, settings.MaxConcurrency);
        writer.WriteNumber("toleratedFailureCount"u8, settings.ToleratedFailureCount ?? 0);
        writer.WriteNumber("toleratedFailurePercentage"u8, settings.ToleratedFailurePercentage?.ToDouble() ?? 0);
        Write(writer, "itemCounts", run.Progress.Items);
        Write(writer, "executionCounts", run.Progress.Executions);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, MapRunCounts counts)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("pending"u8, counts.Pending);
        writer.WriteNumber("running"u8, counts.Running);
        writer.WriteNumber("succeeded"u8, counts.Succeeded);
        writer.WriteNumber("failed"u8, counts.Failed);
        writer.WriteNumber("timedOut"u8, counts.TimedOut);
        writer.WriteNumber("aborted"u8, counts.Aborted);
        writer.WriteNumber("total"u8, counts.Total);
        writer.WriteNumber("resultsWritten"u8, counts.ResultsWritten);
        writer.WriteNumber("failuresNotRedrivable"u8, counts.FailuresNotRedrivable);
        writer.WriteNumber("pendingRedrive"u8, counts.PendingRedrive);
        writer.WriteEndObject();
    }
}
