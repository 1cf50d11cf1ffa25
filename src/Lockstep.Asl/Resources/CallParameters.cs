using System.Collections.Frozen;
using Lockstep.Json;

namespace Lockstep.Asl.Resources;

/// <summary>
/// The parameters that an optimised integration takes (Step Functions, "Optimized integrations"), and what is said of others. Calls in the form of an SDK are left to
/// the service that they name.
/// </summary>
public sealed class CallParameters
{
    private const string Write =
        "ConditionalOperator ConditionExpression Expected ExpressionAttributeNames ExpressionAttributeValues ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues"
            + " ReturnValuesOnConditionCheckFailure";

    private static readonly FrozenDictionary<string, CallParameters> All = new Dictionary<string, CallParameters>(StringComparer.Ordinal)
    {
        ["lambda:invoke"] = new("FunctionName Qualifier InvocationType LogType", "", "Payload ClientContext"),
        ["sqs:sendMessage"] = new(
            "QueueUrl MessageDeduplicationId MessageGroupId", "DelaySeconds", "MessageBody MessageAttributes MessageSystemAttributes"),
        ["sns:publish"] = new(
            "TopicArn TargetArn PhoneNumber Subject MessageStructure MessageDeduplicationId MessageGroupId", "", "Message MessageAttributes"),
        ["events:putEvents"] = new("EndpointId", "", "Entries"),
        ["dynamodb:getItem"] = new(
            "TableName ProjectionExpression ReturnConsumedCapacity", "", "Key AttributesToGet ConsistentRead ExpressionAttributeNames"),
        ["dynamodb:putItem"] = new("TableName", "", "Item " + Write),
        ["dynamodb:updateItem"] = new("TableName UpdateExpression", "", "Key AttributeUpdates " + Write),
        ["dynamodb:deleteItem"] = new("TableName", "", "Key " + Write),
        ["states:startExecution"] = new("StateMachineArn Name TraceHeader", "", "Input"),
        ["apigateway:invoke"] = new("ApiEndpoint Method Stage Path AuthType", "", "Headers QueryParameters RequestBody AllowNullValues"),
        ["http:invoke"] = new("ApiEndpoint Method", "", "Authentication InvocationConfig Headers QueryParameters RequestBody Transform"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenSet<string> _texts;
    private readonly FrozenSet<string> _integers;
    private readonly FrozenSet<string> _others;

    private CallParameters(string texts, string integers, string others)
    {
        _texts = Names(texts);
        _integers = Names(integers);
        _others = Names(others);
    }

    /// <summary>The parameters of a resource; null where they are not known.</summary>
    public static CallParameters? Of(TaskResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Kind == ResourceKind.Service ? All.GetValueOrDefault($"{resource.Service}:{resource.ActionName}") : null;
    }

    /// <summary>What is wrong with a parameter; null when nothing is.</summary>
    /// <param name="name">Its name, without <c>.$</c>.</param>
    /// <param name="value">Its value; null where it is known only when the state runs.</param>
    public string? Problem(string name, JsonValue? value)
    {
        if (_texts.Contains(name))
        {
            return value is null or JsonNull or JsonString ? null : $"The value for the field '{name}' must be a STRING";
        }

        if (_integers.Contains(name))
        {
            return value is null or JsonNull || (value is JsonNumber number && number.TryGetInt64(out _)) ? null : $"The value for the field '{name}' must be an INTEGER";
        }

        return _others.Contains(name) ? null : $"The field '{name}' is not supported by Step Functions";
    }

    private static FrozenSet<string> Names(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
