using Lockstep.Cli.Definitions;
using Lockstep.Json;

namespace Lockstep.Cli.TestState;

/// <summary>Shows what a test came to: the output on standard output, the rest on standard error; or all of it as one JSON document.</summary>
internal static class StateTestText
{
    /// <summary>Writes it.</summary>
    public static void Write(JsonObject report, DefinitionFile definition, TextWriter output, TextWriter error, bool json)
    {
        if (json)
        {
            output.WriteLine(report);
            return;
        }

        if (report["output"] is { } result)
        {
            output.WriteLine(result);
        }

        string next = report["nextState"] is JsonString state ? $", next {state.Value}" : "";
        string reason = string.Concat(new[] { report["error"], report["cause"] }.OfType<JsonString>().Select(text => ": " + text.Value));
        error.WriteLine($"{definition.Path}: {(report["status"] as JsonString)?.Value}{next}{reason}");
        foreach (JsonProperty step in report["inspectionData"] as JsonObject ?? JsonObject.Empty)
        {
            error.WriteLine($"  {step.Name}: {step.Value}");
        }
    }
}
