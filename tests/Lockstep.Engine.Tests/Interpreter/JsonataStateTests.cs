using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>How data flows through JSONata states.</summary>
public sealed class JsonataStateTests
{
    [Fact]
    public void OutputAndAssignBothSeeTheVariablesAsTheyWere()
    {
        Run run = Start("""
            "A":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"B"},
            "B":{"Type":"Pass","Assign":{"x":"{% $y %}","y":"{% $x %}"},"Output":["{% $x %}","{% $y %}"],"Next":"C"},
            "C":{"Type":"Pass","Output":["{% $states.input %}","{% $x %}","{% $y %}"],"End":true}
            """);

        Assert.Equal("[[1,2],2,1]", run.Finished?.Output?.ToString());
        StateExitedDetails exited = Assert.IsType<StateExitedDetails>(run.History.Last(e => e.Details is StateExitedDetails { Name: "B" }).Details);
        Assert.Equal("""{"x":2,"y":1}""", exited.AssignedVariables?.ToString());
    }

    [Theory]
    [InlineData("\"A\":{\"Type\":\"Pass\",\"End\":true}", """{"a":1}""")]
    [InlineData("\"A\":{\"Type\":\"Succeed\",\"Output\":\"{% $states.input.a %}\"}", "1")]
    [InlineData("\"A\":{\"Type\":\"Wait\",\"Seconds\":0,\"Output\":{\"b\":\"{% $states.input.a + 1 %}\"},\"End\":true}", """{"b":2}""")]
    [InlineData("\"A\":{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Pass\",\"End\":true}}}],\"Arguments\":\"{% $states.input.a %}\",\"End\":true}", "[1]")]
    [InlineData("\"A\":{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Pass\",\"End\":true}}}],\"Output\":\"{% $states.result[0].a %}\",\"End\":true}", "1")]
    public void ADefaultOutputIsTheResultElseTheInput(string state, string output) =>
        Assert.Equal(output, Start(state, """{"a":1}""").Finished?.Output?.ToString());

    [Theory]
    [InlineData(3, """{"rule":"odd","seen":"odd"}""")]
    [InlineData(4, """{"rule":"none","seen":"even"}""")]
    public void TheRuleThatMatchesAssignsAndGivesItsOutput(int n, string output)
    {
        Run run = Start("""
            "A":{"Type":"Choice","Default":"B","Assign":{"seen":"even"},"Output":{"rule":"none"},"Choices":[
              {"Condition":"{% $states.input.n % 2 = 1 %}","Assign":{"seen":"odd"},"Output":{"rule":"odd"},"Next":"B"}]},
            "B":{"Type":"Pass","Output":"{% $merge([$states.input, {'seen': $seen}]) %}","End":true}
            """,
            $$"""{"n":{{n}}}""");

        Assert.Equal(output, run.Finished?.Output?.ToString());
    }

    [Fact]
    public void AMapSelectsEachItemAndSeesTheInputOfTheState()
    {
        Run run = Start("""
            "A":{"Type":"Map","Items":"{% $states.input.list %}","MaxConcurrency":"{% $count($states.input.list) %}",
              "ItemSelector":{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value * $states.input.by %}"},
              "ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","Output":"{% $states.input.i & ':' & $states.input.v %}","End":true}}},
              "Output":{"n":"{% $count($states.result) %}","all":"{% $states.result %}"},"End":true}
            """,
            """{"list":[1,2,3],"by":10}""");

        Assert.Equal("""{"n":3,"all":["0:10","1:20","2:30"]}""", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void ATaskTakesArgumentsLimitsAndCredentialsFromExpressions()
    {
        Run run = Start("""
            "A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":"{% $states.input.limit %}",
              "HeartbeatSeconds":"{% $states.input.limit - 1 %}","Credentials":{"RoleArn":"{% $states.input.role %}"},
              "Arguments":{"MessageBody":{"token":"{% $states.context.Task.Token %}","state":"{% $states.context.State.Name %}"}},
              "Assign":{"kept":"{% $states.result.ok %}"},"Output":"{% [$states.result, $states.input.role] %}","End":true}
            """,
            """{"limit":60,"role":"r"}""");
        InvokeTask call = run.Last<InvokeTask>();
        Assert.Equal((60L, 59L), (call.TimeoutSeconds, call.HeartbeatSeconds));
        Assert.Equal($$$"""{"MessageBody":{"token":"{{{call.TaskToken}}}","state":"A"}}""", call.Parameters.ToString());
        var scheduled = run.History.Select(e => e.Details).OfType<TaskScheduledDetails>().Single();
        Assert.Equal("""{"RoleArn":"r"}""", scheduled.Credentials?.ToString());

        run.Send(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));
        run.Send(new TaskSucceeded(run.Now, call.Id, JsonValue.Parse("""{"ok":true}""")));

        Assert.Equal("""[{"ok":true},"r"]""", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void VariablesPassBetweenTheLanguages()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Assign":{"n.$":"$.n"},"Next":"B"},
              "B":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"n":"{% $n + 1 %}"},"Next":"C"},
              "C":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($n, 1)"},"End":true}}}
            """));
        run.Start("""{"n":1}""");

        Assert.Equal("""{"n":3}""", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void AFailStateTakesErrorAndCauseFromExpressions()
    {
        Run run = Start("\"A\":{\"Type\":\"Fail\",\"Error\":\"{% $states.input.e %}\",\"Cause\":\"{% 'no ' & $states.input.e %}\"}", """{"e":"Oil"}""");

        Assert.Equal(("Oil", "no Oil"), (run.Finished?.Error, run.Finished?.Cause));
        Assert.DoesNotContain(HistoryEventType.EvaluationFailed, run.Types);
    }

    [Fact]
    public void TimeAndRandomNumbersAreThoseOfTheExecution()
    {
        const string States = "\"A\":{\"Type\":\"Pass\",\"Output\":[\"{% $random() %}\",\"{% $uuid() %}\",\"{% $random(7) %}\",\"{% $now() %}\"],\"End\":true}";
        Run run = Start(States);
        Run again = Start(States);

        Assert.Equal(run.Finished?.Output, again.Finished?.Output);
        var values = Assert.IsType<JsonArray>(run.Finished?.Output);
        Assert.Equal(4, values.Distinct().Count());
        Assert.Equal(JsonString.Of("2026-01-02T03:04:05.000Z"), values[3]);
    }

    [Theory]
    [InlineData("\"ToleratedFailureCount\":\"{% 1 %}\"", true)]
    [InlineData("\"ToleratedFailurePercentage\":\"{% 99.5 %}\"", true)]
    [InlineData("\"ToleratedFailureCount\":\"{% 'one' %}\"", false)]
    [InlineData("\"ToleratedFailurePercentage\":\"{% 101 %}\"", false)]
    public void ToleratedFailuresOfAnInlineMapAreCheckedAndWithoutEffect(string field, bool runs)
    {
        Run run = Start(
            "\"A\":{\"Type\":\"Map\",\"Items\":[1]," + field + ",\"ItemProcessor\":{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Pass\",\"End\":true}}},\"End\":true}");

        Assert.Equal(runs ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, run.State.Status);
        Assert.Equal(runs ? null : "States.QueryEvaluationError", run.Finished?.Error);
    }

    private static Run Start(string states, string input = "{}", ExecutionLimits? limits = null)
    {
        var run = new Run(Machines.Load("{\"StartAt\":\"A\",\"QueryLanguage\":\"JSONata\",\"States\":{" + states + "}}"));
        run.Start(input, limits);
        return run;
    }
}
