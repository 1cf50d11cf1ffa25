using Lockstep.Conformance.Tests.Cases;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests;

/// <summary>
/// None of the recordings beside the repository is of kind <c>events</c>. That such a recording would be told from one that differs is shown on events in the shape that
/// the Developer Guide documents, and on the same with one member changed.
/// </summary>
public sealed class EventScoringTests
{
    private const string Started = """
        {"version":"0","id":"<uuid:1>","detail-type":"Step Functions Execution Status Change","source":"aws.states","account":"111111111111",
         "time":"date","region":"<region>","resources":["arn:<partition>:states:<region>:111111111111:execution:<resource:1>:<resource:2>"],
         "detail":{"executionArn":"arn:<partition>:states:<region>:111111111111:execution:<resource:1>:<resource:2>",
           "stateMachineArn":"arn:<partition>:states:<region>:111111111111:stateMachine:<resource:1>","name":"<resource:2>","status":"RUNNING",
           "startDate":"<date>","stopDate":null,"input":"{\"a\": 1}","output":null,"stateMachineVersionArn":null,"stateMachineAliasArn":null,"redriveCount":0,
           "redriveDate":null,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is RUNNING and cannot be redriven","inputDetails":{"included":true},"outputDetails":null,"error":null,"cause":null}}
        """;

    private static readonly string _succeeded = Started.Replace("\"RUNNING\"", "\"SUCCEEDED\"", StringComparison.Ordinal)
        .Replace("<uuid:1>", "<uuid:2>", StringComparison.Ordinal)
        .Replace("Execution is RUNNING", "Execution is SUCCEEDED", StringComparison.Ordinal)
        .Replace("\"stopDate\":null", "\"stopDate\":\"<date>\"", StringComparison.Ordinal)
        .Replace("\"output\":null", "\"output\":\"{\\\"b\\\": 2}\"", StringComparison.Ordinal)
        .Replace("\"outputDetails\":null", "\"outputDetails\":{\"included\":true}", StringComparison.Ordinal);

    [Fact]
    public void Events_of_the_documented_shape_pass()
    {
        CaseScore score = Score(Started, _succeeded);
        Assert.True(score.Passed, score.ToString());
        Assert.True(score.Applies(Layer.Details));
    }

    [Theory]
    [InlineData("\"source\":\"aws.states\"", "\"source\":\"aws.other\"")]
    [InlineData("\"status\":\"SUCCEEDED\"", "\"status\":\"ABORTED\"")]
    [InlineData("{\\\"a\\\": 1}", "{\\\"a\\\": 2}")]
    [InlineData("{\\\"b\\\": 2}", "{\\\"b\\\": 3}")]
    [InlineData("\"redriveCount\":0", "\"redriveCount\":1")]
    [InlineData("\"inputDetails\":{\"included\":true}", "\"inputDetails\":{\"included\":false}")]
    [InlineData("\"error\":null", "\"error\":\"E\"")]
    [InlineData("\"name\":\"<resource:2>\"", "\"name\":\"<resource:1>\"")]
    [InlineData("\"version\":\"0\"", "\"version\":\"0\",\"more\":1")]
    public void An_event_with_one_member_changed_fails_at_the_details_alone(string member, string changed)
    {
        Assert.Contains(member, _succeeded, StringComparison.Ordinal);
        CaseScore score = Score(Started, _succeeded.Replace(member, changed, StringComparison.Ordinal));
        Assert.False(score.Passes(Layer.Details));
        Assert.Contains("$.event[1]", score.ToString(), StringComparison.Ordinal);
        Assert.False(score.Applies(Layer.Status) && !score.Passes(Layer.Status), score.ToString());
    }

    private static CaseScore Score(string started, string ended) => CaseScoring.Score(ConformanceCase.Of("events/made", JsonObject.Of(
        new JsonProperty("kind", JsonString.Of("events")),
        new JsonProperty("tier", JsonString.Of("core")),
        new JsonProperty("definition", JsonValue.Parse("""{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"b":2},"End":true}}}""")),
        new JsonProperty("input", JsonValue.Parse("""{"a":1}""")),
        new JsonProperty("expected", JsonObject.Of("events", JsonArray.Of(JsonValue.Parse(started), JsonValue.Parse(ended)))))));
}
