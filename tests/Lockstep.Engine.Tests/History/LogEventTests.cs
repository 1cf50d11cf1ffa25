using System.Text;
using Lockstep.Engine.History;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.History;

public sealed class LogEventTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, 500, TimeSpan.Zero);

    /// <summary>The table of the Developer Guide ("Log levels"): a type, and the lowest level that logs it. Types that it does not have follow from their names.</summary>
    private static readonly Dictionary<LogLevel, string[]> _documented = new()
    {
        [LogLevel.Fatal] = ["ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"],
        [LogLevel.Error] =
        [
            "FailStateEntered", "LambdaFunctionFailed", "LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed", "LambdaFunctionTimedOut",
            "MapIterationAborted", "MapIterationFailed", "MapStateAborted", "MapStateFailed", "ParallelStateAborted", "ParallelStateFailed", "TaskFailed",
            "TaskStartFailed", "TaskStateAborted", "TaskSubmitFailed", "TaskTimedOut", "WaitStateAborted",
            "ActivityFailed", "ActivityScheduleFailed", "ActivityTimedOut", "EvaluationFailed", "MapRunAborted", "MapRunFailed",
        ],
    };

    [Fact]
    public void Each_level_logs_the_types_that_the_guide_has_for_it()
    {
        foreach (HistoryEventType type in Enum.GetValues<HistoryEventType>())
        {
            bool isFatal = _documented[LogLevel.Fatal].Contains(type.ToString());
            bool isError = isFatal || _documented[LogLevel.Error].Contains(type.ToString());
            Assert.Equal(
                (type, false, isFatal, isError, true),
                (type, LogLevel.Off.Logs(type), LogLevel.Fatal.Logs(type), LogLevel.Error.Logs(type), LogLevel.All.Logs(type)));
        }
    }

    [Fact]
    public void An_event_is_one_line_in_the_shape_of_Step_Functions()
    {
        var exited = new HistoryEvent(7, 6, _noon, HistoryEventType.PassStateExited, new StateExitedDetails("A", JsonValue.Parse("{\"a\":\"ä<\"}"), null));
        Assert.Equal(
            """
            {"id":"7","type":"PassStateExited","details":{"name":"A","output":"{\"a\":\"ä<\"}","outputDetails":{"truncated":false}},"redrive_count":"2","previous_event_id":"6","execution_arn":"arn:x","event_timestamp":"1767268800500"}
            """,
            LogEventJson.Of(exited, "arn:x", redriveCount: 2, includeData: true));
        Assert.Equal(
            """
            {"id":"7","type":"PassStateExited","details":{"name":"A"},"redrive_count":"0","previous_event_id":"6","execution_arn":"arn:x","event_timestamp":"1767268800500"}
            """,
            LogEventJson.Of(exited, "arn:x", redriveCount: 0, includeData: false));
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("ä", 2)]
    [InlineData("😀", 4)]
    [InlineData("\"", 4)] // As JSON text a quote is \", and inside a string that is \\\".
    public void A_payload_of_the_limit_is_whole_and_what_is_beyond_is_cut_off(string unit, int bytes)
    {
        // The quotes of the JSON text are escaped inside the string as well, and take two bytes each.
        int fitting = (LogEventJson.MaxPayloadBytes - 4) / bytes;
        string whole = string.Concat(Enumerable.Repeat(unit, fitting));
        Assert.Equal((JsonString.Of(whole).ToString(), "false"), Logged(whole));

        (string text, string truncated) = Logged(whole + unit + unit + unit + unit);
        Assert.Equal("true", truncated);
        Assert.StartsWith(text, JsonString.Of(whole + unit + unit + unit + unit).ToString(), StringComparison.Ordinal);
        int escaped = JsonString.Of(text).Utf8Length - 2;
        Assert.InRange(escaped, LogEventJson.MaxPayloadBytes - 4, LogEventJson.MaxPayloadBytes);
        Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Assigned_variables_share_one_limit()
    {
        string half = new('a', LogEventJson.MaxPayloadBytes / 2);
        JsonObject variables = JsonObject.Of(
            new JsonProperty("x", JsonString.Of(half)), new JsonProperty("y", JsonString.Of(half)), new JsonProperty("z", JsonNumber.Of(1)));
        var exited = new HistoryEvent(7, 6, _noon, HistoryEventType.PassStateExited, new StateExitedDetails("A", JsonNull.Instance, variables));
        var details = (JsonObject?)((JsonObject)JsonValue.Parse(LogEventJson.Of(exited, "arn", 0, includeData: true)))["details"];
        var assigned = (JsonObject?)details?["assignedVariables"];
        Assert.Equal("""{"truncated":true}""", details?["assignedVariablesDetails"]?.ToString());
        Assert.Equal(
            (half.Length + 2, half.Length - 5, 0),
            (((JsonString?)assigned?["x"])?.Value.Length, ((JsonString?)assigned?["y"])?.Value.Length, ((JsonString?)assigned?["z"])?.Value.Length));
    }

    private static (string Text, string Truncated) Logged(string payload)
    {
        var entered = new HistoryEvent(2, 1, _noon, HistoryEventType.PassStateEntered, new StateEnteredDetails("A", JsonString.Of(payload)));
        var details = (JsonObject?)((JsonObject)JsonValue.Parse(LogEventJson.Of(entered, "arn", 0, includeData: true)))["details"];
        return (((JsonString?)details?["input"])?.Value ?? "", ((JsonObject?)details?["inputDetails"])?["truncated"]?.ToString() ?? "");
    }
}
