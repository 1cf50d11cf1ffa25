using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Data;

/// <summary>
/// Executions that work on what their tenant keeps in the service, whole: definition, driver, real targets, stores. Every way of running the service passes
/// the same tests.
/// </summary>
public abstract class TenantDataContract
{
    /// <summary>A service without anything in it; disposed by the test.</summary>
    internal abstract Task<IDataWorld> OpenAsync();

    [Fact]
    public async Task An_execution_puts_lists_and_gets_objects_that_the_tenant_sees()
    {
        await using IDataWorld world = await OpenAsync();
        ExecutionRecord ended = await world.RunAsync(
            """
            {"QueryLanguage":"JSONata","StartAt":"Put","States":{
            "Put":{"Type":"Task","Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Key":"in/a","Body":{"n":1}},"Next":"List"},
            "List":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listObjectsV2","Arguments":{"Bucket":"data","Prefix":"in/"},
            "Assign":{"keys":"{% $states.result.Contents.Key %}"},"Next":"Get"},
            "Get":{"Type":"Task","Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"data","Key":"{% $keys %}"},
            "Output":"{% $states.result.Body %}","End":true}}}
            """);

        Assert.Equal((ExecutionStatus.Succeeded, "\"{\\\"n\\\":1}\""), (ended.Status, ended.Output));
        Result<ObjectRecord> seen = await world.Service.Objects.DescribeAsync(new ObjectPlace(Invocations.Tenant, "data", "in/a"), Cancellation);
        Assert.Equal(7, seen.Succeeded ? seen.Value.Size : 0);
    }

    [Fact]
    public async Task A_distributed_Map_reads_an_object_and_writes_its_results_to_objects()
    {
        await using IDataWorld world = await OpenAsync();
        ExecutionRecord ended = await world.RunAsync(DataSteps.Maps);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        string key = ((JsonString)JsonValue.Parse(ended.Output ?? "null")).Value;
        Result<Page<MapRunRecord>> listed = await world.Service.MapRuns.ListAsync(ended.Key, ListRequest.First, Cancellation);
        MapRunRecord run = Assert.Single(DataSteps.Require(listed).Items);
        Assert.Equal((ExecutionStatus.Succeeded, new MapRunCounts(0, 0, 9, 1, 0, 0, 10)), (run.Status, run.Progress.Items));
        Assert.Equal(run, DataSteps.Require(await world.Service.MapRuns.DescribeAsync(Invocations.Tenant, run.Arn, Cancellation)));

        var files = (JsonObject)((JsonObject)await ReadAsync(world, key))["ResultFiles"]!;
        Assert.Equal(3, ((JsonArray)files["SUCCEEDED"]!).Count);
        Assert.Single((JsonArray)files["FAILED"]!);
        List<JsonValue> results = [];
        foreach (JsonValue file in (JsonArray)files["SUCCEEDED"]!)
        {
            results.AddRange((JsonArray)await ReadAsync(world, ((JsonString)((JsonObject)file)["Key"]!).Value));
        }

        Assert.Equal("[2,4,6,8,10,14,16,18,20]", JsonArray.Of([.. results]).ToString());
    }

    private static async Task<JsonValue> ReadAsync(IDataWorld world, string key)
    {
        await using OpenObject opened = DataSteps.Require(
            await world.Service.Objects.OpenAsync(new ObjectPlace(Invocations.Tenant, "data", key), 0, Cancellation));
        using var reader = new StreamReader(opened.Content);
        return JsonValue.Parse(await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task An_execution_sends_to_a_queue_a_topic_and_buses_that_the_tenant_reads()
    {
        await using IDataWorld world = await OpenAsync();
        await DataSteps.CreateDataAsync(world.Service);
        ExecutionRecord ended = await world.RunAsync(DataSteps.Sends);

        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        Assert.Equal(["queue: hello", "topic: news", "bus: placed"], await DataSteps.SentAsync(world.Service));
        Result<Page<MessageRecord>> received = await world.Service.Channels.ReceiveAsync(
            new ChannelPlace(Invocations.Tenant, ChannelKind.Queue, "orders"), 10, null, Cancellation);
        MessageRecord message = Assert.Single(DataSteps.Require(received).Items);
        Assert.Equal(1, message.Received);
        DataSteps.Require(await world.Service.Channels.DeleteMessageAsync(
            new ChannelPlace(Invocations.Tenant, ChannelKind.Queue, "orders"), message.Id, Cancellation));
        Assert.Equal(["topic: news", "bus: placed"], await DataSteps.SentAsync(world.Service));
    }

    [Fact]
    public async Task An_execution_changes_items_that_the_tenant_lists()
    {
        await using IDataWorld world = await OpenAsync();
        await DataSteps.CreateDataAsync(world.Service);
        ExecutionRecord ended = await world.RunAsync(DataSteps.Counts);

        Assert.Equal((ExecutionStatus.Succeeded, "\"2\""), (ended.Status, ended.Output));
        Assert.Equal(["""{"id":{"S":"a"},"n":{"N":"2"}}"""], await DataSteps.ItemsAsync(world.Service));
    }

    [Theory]
    [InlineData("sqs:sendMessage", """{"QueueUrl":"none","MessageBody":"x"}""", "SQS.QueueDoesNotExistException")]
    [InlineData("sns:publish", """{"TopicArn":"arn:aws:sns:local:000000000001:none","Message":"x"}""", "SNS.NotFoundException")]
    [InlineData("dynamodb:getItem", """{"TableName":"none","Key":{"id":{"S":"a"}}}""", "DynamoDB.ResourceNotFoundException")]
    [InlineData("s3:getObject", """{"Bucket":"none","Key":"a"}""", "S3.NoSuchBucketException")]
    public async Task What_is_not_there_fails_the_task_as_it_does_at_AWS(string call, string arguments, string error)
    {
        await using IDataWorld world = await OpenAsync();
        ExecutionRecord ended = await world.RunAsync(
            """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::CALL","Arguments":ARGUMENTS,"End":true}}}"""
                .Replace("CALL", call, StringComparison.Ordinal).Replace("ARGUMENTS", arguments, StringComparison.Ordinal));

        Assert.Equal((ExecutionStatus.Failed, error), (ended.Status, ended.Error));
    }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

/// <summary>A service with the real targets.</summary>
internal interface IDataWorld : IAsyncDisposable
{
    LockstepService Service { get; }

    /// <summary>Creates a machine, runs it, and waits for the end.</summary>
    Task<ExecutionRecord> RunAsync(string definition);
}
