using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>Execution events as CloudEvents 1.0, in batches (JSON Event Format, section 4), in the order in which they happened.</summary>
public static class EventOperations
{
    private const string MediaType = "application/cloudevents-batch+json";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/events", "ListEvents", "Reads execution events after a sequence number, oldest first; none is ever left out.", ReadAsync)
        {
            Tag = "Events",
            Parameters =
            [
                new("after", "query", "integer", "The sequence of the last event seen; 0, or absent, for all from the first."),
                new("pageSize", "query", "integer", "Events at most, from 1 to 1,000; 100 when absent."),
            ],
            Answers = [new(200, "The events; while there may be more, the Link header has the next page.", "CloudEventBatch", MediaType)],
        },
    ];

    private static async ValueTask ReadAsync(ApiCall call)
    {
        Result<PageSize> size = ListQuery.ReadSize(call);
        if (!size.Succeeded)
        {
            await call.RefuseAsync(size.Error);
            return;
        }

        if (!long.TryParse(call.Query("after") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out long after))
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.Validation, "after has to be the sequence of an event, or 0.") { Target = "after" });
            return;
        }

        Result<Page<ExecutionEvent>> page = await call.Service.Events.ReadAsync(call.Tenant, after, size.Value.Items, call.Cancellation);
        if (!page.Succeeded)
        {
            await call.RefuseAsync(page.Error);
            return;
        }

        if (page.Value.Items is [.., { } last])
        {
            string next = call.Link(string.Create(CultureInfo.InvariantCulture, $"/v1/events?after={last.Sequence}"));
            call.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        call.Response.StatusCode = 200;
        await JsonAnswer.WriteAsync(call.Response, MediaType, WriteBatch, page.Value.Items, call.Cancellation);
    }

    private static void WriteBatch(Utf8JsonWriter writer, IReadOnlyList<ExecutionEvent> events)
    {
        writer.WriteStartArray();
        foreach (ExecutionEvent entry in events)
        {
            Write(writer, entry);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ExecutionEvent entry)
    {
        string sequence = entry.Sequence.ToString(CultureInfo.InvariantCulture);
        writer.WriteStartObject();
        writer.WriteString("specversion", "1.0");
        writer.WriteString("id", $"{entry.Execution.Key.Tenant.Value}-{sequence}");
        writer.WriteString("source", UriOf(entry.Execution.StateMachineArn));
        writer.WriteString("type", TypeOf(entry.Status));
        writer.WriteString("subject", entry.Execution.Arn);
        writer.WriteTime("time"u8, entry.Time);
        writer.WriteString("sequence", sequence);
        writer.WriteString("datacontenttype", JsonAnswer.MediaType);
        writer.WritePropertyName("data");
        ExecutionOperations.Write(writer, entry.Execution);
        writer.WriteEndObject();
    }

    private static string TypeOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "lockstep.execution.started",
        ExecutionStatus.Succeeded => "lockstep.execution.succeeded",
        ExecutionStatus.Failed => "lockstep.execution.failed",
        ExecutionStatus.TimedOut => "lockstep.execution.timed_out",
        ExecutionStatus.Aborted => "lockstep.execution.aborted",
        _ => throw new UnreachableException($"There is no status {status}."),
    };

    // A source is a URI reference (CloudEvents, "source"), and names may have characters that URIs spell in percents.
    private static string UriOf(string arn) => Ascii.IsValid(arn) ? arn : string.Join(':', arn.Split(':').Select(Uri.EscapeDataString));
}
