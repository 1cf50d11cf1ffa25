using Lockstep.Json;
using Lockstep.Service.Tables;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.DynamoDb;

/// <summary><c>dynamodb:getItem</c> and <c>aws-sdk:dynamodb:getItem</c>: an item by its key, whole or what a projection names. Every read is consistent.</summary>
internal sealed class GetItemTarget(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(
            invocation.Parameters, "TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames");
        string name = arguments.Text("TableName") ?? "";
        arguments.Flag("ConsistentRead");
        JsonObject? attributes = ItemRequest.Attributes(arguments, "Key", out AwsError? error);
        string? projection = arguments.Text("ProjectionExpression");
        Placeholders placeholders = ItemRequest.ReadPlaceholders(arguments, out _);
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        List<DocumentPath> paths = [];
        try
        {
            paths = projection is null ? [] : ReadPaths(projection, placeholders);
            placeholders.RequireAllUsed();
        }
        catch (ExpressionException wrong)
        {
            error ??= ItemRequest.Invalid(wrong.Message);
        }

        if (error is not null || attributes is null)
        {
            return (error ?? ItemRequest.Invalid("Key is missing")).Of(invocation, AwsService.DynamoDb);
        }

        if (await ItemRequest.FindTableAsync(tables(), invocation, name, cancellation) is not { } table)
        {
            return ItemRequest.NoTable().Of(invocation, AwsService.DynamoDb);
        }

        if (!ItemRequest.TryKey(table, attributes, keyOnly: true, out string? key, out AwsError? badKey))
        {
            return badKey.Of(invocation, AwsService.DynamoDb);
        }

        JsonObject? item = await tables().FindItemAsync(table.Place, key, cancellation);
        JsonObject answer = item is null ? JsonObject.Empty : JsonObject.Of("Item", projection is null ? item : Project(item, paths));
        return ItemRequest.Answer(invocation, answer, time.GetUtcNow(), options);
    }

    private static List<DocumentPath> ReadPaths(string projection, Placeholders placeholders)
    {
        var reader = new ExpressionReader("ProjectionExpression", projection, placeholders);
        var paths = new List<DocumentPath>();
        do
        {
            DocumentPath path = reader.Path();
            if (path.Steps.Length > 1)
            {
                throw new ExpressionException("Invalid ProjectionExpression: Only attributes at the top of an item can be projected here;");
            }

            paths.Add(path);
        }
        while (reader.TryTake(","));
        reader.RequireEnd();
        return paths;
    }

    private static JsonObject Project(JsonObject item, List<DocumentPath> paths)
    {
        JsonObject projected = JsonObject.Empty;
        foreach (DocumentPath path in paths)
        {
            projected = path.Find(item) is { } value ? projected.With(path.Root, value) : projected;
        }

        return projected;
    }
}
