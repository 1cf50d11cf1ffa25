using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Resources;

namespace Lockstep.Asl.Tests;

/// <summary>How the Resource of a Task is read, and what a catalog and the machine's type refuse.</summary>
public sealed class ResourceTests
{
    [Theory]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:send", ResourceKind.Function, "", "send", "send", IntegrationPattern.RequestResponse)]
    [InlineData("arn:aws:lambda:::function:send:PROD", ResourceKind.Function, "", "send", "send", IntegrationPattern.RequestResponse)]
    [InlineData("arn:aws:states:local:000000000001:activity:approve", ResourceKind.Activity, "", "approve", "approve", IntegrationPattern.RequestResponse)]
    [InlineData("arn:aws:states:::lambda:invoke", ResourceKind.Service, "lambda", "invoke", "invoke", IntegrationPattern.RequestResponse)]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken", ResourceKind.Service, "lambda", "invoke.waitForTaskToken", "invoke", IntegrationPattern.WaitForTaskToken)]
    [InlineData("arn:aws:states:::states:startExecution.sync", ResourceKind.Service, "states", "startExecution.sync", "startExecution", IntegrationPattern.Sync)]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", ResourceKind.Service, "states", "startExecution.sync:2", "startExecution", IntegrationPattern.Sync2)]
    [InlineData("arn:aws:states:::aws-sdk:dynamodb:putItem", ResourceKind.Service, "aws-sdk:dynamodb", "putItem", "putItem", IntegrationPattern.RequestResponse)]
    [InlineData("arn:azure:states:::approval:request.waitForTaskToken", ResourceKind.Service, "approval", "request.waitForTaskToken", "request", IntegrationPattern.WaitForTaskToken)]
    public void Resources_are_read(string text, ResourceKind kind, string service, string action, string name, IntegrationPattern pattern)
    {
        Assert.True(TaskResourceParser.TryParse(text, out TaskResource? resource));
        Assert.Equal(new TaskResource(text, kind, service, action, pattern), resource);
        Assert.Equal(name, resource.ActionName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lambda:invoke")]
    [InlineData("arn:aws:states:::lambda")]
    [InlineData("arn:aws:states:::lambda:")]
    [InlineData("arn:aws:states:::lambda:.sync")]
    [InlineData("arn:aws:states:local:000000000001:activity:")]
    [InlineData("arn:aws:states:local:000000000001:activity:a:b")]
    [InlineData("arn:aws:lambda:local:000000000001:function:")]
    [InlineData("arn:aws:lambda:local:000000000001:layer:x")]
    [InlineData("arn:aws:s3:::bucket")]
    public void Other_texts_are_refused(string text) => Assert.False(TaskResourceParser.TryParse(text, out _));

    [Theory]
    [InlineData("arn:aws:states:::states:startExecution", "{\"StateMachineArn.$\":\"$.arn\"}", null)]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", "{\"StateMachineArn\":\"x\"}", null)]
    [InlineData("arn:aws:states:::states:startExecution", "{}", DiagnosticCodes.MissingParameter)]
    [InlineData("arn:aws:states:::states:startExecution.waitForTaskToken", "{\"StateMachineArn\":\"x\"}", DiagnosticCodes.PatternNotSupported)]
    [InlineData("arn:aws:states:::sqs:sendMessage", "{}", DiagnosticCodes.ResourceNotSupported)]
    [InlineData("arn:aws:lambda:::function:any", "{}", null)]
    [InlineData("arn:aws:states:::activity:any", "{}", null)]
    public void A_catalog_decides(string resource, string parameters, string? code)
    {
        ResourceCatalog catalog = ResourceCatalog.Empty.With(
            "states", "startExecution", [IntegrationPattern.RequestResponse, IntegrationPattern.Sync, IntegrationPattern.Sync2], "StateMachineArn");
        AssertOnly(code, resource, parameters, new AslOptions { Resources = catalog });
    }

    [Theory]
    [InlineData("arn:aws:states:::lambda:invoke", null)]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken", DiagnosticCodes.NotInExpress)]
    [InlineData("arn:aws:states:::states:startExecution.sync", DiagnosticCodes.NotInExpress)]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", DiagnosticCodes.NotInExpress)]
    [InlineData("arn:aws:states:local:000000000001:activity:a", DiagnosticCodes.NotInExpress)]
    public void Express_machines_have_neither_activities_nor_callbacks(string resource, string? code) =>
        AssertOnly(code, resource, "{}", new AslOptions { Type = WorkflowType.Express });

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, DiagnosticCodes.InvalidResource)]
    public void Placeholders_pass_only_where_allowed(bool isAllowed, string? code) =>
        AssertOnly(code, "${FunctionArn}", "{}", new AslOptions { AllowPlaceholders = isAllowed });

    private static void AssertOnly(string? code, string resource, string parameters, AslOptions options)
    {
        AslParseResult result = AslParser.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"ARN","Parameters":PARAMETERS,"End":true}}}"""
                .Replace("ARN", resource, StringComparison.Ordinal)
                .Replace("PARAMETERS", parameters, StringComparison.Ordinal),
            options);
        Assert.Equal(code is null ? [] : [code], result.Diagnostics.Select(diagnostic => diagnostic.Code));
    }
}
