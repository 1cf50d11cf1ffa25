using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Redrives;

namespace Lockstep.Service.Events;

/// <summary>
/// A change of status as Step Functions sends it to EventBridge (Developer Guide, "Automating Step Functions event delivery with EventBridge"): source
/// <c>aws.states</c>, detail type <c>Step Functions Execution Status Change</c>. Dates in the detail are milliseconds since 1970, input and output JSON
/// text; a member without a value is null.
/// </summary>
public static class StatusChangeEvent
{
    /// <summary>The source of the events.</summary>
    public const string Source = "aws.states";

    /// <summary>What they are called.</summary>
    public const string DetailType = "Step Functions Execution Status Change";

    /// <summary>
    /// Bytes that input and output may have together, escaped as they stand in the event; above it the input is left out, and an output that has more alone
    /// as well: 248 KiB, as at AWS.
    /// </summary>
    public const int MaxPayloadBytes = 248 * 1024;

    /// <summary>The event as a message of an event bus. Its id follows from the change, so the same change is the same message.</summary>
    /// <param name="change">The change, with input and output.</param>
    /// <param name="arns">How resources are named.</param>
    /// <param name="redrives">The rules by which executions can be redriven.</param>
    public static NewMessage ToMessage(ExecutionEvent change, ArnFormat arns, RedriveRules redrives)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(arns);
        ArgumentNullException.ThrowIfNull(redrives);
        string id = IdOf(change);
        return new NewMessage(id, Of(change, id, arns.Region, redrives.Judge(change.Execution, change.Time)));
    }

    private static JsonObject Of(ExecutionEvent change, string id, string region, RedriveVerdict redrive) => JsonObject.Of(
        new JsonProperty("version", JsonString.Of("0")),
        new JsonProperty("id", JsonString.Of(id)),
        new JsonProperty("detail-type", JsonString.Of(DetailType)),
        new JsonProperty("source", JsonString.Of(Source)),
        new JsonProperty("account", JsonString.Of(change.Execution.Key.Tenant.Value)),
        new JsonProperty("time", JsonString.Of(change.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
        new JsonProperty("region", JsonString.Of(region)),
        new JsonProperty("resources", JsonArray.Of(JsonString.Of(change.Execution.Arn))),
        new JsonProperty("detail", DetailOf(change.Execution, redrive)));

    private static JsonObject DetailOf(ExecutionRecord execution, RedriveVerdict redrive)
    {
        JsonString? output = execution.Output is { } given ? JsonString.Of(given) : null;
        bool outputFits = output is null || output.Utf8Length <= MaxPayloadBytes;
        JsonString? input = execution.Input is { } start ? JsonString.Of(start) : null;
        bool inputFits = (input?.Utf8Length ?? 0) + (output?.Utf8Length ?? 0) <= MaxPayloadBytes;
        return JsonObject.Of(
            new JsonProperty("executionArn", JsonString.Of(execution.Arn)),
            new JsonProperty("stateMachineArn", JsonString.Of(execution.StateMachineArn)),
            new JsonProperty("name", JsonString.Of(execution.Name)),
            new JsonProperty("status", JsonString.Of(NestedExecutionReport.NameOf(execution.Status))),
            new JsonProperty("startDate", NestedExecutionReport.DateOf(execution.StartedAt)),
            new JsonProperty("stopDate", execution.StoppedAt is { } stopped ? NestedExecutionReport.DateOf(stopped) : JsonNull.Instance),
            new JsonProperty("input", OrNull(inputFits ? input : null)),
            new JsonProperty("output", OrNull(outputFits ? output : null)),
            new JsonProperty("inputDetails", JsonObject.Of("included", inputFits ? JsonBoolean.True : JsonBoolean.False)),
            new JsonProperty("outputDetails", output is null ? JsonNull.Instance : JsonObject.Of("included", outputFits ? JsonBoolean.True : JsonBoolean.False)),
            new JsonProperty("error", OrNull(execution.Error)),
            new JsonProperty("cause", OrNull(execution.Cause)),
            new JsonProperty("stateMachineVersionArn", OrNull(execution.StateMachineVersionArn)),
            new JsonProperty("stateMachineAliasArn", OrNull(execution.StateMachineAliasArn)),
            new JsonProperty("redriveCount", JsonNumber.Of(execution.RedriveCount)),
            new JsonProperty("redriveDate", execution.RedrivenAt is { } redriven ? NestedExecutionReport.DateOf(redriven) : JsonNull.Instance),
            new JsonProperty("redriveStatus", JsonString.Of(NameOf(redrive.Status))),
            new JsonProperty("redriveStatusReason", OrNull(redrive.Reason)));
    }

    private static string NameOf(RedriveStatus status) => status switch
    {
        RedriveStatus.Redrivable => "REDRIVABLE",
        RedriveStatus.NotRedrivable => "NOT_REDRIVABLE",
        RedriveStatus.RedrivableByMapRun => "REDRIVABLE_BY_MAP_RUN",
        _ => throw new UnreachableException($"There is no status {status}."),
    };

    private static JsonValue OrNull(string? text) => text is null ? JsonNull.Instance : JsonString.Of(text);

    private static JsonValue OrNull(JsonString? text) => text is null ? JsonNull.Instance : text;

    private static string IdOf(ExecutionEvent change)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{change.Execution.Arn}\n{change.Sequence}")), hash);
        return new Guid(hash[..16]).ToString();
    }
}
