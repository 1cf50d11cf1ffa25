using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests;

/// <summary>The event that EventBridge gets, member by member, as the Developer Guide shows it.</summary>
public sealed class StatusChangeEventTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 250, TimeSpan.Zero);

    private static readonly ArnFormat Arns = new("eu-central-1");

    [Fact]
    public void A_start_has_no_end()
    {
        JsonObject content = Message(Execution(ExecutionStatus.Running)).Content;
        Assert.Equal(
            JsonValue.Parse(
                """
                {
                  "version": "0", "id": "ID", "detail-type": "Step Functions Execution Status Change", "source": "aws.states", "account": "000000000007",
                  "time": "2026-01-02T03:04:05Z", "region": "eu-central-1", "resources": ["arn:aws:states:eu-central-1:000000000007:execution:m:e"],
                  "detail": {
                    "executionArn": "arn:aws:states:eu-central-1:000000000007:execution:m:e",
                    "stateMachineArn": "arn:aws:states:eu-central-1:000000000007:stateMachine:m", "name": "e", "status": "RUNNING",
                    "startDate": 1767323045250, "stopDate": null, "input": "{\"a\":1}", "output": null, "inputDetails": {"included": true}, "outputDetails": null,
                    "error": null, "cause": null, "stateMachineVersionArn": null, "stateMachineAliasArn": null, "redriveCount": 0, "redriveDate": null,
                    "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "Execution is RUNNING and cannot be redriven"
                  }
                }
                """),
            content.With("id", JsonString.Of("ID")));
    }

    [Theory]
    [InlineData(ExecutionStatus.Succeeded, "NOT_REDRIVABLE", "\"Execution is SUCCEEDED and cannot be redriven\"")]
    [InlineData(ExecutionStatus.Failed, "REDRIVABLE", "null")]
    [InlineData(ExecutionStatus.TimedOut, "REDRIVABLE", "null")]
    [InlineData(ExecutionStatus.Aborted, "REDRIVABLE", "null")]
    public void An_end_says_whether_the_execution_can_be_redriven(ExecutionStatus status, string redriveStatus, string reason)
    {
        JsonObject detail = Detail(Execution(status) with { StoppedAt = Start.AddSeconds(1) });
        Assert.Equal(JsonString.Of(redriveStatus), detail["redriveStatus"]);
        Assert.Equal(reason, detail["redriveStatusReason"]?.ToString());
        Assert.Equal("1767323046250", detail["stopDate"]?.ToString());
    }

    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(StatusChangeEvent.MaxPayloadBytes - 50, 1, true, true)]
    [InlineData(StatusChangeEvent.MaxPayloadBytes - 50, 100, false, true)]
    [InlineData(1, StatusChangeEvent.MaxPayloadBytes + 1, false, false)]
    public void Payloads_that_are_too_large_together_are_left_out(int inputLength, int outputLength, bool hasInput, bool hasOutput)
    {
        JsonObject detail = Detail(Execution(ExecutionStatus.Succeeded) with { Input = Text(inputLength), Output = Text(outputLength) });
        Assert.Equal((hasInput, hasOutput), (detail["input"] is JsonString, detail["output"] is JsonString));
        Assert.Equal((hasInput, hasOutput), (Included(detail, "inputDetails"), Included(detail, "outputDetails")));
    }

    [Fact]
    public void The_same_change_is_the_same_message_and_the_next_is_another()
    {
        ExecutionRecord execution = Execution(ExecutionStatus.Running);
        Assert.Equal(Message(execution).Id, Message(execution).Id);
        Assert.NotEqual(Message(execution).Id, Message(execution, 2).Id);
    }

    private static NewMessage Message(ExecutionRecord execution, long sequence = 1) =>
        StatusChangeEvent.ToMessage(new ExecutionEvent(sequence, execution.StartedAt, execution), Arns, RedriveRules.Of(ServiceLimits.Default));

    private static JsonObject Detail(ExecutionRecord execution) => (JsonObject)Message(execution).Content["detail"]!; // Every event has it.

    private static bool Included(JsonObject detail, string name) => (detail[name] as JsonObject)?["included"] is JsonBoolean { Value: true };

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private static ExecutionRecord Execution(ExecutionStatus status) => new()
    {
        Key = new ExecutionKey(TenantId.TryParse("000000000007", out TenantId tenant) ? tenant : default, "m:e"),
        Arn = "arn:aws:states:eu-central-1:000000000007:execution:m:e",
        Name = "e",
        StateMachineName = "m",
        StateMachineArn = "arn:aws:states:eu-central-1:000000000007:stateMachine:m",
        RevisionId = "r",
        Type = WorkflowType.Standard,
        Status = status,
        StartedAt = Start,
        Input = """{"a":1}""",
    };
}
