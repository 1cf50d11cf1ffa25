using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Testing;

/// <summary>Tests of single states of the query language JSONata: they have arguments and no paths.</summary>
public sealed class JsonataStateTestTests
{
    private const string Processor = """
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}
        """;

    [Theory]
    [InlineData(
        """{"Type":"Pass","QueryLanguage":"JSONata","Output":{"b":"{% $states.input.a + 1 %}"},"Next":"B"}""",
        """{"status":"SUCCEEDED","nextState":"B","output":{"b":2},"inspectionData":{"input":{"a":1}}}""")]
    [InlineData(
        """{"Type":"Succeed","QueryLanguage":"JSONata","Output":"{% $states.context.State.Name %}"}""",
        """{"status":"SUCCEEDED","output":"StateName","inspectionData":{"input":{"a":1}}}""")]
    [InlineData(
        """{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"{% $states.input.a = 1 %}","Next":"One"}],"Default":"Else"}""",
        """{"status":"SUCCEEDED","nextState":"One","output":{"a":1},"inspectionData":{"input":{"a":1}}}""")]
    [InlineData(
        """{"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% $states.input.a * 100 %}","End":true}""",
        """{"status":"SUCCEEDED","output":{"a":1},"inspectionData":{"input":{"a":1}}}""")]
    [InlineData(
        """{"Type":"Fail","QueryLanguage":"JSONata","Error":"E","Cause":"{% 'a is ' & $states.input.a %}"}""",
        """{"status":"FAILED","error":"E","cause":"a is 1","inspectionData":{"input":{"a":1}}}""")]
    public void ShowsNoPaths(string definition, string expected) =>
        Assert.Equal(JsonValue.Parse(expected), Tested.Report(definition, Tested.Setup("""{"a":1}""")));

    [Fact]
    public void ShowsTheArgumentsOfATask()
    {
        const string Definition = """
            {"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::http:invoke","Arguments":{"RequestBody":"{% $states.input.a + $v %}"},
             "Assign":{"w":"{% $states.result.r %}"},"Output":"{% $states.result.r * 2 %}","End":true}
            """;
        StateTestSetup setup = Tested.Setup("""{"a":1}""") with
        {
            Mock = new MockedResult(JsonValue.Parse("""{"r":21}""")),
            Variables = (JsonObject)JsonValue.Parse("""{"v":4}"""),
        };
        Assert.Equal(
            JsonValue.Parse("""
                {"status":"SUCCEEDED","output":42,
                 "inspectionData":{"input":{"a":1},"afterArguments":{"RequestBody":5},"result":{"r":21},"variables":{"v":4,"w":21}}}
                """),
            Tested.Report(Definition, setup));
    }

    [Fact]
    public void CatchesAnErrorWithAnOutputOfItsOwn()
    {
        const string Definition = """
            {"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::http:invoke","Arguments":{},"End":true,
             "Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput.Error & '!' %}","Next":"Mend"}]}
            """;
        JsonObject report = Tested.Report(Definition, Tested.Setup() with { Mock = new MockedError("Busy", null) });
        Assert.Equal((JsonString.Of("CAUGHT_ERROR"), JsonString.Of("Busy!")), (report["status"], report["output"]));
        Assert.Equal(
            JsonValue.Parse("""{"input":{},"afterArguments":{},"errorDetails":{"catchIndex":0}}"""), report["inspectionData"]);
    }

    [Fact]
    public void ShowsWhatIterationsOfAMapWouldGet()
    {
        const string Definition = $$"""
            {"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.list %}","ItemSelector":{"n":"{% $states.context.Map.Item.Value * 10 %}"},
             "MaxConcurrency":"{% 1 + 1 %}","ToleratedFailurePercentage":"{% 2.5 %}","End":true,{{Processor}} }
            """;
        JsonObject report = Tested.Report(Definition, Tested.Setup("""{"list":[1,2]}""") with { Mock = new MockedResult(JsonValue.Parse("[3]")) });
        Assert.Equal(
            JsonValue.Parse("""
                {"status":"SUCCEEDED","output":[3],"inspectionData":{"input":{"list":[1,2]},"afterItemSelector":[{"n":10},{"n":20}],
                 "maxConcurrency":2,"toleratedFailurePercentage":2.5}}
                """),
            report);
    }

    [Fact]
    public void AnExpressionThatFailsFailsTheState()
    {
        const string Definition = """{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.a + 'b' %}","End":true}""";
        JsonObject report = Tested.Report(Definition, Tested.Setup("""{"a":1}"""));
        Assert.Equal((JsonString.Of("FAILED"), JsonString.Of("States.QueryEvaluationError")), (report["status"], report["error"]));
        Assert.StartsWith("The JSONata expression", Assert.IsType<JsonString>(report["cause"]).Value, StringComparison.Ordinal);
    }
}
