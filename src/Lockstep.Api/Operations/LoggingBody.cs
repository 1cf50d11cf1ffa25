using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Logging;

namespace Lockstep.Api.Operations;

/// <summary>The member <c>loggingConfiguration</c> in requests and answers, in the shape of Step Functions.</summary>
public static class LoggingBody
{
    /// <summary>The member.</summary>
    public const string Name = "loggingConfiguration";

    private const string LevelName = "level";
    private const string IncludeName = "includeExecutionData";
    private const string DestinationsName = "destinations";
    private const string GroupName = "cloudWatchLogsLogGroup";
    private const string ArnName = "logGroupArn";

    /// <summary>Reads the member of a request; null when absent. What is wrong with its shape is remembered with the others.</summary>
    public static LoggingRequest? Read(Members members)
    {
        ArgumentNullException.ThrowIfNull(members);
        JsonValue? value = members.Any(Name);
        if (value is null or JsonNull)
        {
            return null;
        }

        if (value is JsonObject logging && logging.All(member => member.Name is LevelName or IncludeName or DestinationsName) && HasShape(logging))
        {
            return Of(logging);
        }

        members.Refuse(
            Name,
            $"\"{Name}\" has to be an object with \"{LevelName}\" (ALL, ERROR, FATAL or OFF), \"{IncludeName}\" (true or false) and \"{DestinationsName}\" "
            + $"(a list of {{\"{GroupName}\": {{\"{ArnName}\": \"...\"}}}}).");
        return null;
    }

    /// <summary>A configuration whose shape has been checked.</summary>
    public static LoggingRequest Of(JsonObject logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        LogLevel? level = logging[LevelName] is JsonString word ? LevelNames.Read(word.Value) : null;
        ImmutableArray<string?> groups = logging[DestinationsName] is JsonArray destinations ? [.. destinations.Select(ArnOf)] : [];
        return new LoggingRequest(level, logging[IncludeName] is JsonBoolean { Value: true }, groups);
    }

    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter writer, LoggingConfiguration logging)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(logging);
        writer.WriteStartObject(Name);
        writer.WriteString(LevelName, LevelNames.Of(logging.Level));
        writer.WriteBoolean(IncludeName, logging.IncludeExecutionData);
        if (logging.LogGroupArn is { } arn)
        {
            writer.WriteStartArray(DestinationsName);
            writer.WriteStartObject();
            writer.WriteStartObject(GroupName);
            writer.WriteString(ArnName, arn);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static bool HasShape(JsonObject logging) =>
        logging[LevelName] is null or JsonNull or JsonString { Value: "ALL" or "ERROR" or "FATAL" or "OFF" }
        && logging[IncludeName] is null or JsonNull or JsonBoolean
        && (logging[DestinationsName] is null or JsonNull || (logging[DestinationsName] is JsonArray list && list.All(item => ArnOf(item) is not null)));

    private static string? ArnOf(JsonValue destination) => ((destination as JsonObject)?[GroupName] as JsonObject)?[ArnName] is JsonString arn ? arn.Value : null;
}
