using Lockstep.Json;
using Lockstep.Service.Tables;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.DynamoDb;

/// <summary>
/// What putItem, updateItem and deleteItem share. The condition and the change are one step of the store, and a repetition after a crash is answered as the first
/// time: a condition that the attempt's own write has made untrue does not fail it.
/// </summary>
internal abstract class ChangeItemTarget(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, [.. Known]);
        string name = arguments.Text("TableName") ?? "";
        JsonObject? attributes = ItemRequest.Attributes(arguments, KeyedBy, out AwsError? error);
        string returned = arguments.Text("ReturnValues") ?? "NONE";
        string? condition = arguments.Text("ConditionExpression");
        Placeholders placeholders = ItemRequest.ReadPlaceholders(arguments, out AwsError? badValue);
        error ??= badValue;
        if (!ReturnValues.Contains(returned, StringComparer.Ordinal))
        {
            error ??= ItemRequest.Invalid($"ReturnValues can only be {string.Join(", ", ReturnValues)}");
        }

        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        Condition? met = null;
        Func<JsonObject?, ItemChange>? change = null;
        if (error is null && attributes is not null)
        {
            try
            {
                met = condition is null ? null : Condition.Read(condition, placeholders);
                change = ReadChange(arguments, attributes, returned, placeholders);
                placeholders.RequireAllUsed();
            }
            catch (ExpressionException wrong)
            {
                error = ItemRequest.Invalid(wrong.Message);
            }
        }

        if (error is not null || attributes is null || change is null)
        {
            return (error ?? ItemRequest.Invalid($"{KeyedBy} is missing")).Of(invocation, AwsService.DynamoDb);
        }

        if (await ItemRequest.FindTableAsync(tables(), invocation, name, cancellation) is not { } table)
        {
            return ItemRequest.NoTable().Of(invocation, AwsService.DynamoDb);
        }

        if (!ItemRequest.TryKey(table, attributes, keyOnly: KeyedBy == "Key", out string? key, out AwsError? badKey))
        {
            return badKey.Of(invocation, AwsService.DynamoDb);
        }

        ItemChangeOutcome outcome = await tables().ChangeItemAsync(
            table.Place, key, DerivedIds.Of(invocation, "item"), before => Decide(before, met, change, options.MaxItemBytes), cancellation);
        return ItemRequest.OutcomeOf(invocation, outcome, time.GetUtcNow(), options);
    }

    /// <summary>The arguments it takes.</summary>
    protected abstract IReadOnlyList<string> Known { get; }

    /// <summary>The argument that has the key: Key or Item.</summary>
    protected abstract string KeyedBy { get; }

    /// <summary>What ReturnValues may say.</summary>
    protected abstract IReadOnlyList<string> ReturnValues { get; }

    /// <summary>Reads what is to become of the item.</summary>
    protected abstract Func<JsonObject?, ItemChange> ReadChange(
        TaskArguments arguments, JsonObject attributes, string returned, Placeholders placeholders);

    private static ItemChange Decide(JsonObject? before, Condition? condition, Func<JsonObject?, ItemChange> change, int maxItemBytes)
    {
        if (condition is not null && !condition.IsMet(before ?? JsonObject.Empty))
        {
            return ItemRequest.ConditionFailed(before);
        }

        try
        {
            ItemChange decided = change(before);
            return decided.Item?.Utf8Length > maxItemBytes
                ? ItemRequest.Unfit(before, "Item size has exceeded the maximum allowed size")
                : decided;
        }
        catch (ExpressionException wrong)
        {
            return ItemRequest.Unfit(before, wrong.Message);
        }
    }
}

/// <summary><c>dynamodb:putItem</c> and <c>aws-sdk:dynamodb:putItem</c>: puts an item in place of the one that may be there.</summary>
internal sealed class PutItemTarget(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) : ChangeItemTarget(tables, options, time)
{
    protected override IReadOnlyList<string> Known { get; } =
        ["TableName", "Item", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValues"];

    protected override string KeyedBy => "Item";

    protected override IReadOnlyList<string> ReturnValues { get; } = ["NONE", "ALL_OLD"];

    protected override Func<JsonObject?, ItemChange> ReadChange(
        TaskArguments arguments, JsonObject attributes, string returned, Placeholders placeholders) =>
        before => ItemRequest.Accepted(attributes, returned == "ALL_OLD" ? before : null);
}

/// <summary><c>dynamodb:deleteItem</c> and <c>aws-sdk:dynamodb:deleteItem</c>: removes an item; one that is not there counts as removed.</summary>
internal sealed class DeleteItemTarget(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) : ChangeItemTarget(tables, options, time)
{
    protected override IReadOnlyList<string> Known { get; } =
        ["TableName", "Key", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValues"];

    protected override string KeyedBy => "Key";

    protected override IReadOnlyList<string> ReturnValues { get; } = ["NONE", "ALL_OLD"];

    protected override Func<JsonObject?, ItemChange> ReadChange(
        TaskArguments arguments, JsonObject attributes, string returned, Placeholders placeholders) =>
        before => ItemRequest.Accepted(null, returned == "ALL_OLD" ? before : null);
}

/// <summary><c>dynamodb:updateItem</c> and <c>aws-sdk:dynamodb:updateItem</c>: changes attributes of an item, which comes into being when it is not there.</summary>
internal sealed class UpdateItemTarget(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) : ChangeItemTarget(tables, options, time)
{
    protected override IReadOnlyList<string> Known { get; } =
        ["TableName", "Key", "UpdateExpression", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValues"];

    protected override string KeyedBy => "Key";

    protected override IReadOnlyList<string> ReturnValues { get; } = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];

    protected override Func<JsonObject?, ItemChange> ReadChange(
        TaskArguments arguments, JsonObject attributes, string returned, Placeholders placeholders)
    {
        Update? update = arguments.Text("UpdateExpression") is { } text ? Update.Read(text, placeholders) : null;
        string[] touched = update is null ? [] : [.. update.Paths.Select(path => path.Root).Distinct(StringComparer.Ordinal)];
        if (touched.FirstOrDefault(attributes.Contains) is { } keyAttribute)
        {
            throw new ExpressionException(
                $"One or more parameter values were invalid: Cannot update attribute {keyAttribute}. This attribute is part of the key");
        }

        return before =>
        {
            JsonObject item = before ?? attributes;
            JsonObject after = update?.Apply(item) ?? item;
            return ItemRequest.Accepted(after, returned switch
            {
                "ALL_OLD" => before,
                "ALL_NEW" => after,
                "UPDATED_OLD" => Only(before, touched),
                "UPDATED_NEW" => Only(after, touched),
                _ => null,
            });
        };
    }

    private static JsonObject? Only(JsonObject? item, string[] names)
    {
        JsonObject only = JsonObject.Empty;
        foreach (string name in names)
        {
            only = item?[name] is { } value ? only.With(name, value) : only;
        }

        return only.Count > 0 ? only : null;
    }
}
