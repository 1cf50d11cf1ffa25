using Lockstep.Conformance.Tests.Matching;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests;

/// <summary>Compares histories: the sequence of types, then every detail. Ids are compared too, and with them the links between events.</summary>
internal static class HistoryScoring
{
    public static void Score(JsonArray recorded, IReadOnlyList<JsonObject> ours, bool unorderedParallel, CaseScore score, RecordedValue values)
    {
        JsonObject[] events = [.. recorded.OfType<JsonObject>()];
        if (unorderedParallel)
        {
            ScoreUnordered(events, ours, score, values);
            return;
        }

        string left = string.Join(' ', events.Select(Type));
        string right = string.Join(' ', ours.Select(Type));
        score.Set(Layer.EventTypes, left == right ? null : $"recorded {left}, ours {right}");
        if (left != right)
        {
            score.Set(Layer.Details, "the sequence differs");
            return;
        }

        for (int i = 0; i < events.Length; i++)
        {
            score.Set(Layer.Details, values.Differ(events[i], ours[i], $"event {i + 1} {Type(events[i])}"));
        }
    }

    /// <summary>
    /// Between the outermost ParallelStateStarted and ParallelStateExited the recorder sorted the events, set the ids of most to 0 and dropped
    /// the Succeeded and inner Exited events; ids before and after show how many there were. So: what it kept must be among ours.
    /// </summary>
    private static void ScoreUnordered(JsonObject[] recorded, IReadOnlyList<JsonObject> ours, CaseScore score, RecordedValue values)
    {
        int start = Array.FindIndex(recorded, e => Type(e) == "ParallelStateStarted");
        int after = recorded.Length - Array.FindLastIndex(recorded, e => Type(e) == "ParallelStateExited");
        var rest = ours.Skip(start + 1).Take(ours.Count - start - 1 - after).ToList();
        for (int i = 0; i <= start; i++)
        {
            Compare(recorded[i], ours[i]);
        }

        for (int i = after; i > 0; i--)
        {
            Compare(recorded[^i], ours[^i]);
        }

        foreach (JsonObject kept in recorded[(start + 1)..^after])
        {
            int found = rest.FindIndex(mine => values.Differ(WithoutLinks(kept), WithoutLinks(mine)) is null);
            score.Set(Layer.Details, found >= 0 ? null : $"no event of ours like {kept}");
            found = found >= 0 ? found : rest.FindIndex(mine => Type(mine) == Type(kept));
            score.Set(Layer.EventTypes, found >= 0 ? null : $"no event of ours of type {Type(kept)}");
            if (found >= 0)
            {
                rest.RemoveAt(found);
            }
        }

        string[] dropped = ["ParallelStateSucceeded", "ParallelStateExited"];
        score.Set(Layer.EventTypes, rest.FirstOrDefault(e => !dropped.Contains(Type(e))) is JsonObject extra ? $"recorded nothing like {extra}" : null);

        void Compare(JsonObject left, JsonObject right)
        {
            score.Set(Layer.EventTypes, Type(left) == Type(right) ? null : $"recorded {Type(left)}, ours {Type(right)}");
            score.Set(Layer.Details, values.Differ(left, right));
        }
    }

    private static JsonObject WithoutLinks(JsonObject shown) => shown.Without("id").Without("previousEventId");

    private static string Type(JsonObject shown) => (shown["type"] as JsonString)?.Value ?? "";
}
