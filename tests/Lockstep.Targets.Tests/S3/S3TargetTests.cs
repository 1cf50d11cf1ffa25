using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.S3;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.Targets.Tests.Messaging;

namespace Lockstep.Targets.Tests.S3;

public sealed class S3TargetTests
{
    [Theory]
    [InlineData("s3")]
    [InlineData("aws-sdk:s3")]
    public async Task What_is_put_is_got_and_listed(string service)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        JsonObject put = SendMessageTargetTests.Answered(await PutAsync(world, """{"Bucket":"bucket","Key":"a/1.json","Body":{"n":1.50},"ContentType":"application/json"}""", service));
        await PutAsync(world, """{"Bucket":"bucket","Key":"b","Body":"text"}""", service);

        JsonObject got = SendMessageTargetTests.Answered(await GetAsync(world, """{"Bucket":"bucket","Key":"a/1.json"}""", service));
        Assert.Equal(["AcceptRanges", "Body", "ContentLength", "ContentType", "ETag", "LastModified", "Metadata"], got.Select(member => member.Name));
        Assert.Equal(
            ("""{"n":1.50}""", "10", "application/json"),
            (SendMessageTargetTests.Text(got, "Body"), got["ContentLength"]?.ToString(), SendMessageTargetTests.Text(got, "ContentType")));
        Assert.Equal(SendMessageTargetTests.Text(put, "ETag"), SendMessageTargetTests.Text(got, "ETag"));

        JsonObject first = SendMessageTargetTests.Answered(await ListAsync(world, """{"Bucket":"bucket","MaxKeys":1}""", service));
        Assert.Equal(("true", "1", "a/1.json"), (first["IsTruncated"]?.ToString(), first["KeyCount"]?.ToString(), KeyOf(first, 0)));
        JsonObject second = SendMessageTargetTests.Answered(await ListAsync(
            world, $$"""{"Bucket":"bucket","ContinuationToken":{{first["NextContinuationToken"]}}}""", service));
        Assert.Equal(("false", "b"), (second["IsTruncated"]?.ToString(), KeyOf(second, 0)));
        Assert.Equal("b", KeyOf(SendMessageTargetTests.Answered(await ListAsync(world, """{"Bucket":"bucket","StartAfter":"a/1.json"}""", service)), 0));
        Assert.Equal("0", SendMessageTargetTests.Answered(await ListAsync(world, """{"Bucket":"bucket","Prefix":"c"}""", service))["KeyCount"]?.ToString());
    }

    [Theory]
    [InlineData("""{"Bucket":"bucket","Key":"none"}""", "S3.NoSuchKeyException", "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ")]
    [InlineData("""{"Bucket":"other-bucket","Key":"a"}""", "S3.NoSuchBucketException", "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ")]
    [InlineData("""{"Bucket":"B","Key":"a"}""", "S3.S3Exception", "The specified bucket is not valid. (Service: S3, Status Code: 400, Request ID: ")]
    [InlineData("""{"Bucket":"bucket","Key":"a","Range":"bytes=0-1"}""", "States.Runtime", "The parameters of 'arn:aws:states:::aws-sdk:s3:getObject' cannot be used: 'Range' is not supported.")]
    public async Task What_cannot_be_got_fails_as_at_AWS(string parameters, string error, string cause)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await PutAsync(world, """{"Bucket":"bucket","Key":"a","Body":"x"}""");
        TaskRefused refused = Assert.IsType<TaskRefused>(await GetAsync(world, parameters));
        Assert.Equal(error, refused.Error);
        Assert.StartsWith(cause, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_is_larger_than_a_payload_is_no_result()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await PutAsync(world, $$"""{"Bucket":"bucket","Key":"a","Body":"{{new string('x', 100)}}"}""");
        var small = new TargetOptions { MaxPayloadBytes = 99 };
        TaskOutcome outcome = await new GetObjectTarget(() => world.Objects, small)
            .InvokeAsync(Invocations.OfService("aws-sdk:s3", "getObject", """{"Bucket":"bucket","Key":"a"}"""), CancellationToken.None);
        Assert.Equal("States.DataLimitExceeded", Assert.IsType<TaskRefused>(outcome).Error);
    }

    private static string? KeyOf(JsonObject list, int index) =>
        list["Contents"] is JsonArray contents && contents[index] is JsonObject found ? SendMessageTargetTests.Text(found, "Key") : null;

    private static async Task<TaskOutcome> PutAsync(ChannelWorld world, string parameters, string service = "aws-sdk:s3") =>
        await new PutObjectTarget(() => world.Objects).InvokeAsync(Invocations.OfService(service, "putObject", parameters), CancellationToken.None);

    private static async Task<TaskOutcome> GetAsync(ChannelWorld world, string parameters, string service = "aws-sdk:s3") =>
        await new GetObjectTarget(() => world.Objects, new TargetOptions())
            .InvokeAsync(Invocations.OfService(service, "getObject", parameters), CancellationToken.None);

    private static async Task<TaskOutcome> ListAsync(ChannelWorld world, string parameters, string service) =>
        await new ListObjectsTarget(() => world.Objects, new TargetOptions())
            .InvokeAsync(Invocations.OfService(service, "listObjectsV2", parameters), CancellationToken.None);
}
