using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Tables;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.DynamoDb;

/// <summary>What the calls on one item have in common: the table, its key, and how failures and answers look.</summary>
internal static class ItemRequest
{
    private const string Member = "Member must not be null";
    private const string SchemaMismatch = "The provided key element does not match the schema";

    /// <summary>Reads a map of attribute values that has to be there.</summary>
    public static JsonObject? Attributes(TaskArguments arguments, string name, out AwsError? error)
    {
        error = null;
        if (arguments.Any(name) is not { } given)
        {
            error = Missing(name);
            return null;
        }

        if (given is not JsonObject members)
        {
            arguments.Refuse($"{name} must be an object of attribute values.");
            return null;
        }

        JsonObject? map = AttributeValue.CheckMap(members, out string problem);
        error = map is null ? Invalid(problem) : null;
        return map;
    }

    /// <summary>Reads the placeholders of expressions.</summary>
    public static Placeholders ReadPlaceholders(TaskArguments arguments, out AwsError? error)
    {
        error = null;
        JsonObject values = arguments.Object("ExpressionAttributeValues") ?? JsonObject.Empty;
        if (AttributeValue.CheckMap(values, out string problem) is not { } checkedValues)
        {
            error = Invalid($"ExpressionAttributeValues contains invalid value: {problem}");
            checkedValues = JsonObject.Empty;
        }

        return new Placeholders(arguments.Object("ExpressionAttributeNames") ?? JsonObject.Empty, checkedValues);
    }

    /// <summary>Finds the table that a call names, by name or ARN.</summary>
    public static async ValueTask<TableRecord?> FindTableAsync(TableUseCases tables, TaskInvocation invocation, string name, CancellationToken cancellation)
    {
        const string Kind = "table/";
        string table = name;
        if (name.Split(':') is ["arn", _, "dynamodb", _, { } owner, { } rest])
        {
            if (owner != invocation.Tenant.Value || !rest.StartsWith(Kind, StringComparison.Ordinal))
            {
                return null;
            }

            table = rest[Kind.Length..];
        }

        Result<TableRecord> found = await tables.DescribeAsync(new TablePlace(invocation.Tenant, table), cancellation);
        return found.Succeeded ? found.Value : null;
    }

    /// <summary>The text of the key that an item or a key has; the problem says what is wrong when the answer is false.</summary>
    /// <param name="table">The table.</param>
    /// <param name="attributes">Checked attributes.</param>
    /// <param name="keyOnly">Whether nothing but the key may be there.</param>
    /// <param name="key">The text: the same for equal keys.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryKey(
        TableRecord table, JsonObject attributes, bool keyOnly, [NotNullWhen(true)] out string? key, [NotNullWhen(false)] out AwsError? error)
    {
        key = null;
        error = null;
        KeyAttribute[] parts = table.SortKey is { } sort ? [table.PartitionKey, sort] : [table.PartitionKey];
        if (keyOnly && attributes.Count != parts.Length)
        {
            error = Invalid(SchemaMismatch);
            return false;
        }

        var text = new StringBuilder();
        foreach (KeyAttribute part in parts)
        {
            if (attributes[part.Name] is not JsonObject value)
            {
                error = Invalid(keyOnly ? SchemaMismatch : $"One or more parameter values were invalid: Missing the key {part.Name} in the item");
                return false;
            }

            if (AttributeValue.TypeOf(value) != part.Type || AttributeValue.ContentOf(value) is not JsonString content)
            {
                error = Invalid(keyOnly
                    ? SchemaMismatch
                    : $"One or more parameter values were invalid: Type mismatch for key {part.Name} expected: {part.Type} actual: {AttributeValue.TypeOf(value)}");
                return false;
            }

            if (content.Value.Length == 0)
            {
                error = Invalid(
                    $"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: {part.Name}");
                return false;
            }

            text.Append(CultureInfo.InvariantCulture, $"{content.Value.Length}:{content.Value}");
        }

        key = text.ToString();
        return true;
    }

    /// <summary>The failure of a change, or its answer.</summary>
    public static TaskOutcome OutcomeOf(TaskInvocation invocation, ItemChangeOutcome outcome, DateTimeOffset now, TargetOptions options) => outcome.Status switch
    {
        ItemChangeStatus.Done => Answer(invocation, outcome.Answer, now, options),
        ItemChangeStatus.NoTable => NoTable().Of(invocation, AwsService.DynamoDb),
        ItemChangeStatus.Full => new AwsError("LimitExceededException", "LimitExceededException", 400, "The table holds as many items as it may.")
            .Of(invocation, AwsService.DynamoDb),
        _ => (outcome.Answer["invalid"] is JsonString problem
            ? Invalid(problem.Value)
            : new AwsError("ConditionalCheckFailedException", "ConditionalCheckFailedException", 400, "The conditional request failed"))
            .Of(invocation, AwsService.DynamoDb),
    };

    /// <summary>An answer in the form that its integration has.</summary>
    public static TaskOutcome Answer(TaskInvocation invocation, JsonObject answer, DateTimeOffset now, TargetOptions options)
    {
        JsonObject output = AwsError.IsSdk(invocation.Resource)
            ? answer
            : SdkMetadata.AddedTo(answer, invocation, now, "application/x-amz-json-1.0");
        return output.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(output);
    }

    /// <summary>A change that refuses because the condition is not met.</summary>
    public static ItemChange ConditionFailed(JsonObject? before) => new(Accepted: false, before, JsonObject.Empty);

    /// <summary>A change that refuses because it cannot be applied.</summary>
    public static ItemChange Unfit(JsonObject? before, string problem) => new(Accepted: false, before, JsonObject.Of("invalid", JsonString.Of(problem)));

    /// <summary>A change that is accepted; attributes are told when there are any.</summary>
    public static ItemChange Accepted(JsonObject? item, JsonObject? told) =>
        new(Accepted: true, item, told is null ? JsonObject.Empty : JsonObject.Of("Attributes", told));

    public static AwsError NoTable() => new("ResourceNotFoundException", "ResourceNotFoundException", 400, "Requested resource not found");

    public static AwsError Invalid(string message) => new(null, "ValidationException", 400, message);

    private static AwsError Missing(string name) => Invalid(
        $"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: {Member}");
}
