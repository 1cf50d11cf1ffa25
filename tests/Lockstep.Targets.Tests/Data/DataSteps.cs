using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Data;

/// <summary>What is there for executions to work on, machines that do, and what is there afterwards.</summary>
internal static class DataSteps
{
    /// <summary>Sends to each kind of channel.</summary>
    public const string Sends =
        """
        {"QueryLanguage":"JSONata","StartAt":"Send","States":{
        "Send":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":{"QueueUrl":"orders","MessageBody":"hello"},"Next":"Publish"},
        "Publish":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
        "Arguments":{"TopicArn":"arn:aws:sns:local:000000000001:orders","Message":"news"},"Next":"Put"},
        "Put":{"Type":"Task","Resource":"arn:aws:states:::events:putEvents",
        "Arguments":{"Entries":[{"Source":"shop","DetailType":"placed","Detail":{"n":1}}]},"End":true}}}
        """;

    /// <summary>Puts an item unless it is there, and adds to it; answers with the sum.</summary>
    public const string Counts =
        """
        {"QueryLanguage":"JSONata","StartAt":"Put","States":{
        "Put":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem",
        "Arguments":{"TableName":"orders","Item":{"id":{"S":"a"},"n":{"N":"1"}},"ConditionExpression":"attribute_not_exists(id)"},"Next":"Add"},
        "Add":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:updateItem",
        "Arguments":{"TableName":"orders","Key":{"id":{"S":"a"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}},"Next":"Get"},
        "Get":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","Arguments":{"TableName":"orders","Key":{"id":{"S":"a"}}},
        "Output":"{% $states.result.Item.n.N %}","End":true}}}
        """;

    /// <summary>Puts a list of ten numbers, and has a distributed Map double each but the one that is no number.</summary>
    public const string Maps =
        """
        {"QueryLanguage":"JSONata","StartAt":"Put","States":{
        "Put":{"Type":"Task","Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Key":"in","Body":[1,2,3,4,5,"six",7,8,9,10]},"Next":"Each"},
        "Each":{"Type":"Map","Label":"each","ToleratedFailureCount":1,"MaxConcurrency":4,
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Arguments":{"Bucket":"data","Key":"in"}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Prefix":"out"},
        "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Double","States":{
        "Double":{"Type":"Pass","Output":"{% $states.input * 2 %}","End":true}}},"Output":"{% $states.result.ResultWriterDetails.Key %}","End":true}}}
        """;

    /// <summary>Small enough for ten items to take several reads, and their results several files.</summary>
    public static ServiceLimits MapRunLimits { get; } = ServiceLimits.Default with { MaxMapRunItemsAtOnce = 3, MaxMapRunResultsAtOnce = 4 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task CreateDataAsync(LockstepService service)
    {
        Require(await service.Channels.CreateAsync(new ChannelPlace(Invocations.Tenant, ChannelKind.Queue, "orders"), Cancellation));
        Require(await service.Channels.CreateAsync(new ChannelPlace(Invocations.Tenant, ChannelKind.Topic, "orders"), Cancellation));
        Require(await service.Tables.CreateAsync(new TablePlace(Invocations.Tenant, "orders"), new KeyAttribute("id", "S"), null, Cancellation));
    }

    public static async Task CreateAsync(LockstepService service, string name, string definition) => Require(await service.StateMachines.CreateAsync(
        Invocations.Tenant, new CreateStateMachineRequest(name, definition), Cancellation));

    public static async Task<ExecutionKey> StartAsync(LockstepService service, string name) => Require(await service.Executions.StartAsync(
        Invocations.Tenant, name, "run", JsonObject.Empty, parent: null, Cancellation)).Execution.Key;

    /// <summary>Everything that was sent and is still there.</summary>
    /// <summary>What the tenant can read of what its execution sent; changes of the execution's status come to the bus in their own time.</summary>
    public static async Task<string[]> SentAsync(LockstepService service) =>
    [
        .. (await ReadAsync(service, ChannelKind.Queue, "orders")).Select(content => $"queue: {Text(content["body"])}"),
        .. (await ReadAsync(service, ChannelKind.Topic, "orders")).Select(content => $"topic: {Text(content["message"])}"),
        .. (await ReadAsync(service, ChannelKind.EventBus, ChannelNames.DefaultBus)).Select(content => $"bus: {Text(content["detail-type"])}")
            .Where(placed => placed != $"bus: {StatusChangeEvent.DetailType}"),
    ];

    public static async Task<string[]> ItemsAsync(LockstepService service) =>
        [.. Require(await service.Tables.ListItemsAsync(new TablePlace(Invocations.Tenant, "orders"), ListRequest.First, Cancellation)).Items.Select(item => item.ToString())];

    public static T Require<T>(Result<T> result)
        where T : notnull => result.Succeeded ? result.Value : throw new InvalidOperationException($"{result.Error.Code}: {result.Error.Message}");

    private static async Task<IEnumerable<JsonObject>> ReadAsync(LockstepService service, ChannelKind kind, string name) =>
        Require(await service.Channels.ReadAsync(new ChannelPlace(Invocations.Tenant, kind, name), 0, null, Cancellation)).Items.Select(message => message.Content);

    private static string Text(JsonValue? value) => (value as JsonString)?.Value ?? value?.ToString() ?? "nothing";
}
