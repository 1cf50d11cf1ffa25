using System.Globalization;
using System.Text;

namespace Lockstep.Bench.Validation;

/// <summary>
/// Valid definitions as people write them: tasks with parameters, retries and catchers, choices, passes with intrinsic functions, a Map and
/// a Parallel now and then. The seed is in every name and text, so no two definitions share more than their field names.
/// </summary>
internal static class GeneratedDefinition
{
    /// <summary>A definition of so many states as indented UTF-8.</summary>
    public static byte[] Of(int states, int seed)
    {
        var text = new StringBuilder(states * 500);
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"Comment\": \"Definition {seed}\",\n  \"StartAt\": \"Step {seed}-0\",\n  \"States\": {{\n");
        for (int state = 0; state < states; state++)
        {
            string next = state == states - 1 ? "\"End\": true" : string.Create(CultureInfo.InvariantCulture, $"\"Next\": \"Step {seed}-{state + 1}\"");
            text.Append(CultureInfo.InvariantCulture, $"    \"Step {seed}-{state}\": {{\n").Append(BodyOf(state, states, seed, next)).Append("    }");
            text.Append(state == states - 1 ? "\n" : ",\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("  }\n}\n").ToString());
    }

    private static string BodyOf(int state, int states, int seed, string next) => (state % 5) switch
    {
        0 or 3 => string.Create(CultureInfo.InvariantCulture, $$"""
                  "Type": "Task",
                  "Resource": "arn:aws:states:::lambda:invoke",
                  "Parameters": {
                    "FunctionName": "function-{{seed}}-{{state}}",
                    "Payload": { "order.$": "$.order{{seed}}.id", "items.$": "$.order{{seed}}.items[*].sku", "attempt": {{state}} }
                  },
                  "ResultSelector": { "status.$": "$.Payload.status{{seed}}" },
                  "ResultPath": "$.results.step{{state}}",
                  "TimeoutSeconds": {{60 + (seed % 500)}},
                  "Retry": [
                    { "ErrorEquals": ["Lambda.TooManyRequestsException", "Custom{{seed}}"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 1.5 }
                  ],
                  "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error{{seed}}", "Next": "Step {{seed}}-{{states - 1}}" }],
                  {{next}}

            """),
        1 when state < states - 1 => string.Create(CultureInfo.InvariantCulture, $$"""
                  "Type": "Choice",
                  "Choices": [
                    { "And": [{ "Variable": "$.amount{{seed}}", "NumericGreaterThan": {{seed}} }, { "Variable": "$.kind", "StringEquals": "kind-{{seed}}" }],
                      "Next": "Step {{seed}}-{{states - 1}}" },
                    { "Not": { "Variable": "$.flag{{seed}}", "IsPresent": true }, "Next": "Step {{seed}}-{{state + 1}}" }
                  ],
                  "Default": "Step {{seed}}-{{state + 1}}"

            """),
        2 => string.Create(CultureInfo.InvariantCulture, $$"""
                  "Type": "Pass",
                  "Parameters": { "id.$": "States.Format('order-{}-{{seed}}', $.order{{seed}}.id)", "fixed": [1, 2, {"seed": {{seed}}}] },
                  "ResultPath": "$.formatted{{seed}}",
                  {{next}}

            """),
        _ => string.Create(CultureInfo.InvariantCulture, $$"""
                  "Type": "Wait",
                  "SecondsPath": "$.delays{{seed}}[{{state}}]",
                  {{next}}

            """),
    };
}
