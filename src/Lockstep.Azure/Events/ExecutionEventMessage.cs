using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Events;

/// <summary>
/// A message of the topic <c>execution-events</c>: a CloudEvent 1.0 in structured JSON. Its id says which change of which execution it is, so the same
/// change published again is the same event. Its data is what the API shows of the execution; payloads that are too large for a message are left
/// out, and are read where the event points.
/// </summary>
/// <param name="Execution">The execution.</param>
/// <param name="Status">The status that it took on.</param>
/// <param name="Time">When it did.</param>
/// <param name="Redrives">How often it had been redriven then.</param>
public sealed record ExecutionEventMessage(ExecutionKey Execution, ExecutionStatus Status, DateTimeOffset Time, int Redrives = 0)
{
    /// <summary>Media type of the body.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>Bytes up to which an input or an output travels with the event.</summary>
    public const int MaxPayloadBytes = 48 * 1024;

    /// <summary>Characters up to which a cause travels with the event.</summary>
    public const int MaxCauseLength = 8 * 1024;

    private const string TenantMember = "tenant";
    private const string ExecutionMember = "execution";
    private const string RedrivesMember = "redrives";
    private const string TypeMember = "type";
    private const string TimeMember = "time";
    private const string TypePrefix = "lockstep.execution.";

    /// <summary>The id of the event.</summary>
    public string Id => Redrives == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{ExecutionInstances.IdOf(Execution)}-{(int)Status}")
        : string.Create(CultureInfo.InvariantCulture, $"{ExecutionInstances.IdOf(Execution)}-{(int)Status}-{Redrives}");

    /// <summary>The message as it is sent.</summary>
    /// <param name="record">The execution after the change.</param>
    public OutgoingMessage ToMessage(ExecutionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", "1.0");
            writer.WriteString("id", Id);
            writer.WriteString("source", UriOf(record.StateMachineArn));
            writer.WriteString(TypeMember, TypePrefix + NameOf(Status));
            writer.WriteString("subject", record.Arn);
            writer.WriteString(TimeMember, TextOf(Time));
            writer.WriteString("datacontenttype", "application/json");
            writer.WriteString(TenantMember, Execution.Tenant.Value);
            writer.WriteString(ExecutionMember, Execution.Id);
            if (Redrives > 0)
            {
                writer.WriteNumber(RedrivesMember, Redrives);
            }

            writer.WritePropertyName("data");
            WriteData(writer, record);
            writer.WriteEndObject();
        }

        return new OutgoingMessage(Id, Execution.Tenant.Value, body.ToArray(), MediaType)
        {
            Properties = PropertiesOf(record),
        };
    }

    /// <summary>Reads a message; null when it is none of ours.</summary>
    public static ExecutionEventMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return TenantId.TryParse(root.GetProperty(TenantMember).GetString(), out TenantId tenant)
                && root.GetProperty(ExecutionMember).GetString() is { Length: > 0 } id
                && StatusOf(root.GetProperty(TypeMember).GetString()) is { } status
                ? new ExecutionEventMessage(new ExecutionKey(tenant, id), status, root.GetProperty(TimeMember).GetDateTimeOffset(), RedrivesIn(root))
                : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The execution as it was when it took on a status.</summary>
    internal static ExecutionRecord AsOf(ExecutionStatus status, ExecutionRecord record) => status == ExecutionStatus.Running
        ? record with { Status = status, StoppedAt = null, Output = null, Error = null, Cause = null, Transitions = 0 }
        : record;

    private static int RedrivesIn(JsonElement root) => root.TryGetProperty(RedrivesMember, out JsonElement redrives) ? redrives.GetInt32() : 0;

    private ImmutableDictionary<string, string> PropertiesOf(ExecutionRecord record) =>
        ImmutableDictionary<string, string>.Empty
            .Add(TypeMember, TypePrefix + NameOf(Status))
            .Add("stateMachine", record.StateMachineName);

    private static void WriteData(Utf8JsonWriter writer, ExecutionRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("id", record.Key.Id);
        writer.WriteString("executionArn", record.Arn);
        writer.WriteString("name", record.Name);
        writer.WriteString("stateMachine", record.StateMachineName);
        writer.WriteString("stateMachineArn", record.StateMachineArn);
        writer.WriteString("revisionId", record.RevisionId);
        writer.WriteString(TypeMember, record.Type == WorkflowType.Express ? "EXPRESS" : "STANDARD");
        writer.WriteString("status", NestedExecutionReport.NameOf(record.Status));
        writer.WriteString("startedAt", TextOf(record.StartedAt));
        if (record.StoppedAt is { } stopped)
        {
            writer.WriteString("stoppedAt", TextOf(stopped));
        }

        WritePayload(writer, "input", record.Input);
        WritePayload(writer, "output", record.Output);
        if (record.Error is { } error)
        {
            writer.WriteString("error", error);
        }

        if (record.Cause is { Length: <= MaxCauseLength } cause)
        {
            writer.WriteString("cause", cause);
        }

        writer.WriteEndObject();
    }

    private static void WritePayload(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null && Encoding.UTF8.GetByteCount(json) <= MaxPayloadBytes)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
        }
    }

    private static string NameOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "started",
        ExecutionStatus.Succeeded => "succeeded",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.TimedOut => "timed_out",
        ExecutionStatus.Aborted => "aborted",
        _ => throw new UnreachableException($"There is no status {status}."),
    };

    private static ExecutionStatus? StatusOf(string? type) =>
        Enum.GetValues<ExecutionStatus>().Where(status => TypePrefix + NameOf(status) == type).Select(status => (ExecutionStatus?)status).FirstOrDefault();

    private static string TextOf(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    // A source is a URI reference, and names may have characters that URIs spell in percents.
    private static string UriOf(string arn) => Ascii.IsValid(arn) ? arn : string.Join(':', arn.Split(':').Select(Uri.EscapeDataString));
}
