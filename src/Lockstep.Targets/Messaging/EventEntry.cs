using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Json;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.Messaging;

/// <summary>Why an entry was not put (EventBridge API, PutEventsResultEntry).</summary>
internal sealed record EntryError(string Code, string Message);

/// <summary>One entry of <c>events:putEvents</c> (EventBridge API, PutEventsRequestEntry), checked.</summary>
internal sealed record EventEntry(
    string Bus, string Source, string DetailType, JsonObject Detail, IReadOnlyList<string> Resources, DateTimeOffset Time)
{
    private const string DefaultBus = "default";

    /// <summary>Reads an entry.</summary>
    public static bool TryRead(
        JsonValue given, DateTimeOffset now, [NotNullWhen(true)] out EventEntry? entry, [NotNullWhen(false)] out EntryError? error)
    {
        entry = null;
        var arguments = new TaskArguments(given, "Detail", "DetailType", "EventBusName", "Resources", "Source", "Time", "TraceHeader");
        string? source = arguments.Text("Source");
        string? detailType = arguments.Text("DetailType");
        string? detail = arguments.TextOrJson("Detail");
        string? bus = arguments.Text("EventBusName");
        arguments.Text("TraceHeader");
        string[] resources = [.. (arguments.Array("Resources") ?? JsonArray.Empty).Select(item => (item as JsonString)?.Value ?? "")];
        DateTimeOffset? time = TimeOf(arguments.Any("Time"), now);
        error = ProblemOf(arguments, source, detailType, detail, resources, time) is { } problem ? new EntryError("InvalidArgument", problem)
            : source?.StartsWith("aws.", StringComparison.Ordinal) == true ? new EntryError("NotAuthorizedForSource", "Not authorized for the source.")
            : null;
        if (error is not null)
        {
            return false;
        }

        if (!JsonReader.Read(detail ?? "").TryGetValue(out JsonValue? parsed, out _) || parsed is not JsonObject document)
        {
            error = new EntryError("MalformedDetail", "Detail is malformed.");
            return false;
        }

        entry = new EventEntry(bus ?? DefaultBus, source ?? "", detailType ?? "", document, resources, time ?? now);
        return true;
    }

    private static string? ProblemOf(
        TaskArguments arguments, string? source, string? detailType, string? detail, string[] resources, DateTimeOffset? time)
    {
        if (arguments.Problem is { } problem)
        {
            return problem;
        }

        string? missing = string.IsNullOrEmpty(source) ? "Source" : string.IsNullOrEmpty(detailType) ? "DetailType" : detail is null ? "Detail" : null;
        return missing is not null ? $"Parameter {missing} is not valid. Reason: {missing} is a required argument."
            : resources.Contains("") ? "Parameter Resources is not valid. Reason: Resources must be an array of texts."
            : time is null ? "Parameter Time is not valid. Reason: Time must be an ISO 8601 time or seconds since 1970."
            : null;
    }

    private static DateTimeOffset? TimeOf(JsonValue? given, DateTimeOffset now) => given switch
    {
        null => now,
        JsonString text when DateTimeOffset.TryParse(
            text.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) => time,
        JsonNumber number when number.TryGetInt64(out long seconds)
            && seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            => DateTimeOffset.FromUnixTimeSeconds(seconds),
        _ => null,
    };
}
