namespace Lockstep.EndToEnd.Tests.Serving;

/// <summary>Definitions that the tests share.</summary>
internal static class Machines
{
    public const string Greeting = """
        {
          "StartAt": "Greet",
          "States": {
            "Greet": { "Type": "Pass", "Parameters": { "text.$": "States.Format('Hello, {}!', $.name)" }, "Next": "Check" },
            "Check": { "Type": "Choice", "Choices": [{ "Variable": "$.text", "StringEquals": "Hello, nobody!", "Next": "Refuse" }], "Default": "Done" },
            "Refuse": { "Type": "Fail", "Error": "NobodyThere", "Cause": "There is nobody to greet." },
            "Done": { "Type": "Succeed" }
          }
        }
        """;

    /// <summary>Calls <c>step-one</c>, waits for a callback whose token it hands to <c>ask</c>, calls <c>step-two</c>.</summary>
    public const string WithCallback = """
        {
          "StartAt": "First",
          "States": {
            "First": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step-one", "ResultPath": "$.first", "Next": "Ask" },
            "Ask": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters": { "FunctionName": "ask", "Payload": { "token.$": "$$.Task.Token" } },
              "ResultPath": "$.answer",
              "Next": "Second"
            },
            "Second": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step-two", "ResultPath": "$.second", "End": true }
          }
        }
        """;

    public const string WaitsForAWeek = """
        { "StartAt": "Wait", "States": { "Wait": { "Type": "Wait", "Seconds": 604800, "End": true } } }
        """;
}
