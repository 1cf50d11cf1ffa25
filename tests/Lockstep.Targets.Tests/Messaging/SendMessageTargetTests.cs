using Lockstep.Asl.Resources;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Limits;
using Lockstep.Service.Targets;
using Lockstep.Targets.Messaging;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Messaging;

public sealed class SendMessageTargetTests
{
    private const string Absent =
        "The specified queue does not exist. (Service: AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: ";

    [Theory]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/000000000001/orders")]
    [InlineData("https://lockstep.example.com/v1/queues/orders")]
    [InlineData("orders")]
    public async Task A_message_is_in_the_queue_that_its_address_names(string queueUrl)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Queue, "orders");

        JsonObject output = Answered(await SendAsync(world, $$"""{"QueueUrl":"{{queueUrl}}","MessageBody":"hello"}"""));

        Assert.Equal("5d41402abc4b2a76b9719d911017c592", Text(output, "MD5OfMessageBody"));
        Assert.True(Guid.TryParse(Text(output, "MessageId"), out _));
        Assert.Equal(["MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"], output.Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("""{"body":"hello","attributes":{}}""", Assert.Single(await world.ContentsAsync(ChannelKind.Queue, "orders")).ToString());
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_sent_as_JSON_with_its_attributes()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Queue, "orders");

        JsonObject output = Answered(await SendAsync(
            world,
            """{"QueueUrl":"orders","MessageBody":{"TaskToken":"t","n":1.50},"MessageAttributes":{"a":{"DataType":"String","StringValue":"x"}}}""",
            IntegrationPattern.WaitForTaskToken));

        // The length of "a", "a"; of "String", "String"; 1 for text; the length of "x", "x": the digest is fixed by the description of SQS.
        Assert.Equal(Digest("00000001" + "61" + "00000006" + "537472696e67" + "01" + "00000001" + "78"), Text(output, "MD5OfMessageAttributes"));
        Assert.Equal(
            """{"body":"{\"TaskToken\":\"t\",\"n\":1.50}","attributes":{"a":{"DataType":"String","StringValue":"x"}}}""",
            Assert.Single(await world.ContentsAsync(ChannelKind.Queue, "orders")).ToString());
    }

    [Fact]
    public async Task An_attempt_that_is_repeated_after_a_crash_sends_once_and_answers_the_same()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Queue, "orders");
        const string Parameters = """{"QueueUrl":"orders","MessageBody":"hello"}""";

        Assert.Equal(Answered(await SendAsync(world, Parameters)), Answered(await SendAsync(world, Parameters)));
        Assert.Single(await world.ContentsAsync(ChannelKind.Queue, "orders"));

        TaskInvocation next = Invocations.OfService("sqs", "sendMessage", Parameters) with { IdempotencyKey = "another attempt" };
        Answered(await new SendMessageTarget(() => world.Channels, world.Time).InvokeAsync(next, CancellationToken.None));
        Assert.Equal(2, (await world.ContentsAsync(ChannelKind.Queue, "orders")).Length);
    }

    [Theory]
    [InlineData("""{"QueueUrl":"other","MessageBody":"x"}""", "SQS.QueueDoesNotExistException", Absent)]
    [InlineData("""{"QueueUrl":"https://sqs.x.amazonaws.com/000000000002/orders","MessageBody":"x"}""", "SQS.QueueDoesNotExistException", Absent)]
    [InlineData("""{"QueueUrl":"orders","MessageBody":""}""", "SQS.AmazonSQSException", "The request must contain the parameter MessageBody. (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter;")]
    [InlineData("""{"QueueUrl":"orders","MessageBody":"x","MessageAttributes":{"a":{"DataType":"Text"}}}""", "SQS.AmazonSQSException", "The message attribute 'a' must contain the DataType String, Number or Binary.")]
    [InlineData("""{"QueueUrl":"orders","MessageBody":"x","DelaySeconds":901}""", "States.Runtime", "The parameters of 'arn:aws:states:::sqs:sendMessage' cannot be used: DelaySeconds must be a whole number from 0 to 900.")]
    [InlineData("""{"QueueUrl":"orders","MessageBody":"x","MessageGroupId":"g"}""", "States.Runtime", "The parameters of 'arn:aws:states:::sqs:sendMessage' cannot be used: 'MessageGroupId' is not supported.")]
    public async Task What_cannot_be_sent_fails_as_at_AWS(string parameters, string error, string cause)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Queue, "orders");

        TaskRefused refused = Assert.IsType<TaskRefused>(await SendAsync(world, parameters));

        Assert.Equal((error, TaskFailureStage.Run), (refused.Error, refused.Stage));
        Assert.StartsWith(cause, refused.Cause, StringComparison.Ordinal);
        Assert.Empty(await world.ContentsAsync(ChannelKind.Queue, "orders"));
    }

    [Fact]
    public async Task A_message_may_be_as_large_as_the_limit_and_a_queue_as_full()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync(ServiceLimits.Default with { MaxMessageBytes = 1_024, MaxChannelMessages = 1 });
        await world.CreateAsync(ChannelKind.Queue, "orders");
        int overhead = """{"body":"","attributes":{}}""".Length;
        string fits = new('x', 1_024 - overhead);

        Assert.Equal("SQS.AmazonSQSException", Assert.IsType<TaskRefused>(await SendAsync(world, $$"""{"QueueUrl":"orders","MessageBody":"{{fits}}x"}""")).Error);
        Answered(await SendAsync(world, $$"""{"QueueUrl":"orders","MessageBody":"{{fits}}"}"""));
        TaskInvocation next = Invocations.OfService("sqs", "sendMessage", """{"QueueUrl":"orders","MessageBody":"x"}""") with { IdempotencyKey = "next" };
        TaskOutcome full = await new SendMessageTarget(() => world.Channels, world.Time).InvokeAsync(next, CancellationToken.None);
        Assert.Equal("SQS.OverLimitException", Assert.IsType<TaskRefused>(full).Error);
    }

    internal static JsonObject Answered(TaskOutcome outcome) => Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);

    internal static string? Text(JsonObject document, string name) => (document[name] as JsonString)?.Value;

    private static string Digest(string hex) =>
#pragma warning disable CA5351 // What SQS answers with.
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Convert.FromHexString(hex)));
#pragma warning restore CA5351

    private static async Task<TaskOutcome> SendAsync(
        ChannelWorld world, string parameters, IntegrationPattern pattern = IntegrationPattern.RequestResponse) =>
        await new SendMessageTarget(() => world.Channels, world.Time)
            .InvokeAsync(Invocations.OfService("sqs", "sendMessage", parameters, pattern), CancellationToken.None);
}
