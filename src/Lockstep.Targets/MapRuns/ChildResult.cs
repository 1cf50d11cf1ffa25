using System.Globalization;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Targets.MapRuns;

/// <summary>What a ResultWriter makes of a child (Step Functions, "ResultWriter", <c>Transformation</c>).</summary>
internal static class ChildResult
{
    /// <summary>The results of a child: its output, the elements of that, or what DescribeExecution shows.</summary>
    public static IEnumerable<JsonValue> Of(ExecutionRecord child, string transformation)
    {
        if (transformation == "NONE")
        {
            return [Describe(child)];
        }

        JsonValue output = JsonValue.Parse(child.Output ?? "null");
        return transformation == "FLATTEN" && output is JsonArray elements ? elements : [output];
    }

    private static JsonObject Describe(ExecutionRecord child)
    {
        string status = NestedExecutionReport.NameOf(child.Status);
        var json = new JsonObjectBuilder();
        Add(json, "Cause", child.Cause);
        Add(json, "Error", child.Error);
        Add(json, "ExecutionArn", child.Arn);
        AddData(json, "Input", child.Input);
        Add(json, "Name", child.Name);
        AddData(json, "Output", child.Output);
        json.Add("RedriveCount", JsonNumber.Of(child.RedriveCount));
        Add(json, "RedriveDate", child.RedrivenAt is { } redriven ? Time(redriven) : null);
        bool succeeded = child.Status == ExecutionStatus.Succeeded;
        Add(json, "RedriveStatus", succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
        Add(json, "RedriveStatusReason", succeeded ? "Execution is SUCCEEDED and cannot be redriven" : null);
        Add(json, "StartDate", Time(child.StartedAt));
        Add(json, "StateMachineArn", child.StateMachineArn);
        Add(json, "Status", status);
        Add(json, "StopDate", child.StoppedAt is { } stopped ? Time(stopped) : null);
        return json.Build();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Add(JsonObjectBuilder json, string name, string? text)
    {
        if (text is not null)
        {
            json.Add(name, JsonString.Of(text));
        }
    }

    private static void AddData(JsonObjectBuilder json, string name, string? text)
    {
        if (text is not null)
        {
            Add(json, name, text);
            json.Add(name + "Details", JsonObject.Of("Included", JsonBoolean.True));
        }
    }
}
