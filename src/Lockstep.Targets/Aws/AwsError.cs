using System.Globalization;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Aws;

/// <summary>
/// The names by which an AWS service shows in failures. Optimised integrations and <c>aws-sdk</c> ones go through two generations of the SDK, which
/// differ in the prefix of the error and in the form of the cause.
/// </summary>
/// <param name="Prefix">Before the error name with an optimised integration, such as <c>DynamoDB</c>.</param>
/// <param name="Service">In the cause with an optimised integration, such as <c>AmazonDynamoDBv2</c>.</param>
/// <param name="Base">The exception for what has none of its own, with an optimised integration, such as <c>AmazonDynamoDBException</c>.</param>
/// <param name="SdkName">Prefix and service with an <c>aws-sdk</c> integration, such as <c>DynamoDb</c>.</param>
internal sealed record AwsService(string Prefix, string Service, string Base, string SdkName)
{
    public static AwsService Sqs { get; } = new("SQS", "AmazonSQS", "AmazonSQSException", "Sqs");

    public static AwsService Sns { get; } = new("SNS", "AmazonSNS", "AmazonSNSException", "Sns");

    public static AwsService EventBridge { get; } = new("EventBridge", "AmazonEventBridge", "AmazonEventBridgeException", "EventBridge");

    public static AwsService S3 { get; } = new("S3", "Amazon S3", "AmazonS3Exception", "S3");

    public static AwsService DynamoDb { get; } = new("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException", "DynamoDb");
}

/// <summary>A failure as an AWS service reports it.</summary>
/// <param name="Exception">The exception that the SDK has for it, such as <c>ResourceNotFoundException</c>; null when it has none.</param>
/// <param name="Code">The error code of the service.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">What the service says.</param>
internal sealed record AwsError(string? Exception, string Code, int Status, string Message)
{
    private const string SdkPrefix = "aws-sdk:";

    /// <summary>Whether a resource is of an <c>aws-sdk</c> integration.</summary>
    public static bool IsSdk(TaskResource resource) => resource.Service.StartsWith(SdkPrefix, StringComparison.Ordinal);

    /// <summary>The failure of the task, in the form that its integration has.</summary>
    public TaskRefused Of(TaskInvocation invocation, AwsService service)
    {
        string status = Status.ToString(CultureInfo.InvariantCulture);
        string requestId = Failures.RequestIdOf(invocation);
        // Of S3 there is only the newer form: AWS has no optimised integration that a Task can call.
        if (IsSdk(invocation.Resource) || service == AwsService.S3)
        {
            string extended = service == AwsService.S3 ? $", Extended Request ID: {requestId}" : "";
            return Failures.Of(
                invocation,
                $"{service.SdkName}.{Exception ?? service.SdkName + "Exception"}",
                $"{Message} (Service: {service.SdkName}, Status Code: {status}, Request ID: {requestId}{extended})");
        }

        return Failures.Of(
            invocation,
            $"{service.Prefix}.{Exception ?? service.Base}",
            $"{Message} (Service: {service.Service}; Status Code: {status}; Error Code: {Code}; Request ID: {requestId}; Proxy: null)");
    }
}
