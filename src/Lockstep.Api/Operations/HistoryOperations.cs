using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Api.Routing;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>The history of an execution, in pages and as a stream.</summary>
public static class HistoryOperations
{
    private const string Tag = "Executions";

    private static readonly ImmutableArray<string> Errors = [ErrorCodes.InvalidArn, ErrorCodes.ExecutionDoesNotExist];

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/executions/{id}/history", "GetExecutionHistory", "Shows the events of an execution, oldest first or newest first.", ReadAsync)
        {
            Tag = Tag,
            Parameters =
            [
                new("reverse", "query", "boolean", "Newest first when true.") { Values = ["true", "false"] },
                new("includeData", "query", "boolean", "Leaves inputs and outputs out when false.") { Values = ["true", "false"] },
                .. ListQuery.Parameters,
            ],
            Answers = [new(200, "A page.", "HistoryEventList")],
            Errors = [.. Errors, ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/executions/{id}/stream", "StreamExecution",
            "Sends the events of an execution as they become durable, until it ends or the stream has been open for MaxStreamSeconds.", StreamAsync)
        {
            Tag = Tag,
            Pace = RoutePace.Stream,
            Parameters =
            [
                new("Last-Event-ID", "header", "string", "The last event that was seen; the stream goes on after it."),
                new("after", "query", "integer", "The same, for clients that cannot set headers."),
            ],
            Answers = [new(200, "The events.", "HistoryEventStream", HistoryStream.MediaType)],
            Errors = [.. Errors, ErrorCodes.StreamLimitExceeded],
        },
    ];

    private static async ValueTask ReadAsync(ApiCall call)
    {
        Result<ExecutionKey> key = ExecutionIds.Read(call.Tenant, call.PathValue(0));
        Result<ListRequest> asked = ListQuery.Read(call);
        if (!key.Succeeded || !asked.Succeeded)
        {
            await call.RefuseAsync((key.Error ?? asked.Error) ?? ExecutionIds.DoesNotExist());
            return;
        }

        if ((CheckFlag(call, "reverse") ?? CheckFlag(call, "includeData")) is { } wrong)
        {
            await call.RefuseAsync(wrong);
            return;
        }

        Result<Page<HistoryEvent>> page = await call.Service.Executions.HistoryAsync(
            key.Value, call.Query("reverse") == "true", asked.Value, call.Cancellation);
        HistoryEventJsonOptions shape = HistoryEventJsonOptions.Default with { IncludeData = call.Query("includeData") != "false" };
        await ListQuery.AnswerAsync(call, page, (writer, entry) => HistoryEventJson.Write(writer, entry, shape));
    }

    private static async ValueTask StreamAsync(ApiCall call)
    {
        Result<ExecutionKey> key = ExecutionIds.Read(call.Tenant, call.PathValue(0));
        if (!key.Succeeded)
        {
            await call.RefuseAsync(key.Error);
            return;
        }

        string? resume = (string?)call.Request.Headers["Last-Event-ID"] ?? call.Query("after") ?? "0";
        if (!long.TryParse(resume, NumberStyles.None, CultureInfo.InvariantCulture, out long lastSeen))
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.Validation, "Last-Event-ID has to be the id of an event.") { Target = "Last-Event-ID" });
            return;
        }

        Result<ExecutionRecord> execution = await call.Service.Executions.DescribeAsync(key.Value, call.Cancellation);
        if (!execution.Succeeded)
        {
            await call.RefuseAsync(execution.Error);
            return;
        }

        using IDisposable? place = call.Surroundings.Bounds.Streams.TryTake(call.Tenant);
        if (place is null)
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.StreamLimitExceeded, "As many streams are open as may be open at a time."));
            return;
        }

        await new HistoryStream(call, key.Value, lastSeen).SendAsync();
    }

    private static ServiceError? CheckFlag(ApiCall call, string name) => call.Query(name) is null or "true" or "false"
        ? null
        : new ServiceError(ErrorCodes.Validation, $"{name} has to be true or false.") { Target = name };
}
