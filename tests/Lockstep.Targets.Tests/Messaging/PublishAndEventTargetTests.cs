using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Targets;
using Lockstep.Targets.Messaging;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Messaging;

public sealed class PublishAndEventTargetTests
{
    [Fact]
    public async Task A_publication_is_kept_in_the_topic_and_a_repetition_is_not()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Topic, "news");
        const string Parameters =
            """{"TopicArn":"arn:aws:sns:eu-west-1:000000000001:news","Message":{"a":1},"Subject":"S","MessageAttributes":{"v":{"DataType":"Number","StringValue":"1"}}}""";

        JsonObject output = SendMessageTargetTests.Answered(await PublishAsync(world, Parameters));
        SendMessageTargetTests.Answered(await PublishAsync(world, Parameters));

        Assert.Equal(["MessageId", "SdkHttpMetadata", "SdkResponseMetadata"], output.Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            """{"message":"{\"a\":1}","subject":"S","attributes":{"v":{"DataType":"Number","StringValue":"1"}}}""",
            Assert.Single(await world.ContentsAsync(ChannelKind.Topic, "news")).ToString());
    }

    [Theory]
    [InlineData("""{"TopicArn":"arn:aws:sns:x:000000000001:other","Message":"m"}""", "SNS.NotFoundException", "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: ")]
    [InlineData("""{"TopicArn":"arn:aws:sns:x:000000000002:news","Message":"m"}""", "SNS.NotFoundException", "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: ")]
    [InlineData("""{"TopicArn":"news","Message":"m"}""", "SNS.InvalidParameterException", "Invalid parameter: TopicArn (Service: AmazonSNS; Status Code: 400; Error Code: InvalidParameter; Request ID: ")]
    [InlineData("""{"TopicArn":"arn:aws:sns:x:000000000001:news","Message":""}""", "SNS.InvalidParameterException", "Invalid parameter: Empty message (")]
    [InlineData("""{"TopicArn":"arn:aws:sns:x:000000000001:news","Message":{"a":"b"},"MessageStructure":"json"}""", "SNS.InvalidParameterException", "Invalid parameter: Message Structure - No default entry in JSON message body (")]
    [InlineData("""{"PhoneNumber":"+49","Message":"m"}""", "States.Runtime", "The parameters of 'arn:aws:states:::sns:publish' cannot be used: 'PhoneNumber' is not supported.")]
    public async Task What_cannot_be_published_fails_as_at_AWS(string parameters, string error, string cause)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Topic, "news");

        TaskRefused refused = Assert.IsType<TaskRefused>(await PublishAsync(world, parameters));

        Assert.Equal(error, refused.Error);
        Assert.StartsWith(cause, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_lie_on_the_default_bus_in_the_form_in_which_they_are_delivered()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        Assert.Empty(await world.ContentsAsync(ChannelKind.EventBus, "default"));
        const string Parameters = """
            {"Entries":[
                {"Detail":"{\"a\":1}","DetailType":"t","Source":"s"},
                {"Detail":{"b":2},"DetailType":"t","Source":"s","Resources":["r"],"Time":"2026-01-02T03:04:05Z"}]}
            """;

        JsonObject output = SendMessageTargetTests.Answered(await PutAsync(world, Parameters));
        SendMessageTargetTests.Answered(await PutAsync(world, Parameters));

        JsonObject[] events = await world.ContentsAsync(ChannelKind.EventBus, "default");
        Assert.Equal(2, events.Length);
        Assert.Equal("0", output["FailedEntryCount"]?.ToString());
        Assert.Equal(
            [.. events.Select(entry => SendMessageTargetTests.Text(entry, "id"))],
            Assert.IsType<JsonArray>(output["Entries"]).Select(entry => SendMessageTargetTests.Text((JsonObject)entry, "EventId")));
        Assert.Equal("""{"a":1}""", events[0]["detail"]?.ToString());
        Assert.Equal("2026-01-02T03:04:05Z", SendMessageTargetTests.Text(events[1], "time"));
        Assert.Equal(
            """["r","arn:aws:states:local:000000000001:stateMachine:orders","arn:aws:states:local:000000000001:execution:orders:first"]""",
            events[1]["resources"]?.ToString());
        Assert.Equal(
            ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"], events[0].Select(member => member.Name));
    }

    [Theory]
    [InlineData("""{"Detail":"\"text\"","DetailType":"t","Source":"s"}""", "MalformedDetail", "Detail is malformed.")]
    [InlineData("""{"Detail":"{","DetailType":"t","Source":"s"}""", "MalformedDetail", "Detail is malformed.")]
    [InlineData("""{"Detail":{},"Source":"s"}""", "InvalidArgument", "Parameter DetailType is not valid. Reason: DetailType is a required argument.")]
    [InlineData("""{"Detail":{},"DetailType":"t","Source":"aws.s3"}""", "NotAuthorizedForSource", "Not authorized for the source.")]
    [InlineData("""{"Detail":{},"DetailType":"t","Source":"s","EventBusName":"other"}""", "ResourceNotFoundException", "Event bus other does not exist.")]
    public async Task One_bad_entry_fails_the_task_with_the_list_and_the_good_ones_are_put(string bad, string code, string message)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();

        TaskRefused refused = Assert.IsType<TaskRefused>(await PutAsync(
            world, $$"""{"Entries":[{"Detail":{},"DetailType":"t","Source":"s"},{{bad}}]}"""));

        Assert.Equal("EventBridge.FailedEntry", refused.Error);
        JsonObject cause = Assert.IsType<JsonObject>(JsonValue.Parse(refused.Cause ?? ""));
        Assert.Equal("1", cause["FailedEntryCount"]?.ToString());
        JsonObject failed = Assert.IsType<JsonObject>(Assert.IsType<JsonArray>(cause["Entries"])[1]);
        Assert.Equal((code, message), (SendMessageTargetTests.Text(failed, "ErrorCode"), SendMessageTargetTests.Text(failed, "ErrorMessage")));
        Assert.Single(await world.ContentsAsync(ChannelKind.EventBus, "default"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task A_call_puts_one_to_ten_entries(int count, bool accepted)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        string entries = string.Join(',', Enumerable.Repeat("""{"Detail":{},"DetailType":"t","Source":"s"}""", count));

        TaskOutcome outcome = await PutAsync(world, $$"""{"Entries":[{{entries}}]}""");

        Assert.Equal(accepted, outcome is TaskAnswered);
        Assert.Equal(accepted ? null : "EventBridge.AmazonEventBridgeException", (outcome as TaskRefused)?.Error);
    }

    private static async Task<TaskOutcome> PublishAsync(ChannelWorld world, string parameters) =>
        await new PublishTarget(() => world.Channels, world.Time).InvokeAsync(Invocations.OfService("sns", "publish", parameters), CancellationToken.None);

    private static async Task<TaskOutcome> PutAsync(ChannelWorld world, string parameters) =>
        await new PutEventsTarget(() => world.Channels, new TargetOptions(), world.Time)
            .InvokeAsync(Invocations.OfService("events", "putEvents", parameters), CancellationToken.None);
}
