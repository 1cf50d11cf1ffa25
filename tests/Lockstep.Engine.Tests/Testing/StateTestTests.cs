using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Testing;

/// <summary>Tests of a single state: outcome, next state, errors, and the values on the way.</summary>
public sealed class StateTestTests
{
    private const string Call = """{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}""";

    private const string Handled = """
        {"Type":"Task","Resource":"arn:aws:lambda:local:1:function:f","Next":"After",
         "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":3,"MaxAttempts":2,"BackoffRate":2.0,"JitterStrategy":"FULL"}],
         "Catch":[{"ErrorEquals":["Other"],"Next":"Nowhere"},
                  {"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.error","Next":"Mend","Assign":{"why.$":"$.Cause"}}]}
        """;

    [Theory]
    [InlineData("""{"Type":"Pass","Next":"B"}""", """{"status":"SUCCEEDED","nextState":"B","output":{"a":1}}""")]
    [InlineData("""{"Type":"Succeed","OutputPath":"$.a"}""", """{"status":"SUCCEEDED","output":1}""")]
    [InlineData("""{"Type":"Wait","Seconds":99999999,"Next":"B"}""", """{"status":"SUCCEEDED","nextState":"B","output":{"a":1}}""")]
    [InlineData("""{"Type":"Fail","Error":"E","CausePath":"States.Format('a={}', $.a)"}""", """{"status":"FAILED","error":"E","cause":"a=1"}""")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"One"}],"Default":"Else"}""",
        """{"status":"SUCCEEDED","nextState":"One","output":{"a":1}}""")]
    [InlineData(
        """{"Type":"Pass","InputPath":"$.b","End":true}""",
        """{"status":"FAILED","error":"States.Runtime","cause":"Invalid path '$.b' : No results for path: $['b']"}""")]
    public void SaysHowTheStateEnds(string definition, string expected)
    {
        StateTest test = Tested.Begin(definition, Tested.Setup("""{"a":1}"""));
        Assert.NotNull(test.Report);
        Assert.Equal(JsonValue.Parse(expected), StateTestJson.Of(test.Report, InspectionLevel.Info));
    }

    [Fact]
    public void ShowsTheStepsOfATask()
    {
        const string Definition = """
            {"Type":"Task","Resource":"arn:aws:states:::http:invoke","InputPath":"$.in","Parameters":{"RequestBody.$":"$.v"},
             "ResultSelector":{"y.$":"$.r"},"ResultPath":"$.out","OutputPath":"$.out.y","End":true}
            """;
        StateTestSetup setup = Tested.Setup("""{"in":{"v":1}}""") with { Mock = new MockedResult(JsonValue.Parse("""{"r":2}""")) };
        Assert.Equal(
            JsonValue.Parse("""
                {"status":"SUCCEEDED","output":2,"inspectionData":{"input":{"in":{"v":1}},"afterInputPath":{"v":1},"afterParameters":{"RequestBody":1},
                 "result":{"r":2},"afterResultSelector":{"y":2},"afterResultPath":{"in":{"v":1},"out":{"y":2}}}}
                """),
            Tested.Report(Definition, setup));
    }

    [Fact]
    public void AsksForTheCallWhenNothingIsMocked()
    {
        StateTest test = Tested.Begin(Call, Tested.Setup("""{"a":1}"""));
        Assert.Null(test.Report);
        InvokeTask call = Assert.IsType<InvokeTask>(test.Call);
        Assert.Equal(JsonValue.Parse("""{"a":1}"""), call.Parameters);
        test.Answer(new TaskSucceeded(DateTimeOffset.UnixEpoch, call.Id, JsonNumber.Of(5)));
        Assert.Null(test.Call);
        Assert.Equal(JsonNumber.Of(5), test.Report?.Output);
        Assert.Throws<InvalidOperationException>(() => test.Answer(new TaskSucceeded(DateTimeOffset.UnixEpoch, call.Id, JsonNumber.Of(6))));
    }

    [Fact]
    public void TimesACallOutLikeAnExecution()
    {
        StateTest test = Tested.Begin(Call, Tested.Setup());
        test.Answer(new TimerFired(DateTimeOffset.UnixEpoch, new CommandId(2)));
        Assert.Equal((StateTestStatus.Failed, "States.Timeout"), (test.Report?.Status, test.Report?.Error));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 6)]
    public void TellsWhenARetrierWouldTryAgain(int before, int seconds)
    {
        StateTestSetup setup = Tested.Setup() with { Mock = new MockedError("Busy", "later"), RetrierRetryCount = before };
        JsonObject report = Tested.Report(Handled, setup);
        Assert.Equal(JsonString.Of("RETRIABLE"), report["status"]);
        Assert.Equal(JsonString.Of("Busy"), report["error"]);
        Assert.Null(report["output"]);
        Assert.Equal(
            JsonValue.Parse($$"""{"retryIndex":0,"retryBackoffIntervalSeconds":{{seconds}}}"""),
            (report["inspectionData"] as JsonObject)?["errorDetails"]);
    }

    [Fact]
    public void CatchesWhatNoRetrierTriesAgain()
    {
        StateTestSetup setup = Tested.Setup("""{"a":1}""") with { Mock = new MockedError("Busy", "later"), RetrierRetryCount = 2 };
        JsonObject report = Tested.Report(Handled, setup);
        Assert.Equal(JsonString.Of("CAUGHT_ERROR"), report["status"]);
        Assert.Equal(JsonString.Of("Mend"), report["nextState"]);
        Assert.Equal(JsonValue.Parse("""{"a":1,"error":{"Error":"Busy","Cause":"later"}}"""), report["output"]);
        var data = (JsonObject?)report["inspectionData"];
        Assert.Equal(JsonValue.Parse("""{"catchIndex":1}"""), data?["errorDetails"]);
        Assert.Equal(JsonValue.Parse("""{"why":"later"}"""), data?["variables"]);
    }

    [Fact]
    public void ShowsTheContextThatAnExecutionWouldHave()
    {
        const string Definition = """{"Type":"Pass","Parameters":{"c.$":"$$"},"End":true}""";
        Assert.Equal(
            JsonValue.Parse("""
                {"c":{"Execution":{"Id":"arn:aws:states:local:000000000001:express:M:E","Input":{"a":1},"StartTime":"1970-01-01T00:00:00.000Z","Name":"E",
                 "RoleArn":"role"},"StateMachine":{"Id":"arn:aws:states:local:000000000001:stateMachine:M","Name":"M"},
                 "State":{"Name":"StateName","EnteredTime":"1970-01-01T00:00:00.000Z"}}}
                """),
            Tested.Report(Definition, Tested.Setup("""{"a":1}"""))["output"]);
    }

    [Fact]
    public void ReadsAndAssignsVariables()
    {
        const string Definition = """{"Type":"Pass","Parameters":{"v.$":"$given"},"Assign":{"made":2},"End":true}""";
        JsonObject report = Tested.Report(Definition, Tested.Setup() with { Variables = (JsonObject)JsonValue.Parse("""{"given":1}""") });
        Assert.Equal(JsonValue.Parse("""{"v":1}"""), report["output"]);
        Assert.Equal(JsonValue.Parse("""{"given":1,"made":2}"""), (report["inspectionData"] as JsonObject)?["variables"]);
    }

    [Fact]
    public void HandsTheTokenOfAMockedCallbackToItsParameters()
    {
        const string Definition = """
            {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f","Payload":{"t.$":"$$.Task.Token"}},"End":true}
            """;
        JsonObject report = Tested.Report(Definition, Tested.Setup() with { Mock = new MockedResult(JsonString.Of("anything")) });
        Assert.Equal(JsonString.Of("anything"), report["output"]);
        Assert.Equal(
            JsonValue.Parse("""{"FunctionName":"f","Payload":{"t":"token-1"}}"""), (report["inspectionData"] as JsonObject)?["afterParameters"]);
    }

    [Theory]
    [InlineData(262_142, "SUCCEEDED")]
    [InlineData(262_143, "FAILED")]
    public void HoldsResultsToThePayloadLimit(int characters, string status)
    {
        StateTestSetup setup = Tested.Setup() with
        {
            Mock = new MockedResult(JsonString.Of(new string('x', characters)), FieldValidationMode.None),
        };
        Assert.Equal(JsonString.Of(status), Tested.Report(Call, setup)["status"]);
    }
}
