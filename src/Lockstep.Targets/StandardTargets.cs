using System.Collections.Immutable;
using Lockstep.Asl.Resources;
using Lockstep.Service.Channels;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.Objects;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Targets.ApiGateway;
using Lockstep.Targets.Approval;
using Lockstep.Targets.DynamoDb;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Http;
using Lockstep.Targets.Messaging;
using Lockstep.Targets.Nested;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.S3;

namespace Lockstep.Targets;

/// <summary>The list of what the platform can call. A new target is a class and a line here.</summary>
public static class StandardTargets
{
    private static readonly IntegrationShape InvokeFunction = new(
        "lambda", "invoke", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["FunctionName"]);

    private static readonly IntegrationShape InvokeHttp = new(
        "http", "invoke", [IntegrationPattern.RequestResponse], ["ApiEndpoint", "Method"]);

    private static readonly IntegrationShape StartExecution = new(
        "states",
        "startExecution",
        [IntegrationPattern.RequestResponse, IntegrationPattern.Sync, IntegrationPattern.Sync2, IntegrationPattern.WaitForTaskToken],
        ["StateMachineArn"]);

    private static readonly IntegrationShape RequestApproval = new(
        "approval", "request", [IntegrationPattern.WaitForTaskToken], ["Title"]);

    private static readonly IntegrationShape InvokeApi = new(
        "apigateway", "invoke", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["ApiEndpoint", "Method"]);

    private static readonly IntegrationShape SendMessage = new(
        "sqs", "sendMessage", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["QueueUrl", "MessageBody"]);

    private static readonly IntegrationShape Publish = new(
        "sns", "publish", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["Message"]);

    private static readonly IntegrationShape PutEvents = new(
        "events", "putEvents", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["Entries"]);

    private static readonly ImmutableArray<IntegrationShape> TableCalls =
    [
        .. Both("dynamodb", "getItem", "TableName", "Key"),
        .. Both("dynamodb", "putItem", "TableName", "Item"),
        .. Both("dynamodb", "updateItem", "TableName", "Key"),
        .. Both("dynamodb", "deleteItem", "TableName", "Key"),
    ];

    private static readonly ImmutableArray<IntegrationShape> ObjectCalls =
    [
        .. Both("s3", "getObject", "Bucket", "Key"),
        .. Both("s3", "putObject", "Bucket", "Key"),
        .. Both("s3", "listObjectsV2", "Bucket"),
    ];

    /// <summary>What a definition may name wherever all of these targets serve it; for checking definitions where nothing is to be called.</summary>
    public static IResourceCatalog Catalog { get; } = TaskTargetRegistry.CatalogOf(
        [InvokeFunction, InvokeHttp, InvokeApi, StartExecution, RequestApproval, SendMessage, Publish, PutEvents, .. ObjectCalls, .. TableCalls]).WithDistributedMaps();

    /// <summary>Composes the registry.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="http">The way out; owned by the caller.</param>
    /// <param name="functions">Where functions are registered.</param>
    /// <param name="machines">Where machines are kept.</param>
    /// <param name="executions">Starts nested executions; asked for at the first call, because the driver that calls targets is behind it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="data">What tenants keep here.</param>
    /// <param name="mapRuns">What Map states in DISTRIBUTED mode call; null where they do not run.</param>
    public static TaskTargetRegistry Create(
        TargetOptions options,
        OutgoingHttp http,
        IFunctionStore functions,
        IStateMachineStore machines,
        Func<ExecutionUseCases> executions,
        TimeProvider time,
        TenantData data,
        MapRunTargets? mapRuns = null) => new(
            new FunctionTarget(functions, http, options),
            [
                InvokeFunction.ServedBy(new FunctionInvokeTarget(functions, http, options)),
                InvokeHttp.ServedBy(new HttpInvokeTarget(http, options, data.Connections, time)),
                InvokeApi.ServedBy(new ApiGatewayInvokeTarget(http, options)),
                StartExecution.ServedBy(new StartExecutionTarget(machines, executions, options, time)),
                RequestApproval.ServedBy(new ApprovalRequestTarget(functions, http, options)),
                .. ChannelTargets(data.Channels, options, time),
                .. ObjectTargets(data.Objects, options),
                .. TableTargets(data.Tables, options, time),
            ],
            mapRuns);

    /// <summary>A call in its optimised form and in the form of the SDK, which may also wait for a token.</summary>
    private static ImmutableArray<IntegrationShape> Both(string service, string action, params ImmutableArray<string> required) =>
    [
        new(service, action, [IntegrationPattern.RequestResponse], required),
        new($"aws-sdk:{service}", action, [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], required),
    ];

    private static IEnumerable<TargetRegistration> ObjectTargets(Func<ObjectUseCases> objects, TargetOptions options) =>
        ObjectCalls.Select(call => call.ServedBy(call.Action switch
        {
            "getObject" => new GetObjectTarget(objects, options),
            "putObject" => new PutObjectTarget(objects),
            _ => new ListObjectsTarget(objects, options),
        }));

    private static IEnumerable<TargetRegistration> TableTargets(Func<TableUseCases> tables, TargetOptions options, TimeProvider time) =>
        TableCalls.Select(call => call.ServedBy(call.Action switch
        {
            "getItem" => new GetItemTarget(tables, options, time),
            "putItem" => new PutItemTarget(tables, options, time),
            "updateItem" => new UpdateItemTarget(tables, options, time),
            _ => new DeleteItemTarget(tables, options, time),
        }));

    private static IEnumerable<TargetRegistration> ChannelTargets(Func<ChannelUseCases> channels, TargetOptions options, TimeProvider time) =>
    [
        SendMessage.ServedBy(new SendMessageTarget(channels, time)),
        Publish.ServedBy(new PublishTarget(channels, time)),
        PutEvents.ServedBy(new PutEventsTarget(channels, options, time)),
    ];
}
