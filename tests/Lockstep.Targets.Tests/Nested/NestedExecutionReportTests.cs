using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Lockstep.Targets.Tests.Nested;

public sealed class NestedExecutionReportTests
{
    private static readonly ExecutionRecord Child = new()
    {
        Key = new ExecutionKey(Invocations.Tenant, "child:n1"),
        Arn = "arn:aws:states:local:000000000001:execution:child:n1",
        Name = "n1",
        StateMachineName = "child",
        StateMachineArn = "arn:aws:states:local:000000000001:stateMachine:child",
        RevisionId = "1",
        Type = WorkflowType.Standard,
        Status = ExecutionStatus.Succeeded,
        StartedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(1_000),
        StoppedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(2_000),
        Input = """{"a":1.0}""",
        Output = """{"b":[2]}""",
    };

    [Fact]
    public void With_sync_input_and_output_are_text()
    {
        TaskSuccessReport report = Assert.IsType<TaskSuccessReport>(NestedExecutionReport.Of(Child, IntegrationPattern.Sync));

        Assert.Equal(
            """
            {"ExecutionArn":"arn:aws:states:local:000000000001:execution:child:n1","Input":"{\"a\":1.0}","InputDetails":{"Included":true},"Name":"n1",
            "Output":"{\"b\":[2]}","OutputDetails":{"Included":true},"StartDate":1000,
            "StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Status":"SUCCEEDED","StopDate":2000}
            """.ReplaceLineEndings(""),
            report.Output.ToString());
    }

    [Fact]
    public void With_sync_2_input_and_output_are_json()
    {
        TaskSuccessReport report = Assert.IsType<TaskSuccessReport>(NestedExecutionReport.Of(Child, IntegrationPattern.Sync2));

        JsonObject output = Assert.IsType<JsonObject>(report.Output);
        Assert.Equal(("""{"a":1.0}""", """{"b":[2]}"""), (output["Input"]?.ToString(), output["Output"]?.ToString()));
    }

    [Theory]
    [InlineData(ExecutionStatus.Failed, "FAILED")]
    [InlineData(ExecutionStatus.TimedOut, "TIMED_OUT")]
    [InlineData(ExecutionStatus.Aborted, "ABORTED")]
    public void A_child_that_did_not_succeed_fails_the_task(ExecutionStatus status, string name)
    {
        ExecutionRecord child = Child with { Status = status, Output = null, Error = "E", Cause = "why" };

        TaskFailureReport report = Assert.IsType<TaskFailureReport>(NestedExecutionReport.Of(child, IntegrationPattern.Sync));

        Assert.Equal("States.TaskFailed", report.Error);
        JsonObject cause = Assert.IsType<JsonObject>(JsonValue.Parse(report.Cause ?? ""));
        Assert.Equal($"\"{name}\"", cause["Status"]?.ToString());
        Assert.Equal("\"why\"", cause["Cause"]?.ToString());
        Assert.False(cause.Contains("Output"));
    }

    [Theory]
    [InlineData("callback/callback.start_execution_sync.json", "TaskSucceeded", "taskSucceededEventDetails", "output")]
    [InlineData("callback/callback.start_execution_sync_delegate_failure.json", "TaskFailed", "taskFailedEventDetails", "cause")]
    public void The_recordings_have_the_same_members_in_the_same_order(string recording, string type, string details, string member)
    {
        JsonNode? recorded = JsonNode.Parse(File.ReadAllText(SharedData.Require("conformance/" + recording)))?["expected"]?["history"]?.AsArray()
            .Single(entry => (string?)entry?["type"] == type)?[details]?[member];

        ExecutionRecord child = type == "TaskFailed"
            ? Child with { Status = ExecutionStatus.Failed, Output = null, Error = "E", Cause = "c" }
            : Child;
        TaskReport report = NestedExecutionReport.Of(child, IntegrationPattern.Sync);
        JsonValue shown = report is TaskSuccessReport success ? success.Output : JsonValue.Parse(((TaskFailureReport)report).Cause ?? "");

        Assert.Equal(recorded?.AsObject().Select(pair => pair.Key), ((JsonObject)shown).Select(pair => pair.Name));
        TestContext.Current.TestOutputHelper?.WriteLine("1 recording");
    }
}
