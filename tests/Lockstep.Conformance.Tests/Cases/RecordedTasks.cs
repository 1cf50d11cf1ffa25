using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>
/// Answers calls of services and activities as the recording says they were answered, in the order in which it scheduled them. What the
/// service did is thereby given; what the interpreter makes of it is what is compared.
/// </summary>
internal sealed class RecordedTasks
{
    private readonly Queue<List<JsonObject>> _calls = new();

    public RecordedTasks(ConformanceCase recorded)
    {
        JsonObject[] history = [.. (recorded.Expected["history"] as JsonArray ?? JsonArray.Empty).OfType<JsonObject>()];
        foreach (JsonObject scheduled in history.Where(e => Type(e) is "TaskScheduled" or "ActivityScheduled"))
        {
            _calls.Enqueue(Chain(history, scheduled));
        }
    }

    /// <summary>Whether the recording has a further call.</summary>
    public bool HasNext => _calls.Count > 0;

    /// <summary>What happens to the next call, in order; nothing for a call that ran out of time.</summary>
    public IEnumerable<Stimulus> Next(InvokeTask call, DateTimeOffset now)
    {
        if (!_calls.TryDequeue(out List<JsonObject>? chain))
        {
            throw new NotSupportedException($"The recording has no such call of {call.Resource.Text}.");
        }

        foreach (JsonObject happened in chain)
        {
            JsonObject details = happened.Select(p => p.Value).OfType<JsonObject>().FirstOrDefault() ?? JsonObject.Empty;
            switch (Type(happened))
            {
                case "ActivityStarted":
                    yield return new ActivityTaken(now, call.Id, (details["workerName"] as JsonString)?.Value);
                    break;
                case "TaskSubmitted":
                    yield return new TaskSubmitted(now, call.Id, Payload(details["output"]));
                    break;
                case "TaskSucceeded" or "ActivitySucceeded":
                    yield return new TaskSucceeded(now, call.Id, Payload(details["output"]));
                    break;
                case "TaskFailed" or "ActivityFailed":
                    yield return new TaskFailed(now, call.Id, (details["error"] as JsonString)?.Value, Text(details["cause"]));
                    break;
                case "TaskTimedOut" when call.HeartbeatSeconds is long heartbeat:
                    yield return new HeartbeatMissed(now.AddSeconds(heartbeat), call.Id);
                    break;
                default:
                    break; // Started events come by themselves, timeouts by their timer.
            }
        }
    }

    private static List<JsonObject> Chain(JsonObject[] history, JsonObject scheduled)
    {
        var chain = new List<JsonObject>();
        JsonObject at = scheduled;
        while (Array.Find(history, e => e["previousEventId"]?.Equals(at["id"]) == true) is JsonObject next
            && Type(next) is string type
            && (type.StartsWith("Task", StringComparison.Ordinal) || type.StartsWith("Activity", StringComparison.Ordinal))
            && !type.Contains("State", StringComparison.Ordinal)
            && !type.EndsWith("Scheduled", StringComparison.Ordinal))
        {
            chain.Add(next);
            at = next;
        }

        return chain;
    }

    private static JsonValue Payload(JsonValue? recorded) =>
        recorded is JsonString text && JsonReader.Read(text.Value) is { IsSuccess: true } read ? read.Value : recorded ?? JsonNull.Instance;

    private static string? Text(JsonValue? recorded) => recorded switch
    {
        null => null,
        JsonString text => text.Value,
        _ => recorded.ToString(),
    };

    private static string Type(JsonObject shown) => (shown["type"] as JsonString)?.Value ?? "";
}
