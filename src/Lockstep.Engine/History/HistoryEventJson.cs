using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Json;

namespace Lockstep.Engine.History;

/// <summary>How an event is shown in JSON.</summary>
public sealed record HistoryEventJsonOptions
{
    /// <summary>Times as ISO 8601 text with milliseconds, inputs and outputs included.</summary>
    public static HistoryEventJsonOptions Default { get; } = new();

    /// <summary>Whether times are numbers of seconds since 1970, as on the Step Functions wire, instead of ISO 8601 text.</summary>
    public bool EpochSeconds { get; init; }

    /// <summary>Whether inputs and outputs are shown (<c>includeExecutionData</c>). Default true.</summary>
    public bool IncludeData { get; init; } = true;

    /// <summary>Bytes that a payload may have, escaped as it stands in the event; what is beyond is cut off, and the details say so. No limit unless set.</summary>
    public int MaxPayloadBytes { get; init; } = int.MaxValue;
}

/// <summary>
/// An event in the JSON shape of GetExecutionHistory: <c>id</c>, <c>previousEventId</c>, <c>timestamp</c>, <c>type</c> and the details
/// in a member named after the type. Payloads are JSON text inside a string.
/// </summary>
public static class HistoryEventJson
{
    /// <summary>Writes an event as an object.</summary>
    public static void Write(Utf8JsonWriter writer, HistoryEvent historyEvent, HistoryEventJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(historyEvent);
        options ??= HistoryEventJsonOptions.Default;
        writer.WriteStartObject();
        if (options.EpochSeconds)
        {
            writer.WriteNumber("timestamp", historyEvent.Timestamp.ToUnixTimeMilliseconds() / 1000m);
        }
        else
        {
            writer.WriteString("timestamp", historyEvent.Timestamp.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }

        writer.WriteString("type", historyEvent.Type.ToString());
        writer.WriteNumber("id", historyEvent.Id);
        writer.WriteNumber("previousEventId", historyEvent.PreviousEventId);
        if (DetailsMember(historyEvent.Type) is string member)
        {
            writer.WriteStartObject(member);
            WriteDetails(writer, historyEvent.Details, options);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The name of the member with the details of a type; null for types that AWS gives none.</summary>
    public static string? DetailsMember(HistoryEventType type) => type switch
    {
        HistoryEventType.LambdaFunctionStarted
            or HistoryEventType.MapRunAborted
            or HistoryEventType.MapRunSucceeded
            or HistoryEventType.MapStateAborted
            or HistoryEventType.MapStateFailed
            or HistoryEventType.MapStateSucceeded
            or HistoryEventType.ParallelStateAborted
            or HistoryEventType.ParallelStateFailed
            or HistoryEventType.ParallelStateStarted
            or HistoryEventType.ParallelStateSucceeded
            or HistoryEventType.TaskStateAborted
            or HistoryEventType.WaitStateAborted => null,
        _ when type.ToString() is string name => name switch
        {
            _ when name.EndsWith("StateEntered", StringComparison.Ordinal) => "stateEnteredEventDetails",
            _ when name.EndsWith("StateExited", StringComparison.Ordinal) => "stateExitedEventDetails",
            _ => char.ToLowerInvariant(name[0]) + name[1..] + "EventDetails",
        },
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes the members of an event's details.</summary>
    internal static void WriteDetails(Utf8JsonWriter writer, HistoryEventDetails? details, HistoryEventJsonOptions options)
    {
        switch (details)
        {
            case null:
                break;
            case ExecutionStartedDetails started:
                Payload(writer, "input", started.Input, options);
                writer.WriteString("roleArn", started.RoleArn);
                Optional(writer, "stateMachineAliasArn", started.StateMachineAliasArn);
                Optional(writer, "stateMachineVersionArn", started.StateMachineVersionArn);
                break;
            case StateEnteredDetails entered:
                writer.WriteString("name", entered.Name);
                Payload(writer, "input", entered.Input, options);
                break;
            case StateExitedDetails exited:
                writer.WriteString("name", exited.Name);
                Payload(writer, "output", exited.Output, options);
                Assigned(writer, exited.AssignedVariables, options);
                break;
            case ErrorDetails error:
                Error(writer, error.Error, error.Cause);
                break;
            case OutputDetails output:
                Payload(writer, "output", output.Output, options);
                break;
            case ExecutionRedrivenDetails redriven:
                writer.WriteNumber("redriveCount", redriven.RedriveCount);
                if (redriven.Input is not null)
                {
                    Payload(writer, "input", redriven.Input, options);
                }

                Optional(writer, "revisionId", redriven.RevisionId);
                break;
            case EvaluationFailedDetails failed:
                Error(writer, failed.Error, failed.Cause);
                Optional(writer, "location", failed.Location);
                writer.WriteString("state", failed.State);
                break;
            case MapStateStartedDetails started:
                writer.WriteNumber("length", started.Length);
                break;
            case MapIterationDetails iteration:
                writer.WriteString("name", iteration.Name);
                writer.WriteNumber("index", iteration.Index);
                break;
            case MapRunStartedDetails started:
                writer.WriteString("mapRunArn", started.MapRunArn);
                break;
            case MapRunRedrivenDetails redriven:
                writer.WriteString("mapRunArn", redriven.MapRunArn);
                writer.WriteNumber("redriveCount", redriven.RedriveCount);
                break;
            default:
                WriteTaskDetails(writer, details, options);
                break;
        }
    }

    private static void WriteTaskDetails(Utf8JsonWriter writer, HistoryEventDetails details, HistoryEventJsonOptions options)
    {
        switch (details)
        {
            case CallScheduledDetails scheduled:
                writer.WriteString("resource", scheduled.Resource);
                Payload(writer, "input", scheduled.Input, options);
                Limits(writer, scheduled.TimeoutSeconds, scheduled.HeartbeatSeconds, scheduled.Credentials);
                break;
            case ActivityStartedDetails started:
                Optional(writer, "workerName", started.WorkerName);
                break;
            case TaskScheduledDetails scheduled:
                Resource(writer, scheduled.ResourceType, scheduled.Resource);
                writer.WriteString("region", scheduled.Region);
                if (options.IncludeData)
                {
                    PayloadText.Write(writer, "parameters", scheduled.Parameters, options.MaxPayloadBytes);
                }

                Limits(writer, scheduled.TimeoutSeconds, scheduled.HeartbeatSeconds, scheduled.Credentials);
                break;
            case TaskStartedDetails started:
                Resource(writer, started.ResourceType, started.Resource);
                break;
            case TaskOutputDetails output:
                Resource(writer, output.ResourceType, output.Resource);
                Payload(writer, "output", output.Output, options);
                break;
            case TaskErrorDetails error:
                Resource(writer, error.ResourceType, error.Resource);
                Error(writer, error.Error, error.Cause);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Payload(Utf8JsonWriter writer, string name, JsonValue value, HistoryEventJsonOptions options)
    {
        if (options.IncludeData)
        {
            Truncated(writer, name + "Details", PayloadText.Write(writer, name, value, options.MaxPayloadBytes));
        }
    }

    private static void Assigned(Utf8JsonWriter writer, JsonObject? variables, HistoryEventJsonOptions options)
    {
        if (variables is null || !options.IncludeData)
        {
            return;
        }

        bool truncated = false;
        int left = options.MaxPayloadBytes;
        writer.WriteStartObject("assignedVariables");
        foreach (Lockstep.Json.JsonProperty variable in variables)
        {
            truncated |= PayloadText.Write(writer, variable.Name, variable.Value, left);
            left -= Math.Min(left, PayloadText.EscapedBytes(variable.Value));
        }

        writer.WriteEndObject();
        Truncated(writer, "assignedVariablesDetails", truncated);
    }

    private static void Truncated(Utf8JsonWriter writer, string name, bool truncated)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("truncated", truncated);
        writer.WriteEndObject();
    }

    private static void Error(Utf8JsonWriter writer, string? error, string? cause)
    {
        Optional(writer, "error", error);
        Optional(writer, "cause", cause);
    }

    private static void Resource(Utf8JsonWriter writer, string resourceType, string resource)
    {
        writer.WriteString("resourceType", resourceType);
        writer.WriteString("resource", resource);
    }

    private static void Limits(Utf8JsonWriter writer, long? timeoutSeconds, long? heartbeatSeconds, JsonValue? credentials)
    {
        if (timeoutSeconds is long timeout)
        {
            writer.WriteNumber("timeoutInSeconds", timeout);
        }

        if (heartbeatSeconds is long heartbeat)
        {
            writer.WriteNumber("heartbeatInSeconds", heartbeat);
        }

        if (credentials is JsonObject json && json["RoleArn"] is JsonString role)
        {
            writer.WriteStartObject("taskCredentials");
            writer.WriteString("roleArn", role.Value);
            writer.WriteEndObject();
        }
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            // Half a surrogate pair, which UTF-8 cannot express, becomes the replacement character.
            writer.WriteString(name, Encoding.UTF8.GetBytes(value));
        }
    }
}
