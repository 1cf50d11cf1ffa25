using System.Text;
using System.Text.Json;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.Conformance.Tests.Matching;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Logging;

namespace Lockstep.Conformance.Tests;

/// <summary>Runs a case of each kind and compares what it came to with the recording.</summary>
internal static class CaseScoring
{
    public static CaseScore Score(ConformanceCase recorded)
    {
        var score = new CaseScore();
        try
        {
            switch (recorded.Kind)
            {
                case "execution" or "execution-describe" or "express-sync" or "express-async" or "events":
                    ScoreExecution(recorded, score);
                    break;
                case "choice-table":
                    ScoreTable(recorded, score);
                    break;
                case "teststate":
                    StateTestScoring.Score(recorded, score);
                    break;
                case "variable-references":
                    DefinitionScoring.ScoreVariableReferences(recorded, score);
                    break;
                case "validate":
                    DefinitionScoring.ScoreValidation(recorded, score);
                    break;
                case "create-error":
                    DefinitionScoring.ScoreRefusal(recorded, score);
                    break;
                default:
                    throw new NotSupportedException($"No way to run a case of kind {recorded.Kind}.");
            }
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or InvalidOperationException or FormatException)
        {
            score.Set(Layer.Status, error.Message);
        }

        return score;
    }

    private static void ScoreExecution(ConformanceCase recorded, CaseScore score)
    {
        JsonObject expected = recorded.Expected;
        var placeholders = new Placeholders(recorded);
        var values = new RecordedValue(placeholders);
        CaseRun run = CaseRunner.Run(recorded, placeholders);
        score.RealCalls = run.RealCalls;
        if (recorded.Kind != "events" || expected.Contains("output") || expected.Contains("error"))
        {
            Outcome(expected, run, score, values);
        }

        if (expected["history"] is JsonArray history)
        {
            HistoryScoring.Score(history, [.. run.History.Select(Shown)], recorded["unorderedParallel"] is JsonBoolean { Value: true }, score, values);
        }

        if (expected["endLogEvent"] is JsonObject last)
        {
            score.Set(Layer.Details, values.Differ(last, Logged(run.History[^1], run, true), "$.endLogEvent"));
        }

        JsonObject[] changes = [.. StatusChanges.In(expected)];
        for (int i = 0; i < changes.Length; i++)
        {
            score.Set(Layer.Details, values.Differ(changes[i], StatusChanges.Of(run, changes[i], recorded.IsExpress), $"$.event[{i}]"));
        }

        if ((expected["also"] as JsonObject)?["logged_execution_events"] is JsonArray logged)
        {
            var configuration = (JsonObject?)recorded["loggingConfiguration"];
            bool includeData = configuration?["includeExecutionData"] is JsonBoolean { Value: true };
            LogLevel level = LevelNames.Read((configuration?["level"] as JsonString)?.Value ?? "OFF") ?? throw new InvalidDataException("There is no such level.");
            JsonObject[] ours = [.. run.History.Where(e => level.Logs(e.Type)).Select(e => Logged(e, run, includeData))];
            score.Set(Layer.Details, values.Differ(logged, JsonArray.Of([.. ours]), "$.logged"));
        }
    }

    private static void Outcome(JsonObject expected, CaseRun run, CaseScore score, RecordedValue values)
    {
        string status = run.Finish.Status switch
        {
            ExecutionStatus.TimedOut => "TIMED_OUT",
            ExecutionStatus other => other.ToString().ToUpperInvariant(),
        };
        score.Set(Layer.Status, values.DifferText((expected["status"] as JsonString)?.Value ?? "", status, "status"));
        score.Set(
            Layer.Outcome,
            run.Finish.Output is JsonValue output
                ? values.Differ(expected["output"], output, "output")
                : values.Differ(OrNull(expected["error"]), Text(run.Finish.Error), "error"));
        score.Set(Layer.Cause, values.DifferCause(OrNull(expected["cause"]), Text(run.Finish.Cause), "cause"));
    }

    private static void ScoreTable(ConformanceCase recorded, CaseScore score)
    {
        foreach (JsonObject row in ((JsonArray?)recorded["rows"] ?? JsonArray.Empty).OfType<JsonObject>())
        {
            JsonValue definition = row["definition"] ?? recorded["definition"] ?? throw new InvalidDataException("A row without a definition.");
            CaseRun run = CaseRunner.Run(recorded, definition, row["input"] ?? JsonObject.Empty);
            score.Set(Layer.Status, run.Finish.Status == ExecutionStatus.Succeeded ? null : $"row {row["row"]}: {run.Finish}");
            score.Set(Layer.Outcome, new RecordedValue(new Placeholders(recorded)).Differ(row["expectedOutput"], run.Finish.Output, $"row {row["row"]}"));
        }
    }

    private static JsonValue? OrNull(JsonValue? value) => value is JsonNull ? null : value;

    private static JsonString? Text(string? text) => text is null ? null : JsonString.Of(text);

    private static JsonObject Shown(HistoryEvent shown) => Written(writer => HistoryEventJson.Write(writer, shown)).Without("timestamp");

    private static JsonObject Logged(HistoryEvent logged, CaseRun run, bool includeData) =>
        (JsonObject)JsonValue.Parse(LogEventJson.Of(logged, run.ExecutionArn, redriveCount: 0, includeData));

    private static JsonObject Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return (JsonObject)JsonValue.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
