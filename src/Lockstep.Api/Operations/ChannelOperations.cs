using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Queues, topics and event buses: what <c>sqs:</c>, <c>sns:</c> and <c>events:</c> tasks send to, and where others read it.</summary>
public static class ChannelOperations
{
    private static readonly RouteParameter After = new(
        "after", "query", "integer", "The sequence of the last message seen; 0, or absent, for all that are kept.");

    private static readonly RouteParameter PageSize = new("pageSize", "query", "integer", "Messages at most, from 1 to 1,000; 100 when absent.");

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        .. RoutesOf(new Kind(ChannelKind.Queue, "queues", "Queues", "Queue", "queue", "queues")),
        new("POST", "/v1/queues/{name}/receive", "ReceiveMessages", "Takes the oldest messages that nobody else has, and hides them for a while.", ReceiveAsync)
        {
            Tag = "Queues",
            RequestSchema = "ReceiveMessagesRequest",
            RequestOptional = true,
            Answers = [new(200, "The messages; none when none waits.", "MessageList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ChannelDoesNotExist],
        },
        new("DELETE", "/v1/queues/{name}/messages/{messageId}", "DeleteMessage", "Deletes a message, once it has been dealt with.", DeleteMessageAsync)
        {
            Tag = "Queues",
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ChannelDoesNotExist],
        },
        .. RoutesOf(new Kind(ChannelKind.Topic, "topics", "Topics", "Topic", "topic", "topics")),
        .. RoutesOf(new Kind(ChannelKind.EventBus, "event-buses", "EventBuses", "EventBus", "event bus", "event buses")),
    ];

    private static ImmutableArray<ApiRoute> RoutesOf(Kind kind) =>
    [
        new("GET", $"/v1/{kind.Path}", $"List{kind.Operations}", $"Lists the {kind.Words} by name.", call => ListAsync(call, kind))
        {
            Tag = "Queues",
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "ChannelList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", $"/v1/{kind.Path}/{{name}}", $"Describe{kind.Operation}", $"Shows the {kind.Word}.", call => DescribeAsync(call, kind))
        {
            Tag = "Queues",
            Answers = [new(200, $"The {kind.Word}.", "Channel")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ChannelDoesNotExist],
        },
        new("PUT", $"/v1/{kind.Path}/{{name}}", $"Create{kind.Operation}", $"Creates the {kind.Word}; the same again changes nothing.", call => CreateAsync(call, kind))
        {
            Tag = "Queues",
            Answers = [new(200, "It was there already.", "Channel"), new(201, "Created.", "Channel")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ChannelLimitExceeded],
        },
        new("DELETE", $"/v1/{kind.Path}/{{name}}", $"Delete{kind.Operation}", $"Deletes the {kind.Word} with its messages.", call => DeleteAsync(call, kind))
        {
            Tag = "Queues",
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
        new("GET", $"/v1/{kind.Path}/{{name}}/messages", $"List{kind.Operation}Messages", $"Reads the messages of the {kind.Word} after a sequence, oldest first; nothing changes by it.", call => ReadAsync(call, kind))
        {
            Tag = "Queues",
            Parameters = [After, PageSize],
            Answers = [new(200, "The messages; nextLink is there while there are more.", "MessageList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ChannelDoesNotExist],
        },
    ];

    private static ValueTask ListAsync(ApiCall call, Kind kind) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Channels.ListAsync(call.Tenant, kind.Channel, asked, call.Cancellation),
        (writer, channel) => Write(writer, (call, kind, channel)));

    private static async ValueTask DescribeAsync(ApiCall call, Kind kind)
    {
        Result<ChannelRecord> channel = await call.Service.Channels.DescribeAsync(PlaceOf(call, kind.Channel), call.Cancellation);
        await (channel.Succeeded
            ? call.AnswerAsync(StatusCodes.Status200OK, Write, (call, kind, channel.Value))
            : call.RefuseAsync(channel.Error));
    }

    private static async ValueTask CreateAsync(ApiCall call, Kind kind)
    {
        Result<CreateChannelOutcome> outcome = await call.Service.Channels.CreateAsync(PlaceOf(call, kind.Channel), call.Cancellation);
        await (outcome.Succeeded
            ? call.AnswerAsync(
                outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Write, (call, kind, outcome.Value.Channel))
            : call.RefuseAsync(outcome.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call, Kind kind) =>
        await call.AnswerEmptyAsync(await call.Service.Channels.DeleteAsync(PlaceOf(call, kind.Channel), call.Cancellation));

    private static async ValueTask ReadAsync(ApiCall call, Kind kind)
    {
        Result<PageSize> size = ListQuery.ReadSize(call);
        if (!size.Succeeded)
        {
            await call.RefuseAsync(size.Error);
            return;
        }

        if (!long.TryParse(call.Query("after") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out long after))
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.Validation, "after has to be the sequence of a message, or 0.") { Target = "after" });
            return;
        }

        ChannelPlace place = PlaceOf(call, kind.Channel);
        Result<Page<MessageRecord>> page = await call.Service.Channels.ReadAsync(place, after, size.Value.Items, call.Cancellation);
        if (!page.Succeeded)
        {
            await call.RefuseAsync(page.Error);
            return;
        }

        string? nextLink = page.Value is { Next: not null, Items: [.., { } last] }
            ? call.Link(string.Create(
                CultureInfo.InvariantCulture, $"/v1/{kind.Path}/{place.Name}/messages?after={last.Sequence}&pageSize={size.Value.Items ?? page.Value.Items.Count}"))
            : null;
        await call.AnswerAsync(StatusCodes.Status200OK, WriteList, (page.Value.Items, nextLink));
    }

    private static async ValueTask ReceiveAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "maxMessages", "visibilitySeconds");
        int? maxMessages = members.OptionalInteger("maxMessages");
        int? visibility = members.OptionalInteger("visibilitySeconds");
        Result<Page<MessageRecord>> taken = members.Error is { } wrong
            ? wrong
            : await call.Service.Channels.ReceiveAsync(PlaceOf(call, ChannelKind.Queue), maxMessages, visibility, call.Cancellation);
        await (taken.Succeeded
            ? call.AnswerAsync(StatusCodes.Status200OK, WriteList, (taken.Value.Items, (string?)null))
            : call.RefuseAsync(taken.Error));
    }

    private static async ValueTask DeleteMessageAsync(ApiCall call)
    {
        Result<Accepted> deleted = await call.Service.Channels.DeleteMessageAsync(
            PlaceOf(call, ChannelKind.Queue), call.PathValue(1), call.Cancellation);
        await call.AnswerEmptyAsync(deleted);
    }

    private static ChannelPlace PlaceOf(ApiCall call, ChannelKind kind) => new(call.Tenant, kind, call.PathValue(0));

    private static void WriteList(Utf8JsonWriter writer, (IReadOnlyList<MessageRecord> Messages, string? NextLink) list)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value");
        foreach (MessageRecord message in list.Messages)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", message.Sequence);
            writer.WriteString("messageId", message.Id);
            writer.WriteTime("sentAt"u8, message.SentAt);
            writer.WriteNumber("receiveCount", message.Received);
            writer.WritePropertyName("content");
            writer.WriteRawValue(message.Content.ToUtf8(), skipInputValidation: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (list.NextLink is not null)
        {
            writer.WriteString("nextLink", list.NextLink);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, (ApiCall Call, Kind Kind, ChannelRecord Channel) state)
    {
        ChannelPlace place = state.Channel.Place;
        writer.WriteStartObject();
        writer.WriteString("name", place.Name);
        writer.WriteString("arn", state.Call.Service.Arns.Channel(place));
        if (place.Kind == ChannelKind.Queue)
        {
            writer.WriteString("queueUrl", state.Call.Link($"/v1/{state.Kind.Path}/{place.Name}"));
        }

        writer.WriteTime("createdAt"u8, state.Channel.CreatedAt);
        writer.WriteEndObject();
    }

    /// <summary>How a kind shows in the API.</summary>
    private sealed record Kind(ChannelKind Channel, string Path, string Operations, string Operation, string Word, string Words);
}
