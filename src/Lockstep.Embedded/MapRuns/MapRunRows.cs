using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Embedded.MapRuns;

/// <summary>
/// How far a map run is, as the table <c>map_runs</c> has it: written in the commit of the turn that changed it, so that it is never ahead of what is
/// durable, nor behind.
/// </summary>
internal static class MapRunRows
{
    private const int Counts = 11;

    /// <summary>Numbers in rows of programs that did not redrive map runs.</summary>
    private const int CountsWithoutRedrives = 7;

    /// <summary>Writes it down.</summary>
    public static ReadOnlySpan<byte> Write(MapRunProgress progress)
    {
        JsonObjectBuilder json = new JsonObjectBuilder().Add("maxConcurrency", JsonNumber.Of(progress.Settings.MaxConcurrency));
        if (progress.Settings.ToleratedFailureCount is long count)
        {
            json.Add("toleratedFailureCount", JsonNumber.Of(count));
        }

        if (progress.Settings.ToleratedFailurePercentage is JsonNumber percentage)
        {
            json.Add("toleratedFailurePercentage", percentage);
        }

        return json.Add("items", Write(progress.Items)).Add("executions", Write(progress.Executions)).Build().ToUtf8();
    }

    /// <summary>Reads it.</summary>
    public static MapRunProgress Read(ReadOnlySpan<byte> bytes)
    {
        var json = (JsonObject)(JsonReader.Read(bytes).Value ?? throw new InvalidOperationException("The progress of a map run is no JSON."));
        return new MapRunProgress(
            new MapRunSettings(
                Number(json, "maxConcurrency") ?? 0, Number(json, "toleratedFailureCount"), json["toleratedFailurePercentage"] as JsonNumber),
            ReadCounts(json["items"]),
            ReadCounts(json["executions"]));
    }

    private static JsonArray Write(MapRunCounts counts) => JsonArray.Of(
        JsonNumber.Of(counts.Succeeded),
        JsonNumber.Of(counts.Failed),
        JsonNumber.Of(counts.TimedOut),
        JsonNumber.Of(counts.Aborted),
        JsonNumber.Of(counts.Running),
        JsonNumber.Of(counts.Pending),
        JsonNumber.Of(counts.ResultsWritten),
        JsonNumber.Of(counts.FailedBefore),
        JsonNumber.Of(counts.TimedOutBefore),
        JsonNumber.Of(counts.AbortedBefore),
        JsonNumber.Of(counts.FailuresNotRedrivable));

    private static MapRunCounts ReadCounts(JsonValue? json)
    {
        long[] numbers = json is JsonArray array
            ? [.. array.Select(number => number is JsonNumber one && one.TryGetInt64(out long value) ? value : 0)]
            : [];
        if (numbers.Length is not (Counts or CountsWithoutRedrives))
        {
            throw new InvalidOperationException("The progress of a map run has no counts.");
        }

        var counts = new MapRunCounts(numbers[5], numbers[4], numbers[0], numbers[1], numbers[2], numbers[3], numbers[6]);
        return numbers.Length == CountsWithoutRedrives
            ? counts
            : counts with { FailedBefore = numbers[7], TimedOutBefore = numbers[8], AbortedBefore = numbers[9], FailuresNotRedrivable = numbers[10] };
    }

    private static long? Number(JsonObject json, string name) =>
        json[name] is JsonNumber number && number.TryGetInt64(out long value) ? value : null;
}
