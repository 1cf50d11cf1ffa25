using System.Globalization;
using System.Text;

namespace Lockstep.Bench.InMemory;

/// <summary>The machines of the in-memory benchmark: the ones that other interpreters were measured with.</summary>
internal static class InMemoryMachines
{
    /// <summary>Counts <c>$.count</c> up to <c>$.limit</c>: a Choice and a Pass for each step.</summary>
    public const string Loop = """
        {
          "StartAt": "More",
          "States": {
            "More": { "Type": "Choice", "Choices": [{ "Variable": "$.count", "NumericLessThanPath": "$.limit", "Next": "Add" }], "Default": "Done" },
            "Add": { "Type": "Pass", "Parameters": { "count.$": "States.MathAdd($.count, 1)", "limit.$": "$.limit" }, "Next": "More" },
            "Done": { "Type": "Succeed" }
          }
        }
        """;

    /// <summary>Passes each item of the input through an iteration of its own.</summary>
    public const string Map = """
        {
          "StartAt": "Each",
          "States": {
            "Each": {
              "Type": "Map",
              "ItemProcessor": { "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } },
              "End": true
            }
          }
        }
        """;

    /// <summary>A Map whose iterations each call a function.</summary>
    public const string MapOfTasks = """
        {
          "StartAt": "Each",
          "States": {
            "Each": {
              "Type": "Map",
              "ItemProcessor": {
                "StartAt": "Call",
                "States": { "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:f", "End": true } }
              },
              "End": true
            }
          }
        }
        """;

    /// <summary>Pass states in a row.</summary>
    public static string Chain(int states)
    {
        var text = new StringBuilder("""{"StartAt":"S0","States":{""");
        for (int i = 0; i < states; i++)
        {
            string next = i == states - 1 ? "\"End\":true" : string.Create(CultureInfo.InvariantCulture, $"\"Next\":\"S{i + 1}\"");
            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $$"""
                "S{{i}}":{"Type":"Pass",{{next}}}
                """);
        }

        return text.Append("}}").ToString();
    }
}
