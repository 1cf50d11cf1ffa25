using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lockstep.Engine.History;

/// <summary>
/// An event in the shape in which Step Functions logs it (CloudWatch Logs): ids are text, the details stand in <c>details</c> whatever the type, and the time
/// is the milliseconds since 1970 as text.
/// </summary>
public static class LogEventJson
{
    /// <summary>Bytes that an input or output may have in a log event, escaped as it stands there; the rest is cut off, and its details say so: 248 KiB, as at AWS.</summary>
    public const int MaxPayloadBytes = 248 * 1024;

    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HistoryEventJsonOptions _withData = new() { MaxPayloadBytes = MaxPayloadBytes };
    private static readonly HistoryEventJsonOptions _withoutData = new() { IncludeData = false };

    /// <summary>An event as one line of JSON.</summary>
    /// <param name="historyEvent">The event.</param>
    /// <param name="executionArn">The execution.</param>
    /// <param name="redriveCount">How often the execution had been redriven then.</param>
    /// <param name="includeData">Whether inputs and outputs are logged (<c>includeExecutionData</c>). Errors and causes always are.</param>
    public static string Of(HistoryEvent historyEvent, string executionArn, int redriveCount, bool includeData)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(bytes, _compact))
        {
            Write(writer, historyEvent, executionArn, redriveCount, includeData);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, HistoryEvent historyEvent, string executionArn, int redriveCount, bool includeData)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Text(historyEvent.Id));
        writer.WriteString("type", historyEvent.Type.ToString());
        writer.WriteStartObject("details");
        HistoryEventJson.WriteDetails(writer, historyEvent.Details, includeData ? _withData : _withoutData);
        writer.WriteEndObject();
        writer.WriteString("redrive_count", Text(redriveCount));
        writer.WriteString("previous_event_id", Text(historyEvent.PreviousEventId));
        writer.WriteString("execution_arn", executionArn);
        writer.WriteString("event_timestamp", Text(historyEvent.Timestamp.ToUnixTimeMilliseconds()));
        writer.WriteEndObject();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
