using System.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>How much of a test is shown (API reference, TestState, <c>inspectionLevel</c>).</summary>
public enum InspectionLevel
{
    /// <summary>The outcome.</summary>
    Info,

    /// <summary>The values on the way, too.</summary>
    Debug,

    /// <summary>And what was sent to an HTTP endpoint, and what it answered.</summary>
    Trace,
}

/// <summary>Shows what a test came to, under the names of Step Functions.</summary>
public static class StateTestJson
{
    /// <summary>The word for a status.</summary>
    public static string TextOf(StateTestStatus status) => status switch
    {
        StateTestStatus.Succeeded => "SUCCEEDED",
        StateTestStatus.Failed => "FAILED",
        StateTestStatus.Retriable => "RETRIABLE",
        StateTestStatus.CaughtError => "CAUGHT_ERROR",
        _ => throw new UnreachableException(),
    };

    /// <summary>The report as an object.</summary>
    /// <param name="report">The report.</param>
    /// <param name="level">How much of it.</param>
    /// <param name="exchange">Members that show the exchange with an HTTP endpoint; null when there was none.</param>
    public static JsonObject Of(StateTestReport report, InspectionLevel level, JsonObject? exchange = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var json = new JsonObjectBuilder().Add("status", JsonString.Of(TextOf(report.Status)));
        AddText(json, "nextState", report.NextState);
        if (report.Output is JsonValue output)
        {
            json.Add("output", output);
        }

        AddText(json, "error", report.Error);
        AddText(json, "cause", report.Cause);
        if (level != InspectionLevel.Info)
        {
            json.Add("inspectionData", Inspected(report, level == InspectionLevel.Trace ? exchange : null));
        }

        return json.Build();
    }

    private static JsonObject Inspected(StateTestReport report, JsonObject? exchange)
    {
        var data = new JsonObjectBuilder();
        foreach ((InspectedStep step, JsonValue value) in report.Steps)
        {
            data.Add(NameOf(step), value);
        }

        foreach (JsonProperty part in exchange ?? JsonObject.Empty)
        {
            data.Add(part.Name, part.Value);
        }

        if (report.Handled is HandledError handled)
        {
            var details = new JsonObjectBuilder();
            AddNumber(details, "catchIndex", handled.CatchIndex);
            AddNumber(details, "retryIndex", handled.RetryIndex);
            AddNumber(details, "retryBackoffIntervalSeconds", handled.RetryBackoffIntervalSeconds);
            data.Add("errorDetails", details.Build());
        }

        return data.Build();
    }

    private static string NameOf(InspectedStep step) => step switch
    {
        InspectedStep.Input => "input",
        InspectedStep.AfterInputPath => "afterInputPath",
        InspectedStep.AfterParameters => "afterParameters",
        InspectedStep.AfterArguments => "afterArguments",
        InspectedStep.AfterItemsPath => "afterItemsPath",
        InspectedStep.AfterItemsPointer => "afterItemsPointer",
        InspectedStep.AfterItemSelector => "afterItemSelector",
        InspectedStep.AfterItemBatcher => "afterItemBatcher",
        InspectedStep.Result => "result",
        InspectedStep.AfterResultSelector => "afterResultSelector",
        InspectedStep.AfterResultPath => "afterResultPath",
        InspectedStep.Variables => "variables",
        InspectedStep.MaxConcurrency => "maxConcurrency",
        InspectedStep.ToleratedFailureCount => "toleratedFailureCount",
        InspectedStep.ToleratedFailurePercentage => "toleratedFailurePercentage",
        _ => throw new UnreachableException(),
    };

    private static void AddText(JsonObjectBuilder json, string name, string? text)
    {
        if (text is not null)
        {
            json.Add(name, JsonString.Of(text));
        }
    }

    private static void AddNumber(JsonObjectBuilder json, string name, long? number)
    {
        if (number is long value)
        {
            json.Add(name, JsonNumber.Of(value));
        }
    }
}
