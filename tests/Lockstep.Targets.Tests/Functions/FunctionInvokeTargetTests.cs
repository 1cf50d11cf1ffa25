using Lockstep.Asl.Resources;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Functions;

public sealed class FunctionInvokeTargetTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    [Fact]
    public async Task The_result_comes_wrapped_as_the_sdk_shows_it()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, """{"total":1.50}""", ("X-Secret", "not for histories"));

        TaskOutcome outcome = await InvokeAsync(server, """{"FunctionName":"price","Payload":{"sku":"a"}}""");

        JsonObject output = Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);
        Assert.Equal(["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"], output.Select(member => member.Name));
        Assert.Equal("\"$LATEST\"", output["ExecutedVersion"]?.ToString());
        Assert.Equal("""{"total":1.50}""", output["Payload"]?.ToString());
        Assert.Equal("200", output["StatusCode"]?.ToString());
        JsonObject http = Assert.IsType<JsonObject>(output["SdkHttpMetadata"]);
        Assert.Equal(["AllHttpHeaders", "HttpHeaders", "HttpStatusCode"], http.Select(member => member.Name));
        Assert.Equal("[\"application/json\"]", (http["AllHttpHeaders"] as JsonObject)?["Content-Type"]?.ToString());
        Assert.Equal("\"application/json\"", (http["HttpHeaders"] as JsonObject)?["Content-Type"]?.ToString());
        Assert.DoesNotContain("X-Secret", output.ToString());
        Assert.Equal("""{"sku":"a"}""", server.Received.Single().Body);
        Assert.Equal("RequestResponse", server.Received.Single().Headers["X-Amz-Invocation-Type"]);
    }

    [Theory]
    [InlineData("price", "/")]
    [InlineData("price:3", "/?Qualifier=3")]
    [InlineData("111111111111:function:price", "/")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:price", "/")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:price:live", "/?Qualifier=live")]
    public async Task A_function_may_be_named_in_every_way_that_lambda_knows(string name, string target)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        Assert.IsType<TaskAnswered>(await InvokeAsync(server, $$"""{"FunctionName":"{{name}}"}"""));

        Assert.Equal(target, server.Received.Single().Target);
        Assert.Equal("{}", server.Received.Single().Body);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"FunctionName":5}""")]
    [InlineData("""{"FunctionName":""}""")]
    [InlineData("""{"FunctionName":"a:b:c"}""")]
    [InlineData("""{"FunctionName":"arn:aws:states:::lambda:invoke"}""")]
    [InlineData("""{"FunctionName":"price","InvocationType":"DryRun"}""")]
    [InlineData("""{"FunctionName":"price","Qualifier":7}""")]
    public async Task Parameters_that_cannot_be_used_are_refused_without_a_call(string parameters)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, parameters));

        Assert.Equal("States.Runtime", refused.Error);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task An_event_answers_with_its_acceptance_alone()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(202, "");

        TaskOutcome outcome = await InvokeAsync(
            server, """{"FunctionName":"price","InvocationType":"Event","ClientContext":"Zm9v","LogType":"Tail","Qualifier":"live"}""");

        JsonObject output = Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);
        Assert.Equal("\"\"", output["Payload"]?.ToString());
        Assert.Equal("202", output["StatusCode"]?.ToString());
        Assert.False(output.Contains("ExecutedVersion"));
        ReceivedRequest request = server.Received.Single();
        Assert.Equal("Event", request.Headers["X-Amz-Invocation-Type"]);
        Assert.Equal("Zm9v", request.Headers["X-Amz-Client-Context"]);
        Assert.Equal("Tail", request.Headers["X-Amz-Log-Type"]);
        Assert.Equal("/?Qualifier=live", request.Target);
    }

    [Theory]
    [InlineData(IntegrationPattern.RequestResponse, TaskFailureStage.Run)]
    [InlineData(IntegrationPattern.WaitForTaskToken, TaskFailureStage.Submit)]
    public async Task A_failure_tells_how_far_the_task_had_come(IntegrationPattern pattern, TaskFailureStage stage)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(500, """{"errorType":"Exception","errorMessage":"m"}""");

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, """{"FunctionName":"price"}""", pattern));

        Assert.Equal("Exception", refused.Error);
        Assert.Equal("""{"errorType":"Exception","errorMessage":"m"}""", refused.Cause);
        Assert.Equal(stage, refused.Stage);
    }

    [Fact]
    public async Task A_result_larger_than_a_payload_is_refused_by_the_name_of_the_service()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, $"\"{new string('a', 257 * 1024)}\"");

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, """{"FunctionName":"price"}"""));

        Assert.Equal("States.DataLimitExceeded", refused.Error);
        Assert.Equal("The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.", refused.Cause);
    }

    [Fact]
    public async Task An_unknown_function_is_named_by_the_arn_it_would_have()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, """{"FunctionName":"nobody"}"""));

        Assert.Equal("Lambda.ResourceNotFoundException", refused.Error);
        Assert.StartsWith("Function not found: arn:aws:lambda:local:000000000001:function:nobody (", refused.Cause);
    }

    private static async Task<TaskOutcome> InvokeAsync(
        LoopbackServer server, string parameters, IntegrationPattern pattern = IntegrationPattern.RequestResponse)
    {
        using OutgoingHttp http = FunctionTargetTests.Http(Development);
        var target = new FunctionInvokeTarget(MemoryFunctionStore.With("price", server.Url), http, Development);
        return await target.InvokeAsync(Invocations.OfService("lambda", "invoke", parameters, pattern), TestContext.Current.CancellationToken);
    }
}
