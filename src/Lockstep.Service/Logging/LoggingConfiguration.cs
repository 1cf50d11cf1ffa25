using Lockstep.Engine.History;
using Lockstep.Json;

namespace Lockstep.Service.Logging;

/// <summary>
/// What of a state machine's executions is logged and where to (Step Functions API Reference, LoggingConfiguration). It belongs to the revision: an
/// execution logs as the revision that it runs says.
/// </summary>
/// <param name="Level">Which events.</param>
/// <param name="IncludeExecutionData">Whether inputs and outputs are logged with them.</param>
/// <param name="LogGroupArn">The one destination; null where none was given.</param>
public sealed record LoggingConfiguration(LogLevel Level, bool IncludeExecutionData, string? LogGroupArn)
{
    /// <summary>What a state machine has that was created without a choice: nothing is logged.</summary>
    public static LoggingConfiguration Off { get; } = new(LogLevel.Off, false, null);

    /// <summary>The log group that events go to; null when nothing is logged.</summary>
    public string? LogGroup => Level != LogLevel.Off && LogGroupArn is not null && LogGroupName.TryRead(LogGroupArn, out _, out string? name) ? name : null;

    /// <summary>The configuration as stores keep it.</summary>
    public string ToText() => JsonObject.Of(
        new JsonProperty("level", JsonString.Of(LevelNames.Of(Level))),
        new JsonProperty("includeExecutionData", IncludeExecutionData ? JsonBoolean.True : JsonBoolean.False),
        new JsonProperty("logGroupArn", LogGroupArn is null ? JsonNull.Instance : JsonString.Of(LogGroupArn))).ToString();

    /// <summary>Reads what <see cref="ToText"/> wrote; null, as revisions of before have it, is <see cref="Off"/>.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static LoggingConfiguration Parse(string? text)
    {
        if (text is null)
        {
            return Off;
        }

        return JsonValue.Parse(text) is JsonObject stored && stored["level"] is JsonString name && LevelNames.Read(name.Value) is { } level
            ? new LoggingConfiguration(level, stored["includeExecutionData"] is JsonBoolean { Value: true }, (stored["logGroupArn"] as JsonString)?.Value)
            : throw new InvalidOperationException($"This is no stored logging configuration: {text}");
    }
}

/// <summary>Levels in AWS's words.</summary>
public static class LevelNames
{
    /// <summary>The word of a level.</summary>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Off => "OFF",
        LogLevel.Fatal => "FATAL",
        LogLevel.Error => "ERROR",
        LogLevel.All => "ALL",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level."),
    };

    /// <summary>The level of a word; null when it is none.</summary>
    public static LogLevel? Read(string word) => word switch
    {
        "OFF" => LogLevel.Off,
        "FATAL" => LogLevel.Fatal,
        "ERROR" => LogLevel.Error,
        "ALL" => LogLevel.All,
        _ => null,
    };
}
