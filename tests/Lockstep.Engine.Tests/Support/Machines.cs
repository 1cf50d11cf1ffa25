using Lockstep.Asl;
using Lockstep.Asl.Compiled;

namespace Lockstep.Engine.Tests.Support;

/// <summary>Definitions that several tests use.</summary>
internal static class Machines
{
    /// <summary>A machine that has every kind of waiting: a call, a callback, a sleep, a retry, branches, iterations.</summary>
    public const string Everything = """
        {
          "StartAt": "Both", "TimeoutSeconds": 86400,
          "States": {
            "Both": {
              "Type": "Parallel", "ResultPath": "$.both", "Next": "Each",
              "Branches": [
                { "StartAt": "Call", "States": {
                  "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:f", "TimeoutSeconds": 30,
                    "Retry": [{ "ErrorEquals": ["Flaky"], "IntervalSeconds": 2, "JitterStrategy": "FULL" }],
                    "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Mend" }], "End": true },
                  "Mend": { "Type": "Pass", "Assign": { "mended": true }, "End": true } } },
                { "StartAt": "Ask", "States": {
                  "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "HeartbeatSeconds": 60,
                    "Parameters": { "MessageBody": { "token.$": "$$.Task.Token", "who.$": "$.name" } }, "Next": "Sleep" },
                  "Sleep": { "Type": "Wait", "Seconds": 5, "End": true } } }
              ]
            },
            "Each": {
              "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.each", "Next": "Done",
              "ItemSelector": { "n.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "id.$": "States.UUID()" },
              "ItemProcessor": { "StartAt": "Work", "States": {
                "Work": { "Type": "Task", "Resource": "arn:aws:states:local:000000000001:activity:a", "ResultPath": "$.r", "Next": "Pause" },
                "Pause": { "Type": "Wait", "Seconds": 1, "End": true } } }
            },
            "Done": { "Type": "Succeed" }
          }
        }
        """;

    public const string EverythingInput = """{"name":"Ada \ud83d\ude00","items":[1,2.50,"three",null]}""";

    public static CompiledMachine Load(string definition)
    {
        AslLoadResult result = AslCompiler.Load(definition);
        Assert.True(result.IsValid, string.Join('\n', result.Diagnostics));
        return result.Machine;
    }
}
