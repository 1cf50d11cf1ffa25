using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.Messaging;

/// <summary>
/// <c>sqs:sendMessage</c>, plain and .waitForTaskToken, to the tenant's own queues. The message id follows from the attempt and a queue keeps an
/// id once, so a message that a crash makes the platform send again is there once.
/// </summary>
internal sealed class SendMessageTarget(Func<ChannelUseCases> channels, TimeProvider time) : ITaskTarget
{
    private const int MaxDelaySeconds = 900;

    private static readonly AwsError NoQueue = new(
        "QueueDoesNotExistException", "AWS.SimpleQueueService.NonExistentQueue", 400, "The specified queue does not exist.");

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, "QueueUrl", "MessageBody", "MessageAttributes", "DelaySeconds");
        string? queueUrl = arguments.Text("QueueUrl");
        string? body = arguments.TextOrJson("MessageBody");
        JsonObject attributes = arguments.Object("MessageAttributes") ?? JsonObject.Empty;
        int delay = arguments.Integer("DelaySeconds", 0, MaxDelaySeconds) ?? 0;
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        if (string.IsNullOrEmpty(queueUrl) || string.IsNullOrEmpty(body))
        {
            string missing = string.IsNullOrEmpty(queueUrl) ? "QueueUrl" : "MessageBody";
            return Refuse(invocation, new AwsError(null, "MissingParameter", 400, $"The request must contain the parameter {missing}."));
        }

        if (MessageAttributes.ProblemOf(attributes) is { } wrong)
        {
            return Refuse(invocation, new AwsError(null, "InvalidParameterValue", 400, wrong));
        }

        if (ChannelAddress.OfQueue(invocation.Tenant, queueUrl) is not { } place)
        {
            return Refuse(invocation, NoQueue);
        }

        string id = DerivedIds.Of(invocation, "message");
        JsonObject content = JsonObject.Of(new JsonProperty("body", JsonString.Of(body)), new JsonProperty("attributes", attributes));
        Result<Accepted> sent = await channels().SendAsync(place, [new NewMessage(id, content, TimeSpan.FromSeconds(delay))], cancellation);
        return sent.Succeeded
            ? new TaskAnswered(OutputOf(invocation, id, body, attributes))
            : Refuse(invocation, sent.Error.Code switch
            {
                ErrorCodes.ChannelDoesNotExist => NoQueue,
                ErrorCodes.QueueFull => new AwsError("OverLimitException", "OverLimit", 403, sent.Error.Message),
                ErrorCodes.PayloadTooLarge => new AwsError(
                    null, "InvalidParameterValue", 400, $"One or more parameters are invalid. Reason: {sent.Error.Message}"),
                _ => new AwsError(null, sent.Error.Code, 500, sent.Error.Message),
            });
    }

    private static TaskRefused Refuse(TaskInvocation invocation, AwsError error) => error.Of(invocation, AwsService.Sqs);

    private JsonObject OutputOf(TaskInvocation invocation, string id, string body, JsonObject attributes)
    {
        var output = new JsonObjectBuilder(5);
        if (attributes.Count > 0)
        {
            output.Add("MD5OfMessageAttributes", JsonString.Of(MessageAttributes.DigestOf(attributes)));
        }

        output.Add("MD5OfMessageBody", JsonString.Of(MessageAttributes.DigestOf(body)));
        output.Add("MessageId", JsonString.Of(id));
        return SdkMetadata.AddedTo(output.Build(), invocation, time.GetUtcNow(), "application/x-amz-json-1.0");
    }
}
