using Lockstep.Asl.Resources;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests;

public sealed class TaskTargetRegistryTests
{
    [Theory]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:f", "FunctionTarget")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:f:live", "FunctionTarget")]
    [InlineData("arn:aws:states:::lambda:invoke", "FunctionInvokeTarget")]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken", "FunctionInvokeTarget")]
    [InlineData("arn:aws:states:::http:invoke", "HttpInvokeTarget")]
    [InlineData("arn:aws:states:::states:startExecution", "StartExecutionTarget")]
    [InlineData("arn:aws:states:::states:startExecution.sync", "StartExecutionTarget")]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", "StartExecutionTarget")]
    [InlineData("arn:aws:states:::states:startExecution.waitForTaskToken", "StartExecutionTarget")]
    [InlineData("arn:azure:states:::approval:request.waitForTaskToken", "ApprovalRequestTarget")]
    [InlineData("arn:aws:states:us-east-1:111111111111:activity:a", null)]
    [InlineData("arn:aws:states:::lambda:invoke.sync", null)]
    [InlineData("arn:aws:states:::http:invoke.waitForTaskToken", null)]
    [InlineData("arn:azure:states:::approval:request", null)]
    [InlineData("arn:aws:states:::apigateway:invoke", "ApiGatewayInvokeTarget")]
    [InlineData("arn:aws:states:::apigateway:invoke.waitForTaskToken", "ApiGatewayInvokeTarget")]
    [InlineData("arn:aws:states:::sqs:sendMessage", "SendMessageTarget")]
    [InlineData("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "SendMessageTarget")]
    [InlineData("arn:aws:states:::sqs:sendMessage.sync", null)]
    [InlineData("arn:aws:states:::sns:publish", "PublishTarget")]
    [InlineData("arn:aws:states:::sns:publish.waitForTaskToken", "PublishTarget")]
    [InlineData("arn:aws:states:::events:putEvents", "PutEventsTarget")]
    [InlineData("arn:aws:states:::events:putEvents.waitForTaskToken", "PutEventsTarget")]
    [InlineData("arn:aws:states:::s3:getObject", "GetObjectTarget")]
    [InlineData("arn:aws:states:::s3:putObject", "PutObjectTarget")]
    [InlineData("arn:aws:states:::s3:listObjectsV2", "ListObjectsTarget")]
    [InlineData("arn:aws:states:::aws-sdk:s3:getObject", "GetObjectTarget")]
    [InlineData("arn:aws:states:::aws-sdk:s3:deleteObject", null)]
    [InlineData("arn:aws:states:::dynamodb:getItem", "GetItemTarget")]
    [InlineData("arn:aws:states:::dynamodb:putItem", "PutItemTarget")]
    [InlineData("arn:aws:states:::dynamodb:putItem.waitForTaskToken", null)]
    [InlineData("arn:aws:states:::dynamodb:updateItem", "UpdateItemTarget")]
    [InlineData("arn:aws:states:::dynamodb:deleteItem", "DeleteItemTarget")]
    [InlineData("arn:aws:states:::aws-sdk:dynamodb:putItem", "PutItemTarget")]
    [InlineData("arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken", "PutItemTarget")]
    [InlineData("arn:aws:states:::aws-sdk:dynamodb:query", null)]
    [InlineData("arn:aws:states:::aws-sdk:sfn:startExecution", null)]
    public void What_the_catalog_allows_has_a_target_and_nothing_else_has(string arn, string? target)
    {
        using OutgoingHttp http = new(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        TaskTargetRegistry registry = StandardTargets.Create(
            new TargetOptions(),
            http,
            new MemoryFunctionStore(),
            new MemoryMachines(),
            () => throw new InvalidOperationException("Nothing is started here."),
            TimeProvider.System,
            TenantData.Of(() => throw new InvalidOperationException("Nothing is kept here.")));
        Assert.True(TaskResourceParser.TryParse(arn, out TaskResource? resource));

        Assert.Equal(target, registry.Find(resource)?.GetType().Name);

        bool inCatalog = registry.Catalog.Find(resource)?.Patterns.Contains(resource.Pattern) ?? false;
        Assert.Equal(target is not null || resource.Kind == ResourceKind.Activity, inCatalog);
    }

    [Fact]
    public void Two_targets_for_one_action_are_a_mistake()
    {
        using OutgoingHttp http = new(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        var target = new Lockstep.Targets.Http.HttpInvokeTarget(
            http, new TargetOptions(), () => throw new InvalidOperationException("Nothing is called here."), TimeProvider.System);
        TargetRegistration registration = new IntegrationShape("http", "invoke", [IntegrationPattern.RequestResponse], []).ServedBy(target);

        Assert.Throws<ArgumentException>(() => new TaskTargetRegistry(target, [registration, registration]));
    }
}
