using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>Log groups and the log events in them, as state machines with a logging configuration write them.</summary>
public static class LogOperations
{
    private const string Tag = "Logs";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/log-groups", "ListLogGroups", "Lists the log groups that have events, by name.", ListGroupsAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "LogGroupList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/log-events", "ListLogEvents", "Reads the events of a log group, oldest first; a group that has none is empty.", ListEventsAsync)
        {
            Tag = Tag,
            Parameters =
            [
                new("logGroup", "query", "string", "The name of the log group, such as /aws/vendedlogs/states/orders.") { Required = true },
                new("execution", "query", "string", "The id or ARN of an execution; the events of all executions when absent."),
                new("startTime", "query", "string", "None before this time, in ISO 8601; UTC unless it has an offset."),
                new("endTime", "query", "string", "None at or after this time, in ISO 8601; UTC unless it has an offset."),
                .. ListQuery.Parameters,
            ],
            Answers = [new(200, "A page.", "LogEventList")],
            Errors = [ErrorCodes.InvalidArn, ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.ExecutionDoesNotExist],
        },
    ];

    private static ValueTask ListGroupsAsync(ApiCall call) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Logs.ListGroupsAsync(call.Tenant, asked, call.Cancellation),
        (writer, name) => Write(writer, call, name));

    private static async ValueTask ListEventsAsync(ApiCall call)
    {
        Result<ListRequest> asked = ListQuery.Read(call);
        Result<TimeBound> from = ReadTime(call, "startTime");
        Result<TimeBound> before = ReadTime(call, "endTime");
        if ((asked.Error ?? from.Error ?? before.Error) is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        var query = new LogQuery(call.Query("logGroup") ?? "", call.Query("execution"), from.Value?.Time, before.Value?.Time);
        Result<Page<LogEvent>> page = await call.Service.Logs.ReadAsync(call.Tenant, query, asked.Value ?? ListRequest.First, call.Cancellation);
        await ListQuery.AnswerAsync(call, page, static (writer, one) => writer.WriteRawValue(one.Text));
    }

    private static void Write(Utf8JsonWriter writer, ApiCall call, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("logGroupName", name);
        writer.WriteString("logGroupArn", call.Service.Arns.LogGroup(call.Tenant, name));
        writer.WriteEndObject();
    }

    private static Result<TimeBound> ReadTime(ApiCall call, string name)
    {
        if (call.Query(name) is not { } text)
        {
            return new TimeBound(null);
        }

        // Without an offset it is UTC, and never the local time of the server, which nobody outside knows.
        bool isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        return isTime
            ? new TimeBound(time)
            : new ServiceError(ErrorCodes.Validation, $"{name} has to be a time in ISO 8601, such as 2026-01-01T12:00:00Z.") { Target = name };
    }

    private sealed record TimeBound(DateTimeOffset? Time);
}
