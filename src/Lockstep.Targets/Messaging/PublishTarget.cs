using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.Messaging;

/// <summary><c>sns:publish</c>, plain and .waitForTaskToken, to the tenant's own topics, where readers find what was published.</summary>
internal sealed class PublishTarget(Func<ChannelUseCases> channels, TimeProvider time) : ITaskTarget
{
    private const int MaxSubjectCharacters = 100;

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(
            invocation.Parameters, "TopicArn", "TargetArn", "Message", "Subject", "MessageStructure", "MessageAttributes");
        string? arn = arguments.Text("TopicArn") ?? arguments.Text("TargetArn");
        string? message = arguments.TextOrJson("Message");
        string? subject = arguments.Text("Subject");
        string? structure = arguments.Text("MessageStructure");
        JsonObject attributes = arguments.Object("MessageAttributes") ?? JsonObject.Empty;
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        if (Check(arn, message, subject, structure, attributes) is { } invalid)
        {
            return Refuse(invocation, Invalid(invalid));
        }

        if (ChannelAddress.OfTopic(invocation.Tenant, arn ?? "") is not { } place)
        {
            return Refuse(invocation, arn?.StartsWith("arn:", StringComparison.Ordinal) == true ? NoTopic() : Invalid("TopicArn"));
        }

        string id = DerivedIds.Of(invocation, "message");
        var content = new JsonObjectBuilder(4);
        content.Add("message", JsonString.Of(message ?? ""));
        if (subject is not null)
        {
            content.Add("subject", JsonString.Of(subject));
        }

        if (structure is not null)
        {
            content.Add("messageStructure", JsonString.Of(structure));
        }

        content.Add("attributes", attributes);
        Result<Accepted> sent = await channels().SendAsync(place, [new NewMessage(id, content.Build())], cancellation);
        return sent.Succeeded
            ? new TaskAnswered(SdkMetadata.AddedTo(JsonObject.Of("MessageId", JsonString.Of(id)), invocation, time.GetUtcNow(), "text/xml"))
            : Refuse(invocation, sent.Error.Code switch
            {
                ErrorCodes.ChannelDoesNotExist => NoTopic(),
                ErrorCodes.PayloadTooLarge => Invalid($"Message too long: {sent.Error.Message}"),
                _ => new AwsError(null, sent.Error.Code, 500, sent.Error.Message),
            });
    }

    private static string? Check(string? arn, string? message, string? subject, string? structure, JsonObject attributes)
    {
        if (string.IsNullOrEmpty(arn))
        {
            return "TopicArn or TargetArn Reason: no value for required parameter";
        }

        if (string.IsNullOrEmpty(message))
        {
            return "Empty message";
        }

        if (subject is not null && (subject.Length is 0 or > MaxSubjectCharacters || subject.Any(char.IsControl)))
        {
            return "Subject";
        }

        if (structure is not null && structure != "json")
        {
            return "MessageStructure";
        }

        bool hasDefault = structure is null
            || (JsonReader.Read(message).TryGetValue(out JsonValue? parts, out _) && (parts as JsonObject)?["default"] is JsonString);
        return hasDefault ? MessageAttributes.ProblemOf(attributes) : "Message Structure - No default entry in JSON message body";
    }

    private static AwsError NoTopic() => new("NotFoundException", "NotFound", 404, "Topic does not exist");

    private static AwsError Invalid(string what) => new("InvalidParameterException", "InvalidParameter", 400, $"Invalid parameter: {what}");

    private static TaskRefused Refuse(TaskInvocation invocation, AwsError error) => error.Of(invocation, AwsService.Sns);
}
