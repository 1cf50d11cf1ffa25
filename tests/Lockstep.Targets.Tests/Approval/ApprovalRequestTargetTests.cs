using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;
using Lockstep.Targets.Approval;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.Targets.Tests.Functions;

namespace Lockstep.Targets.Tests.Approval;

public sealed class ApprovalRequestTargetTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true, PublicUrl = new Uri("https://lockstep.example/base/") };

    [Theory]
    [InlineData("FunctionName", "price")]
    [InlineData("WebhookUrl", null)]
    public async Task The_link_goes_to_the_receiver_and_nowhere_else(string receiver, string? name)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        TaskOutcome outcome = await InvokeAsync(
            server, $$"""{"Title":"Pay 5,000?","Message":"m","Details":{"order":7},"{{receiver}}":"{{name ?? server.Url.ToString()}}"}""");

        Assert.Equal("""{"Requested":true,"StatusCode":200}""", Assert.IsType<TaskAnswered>(outcome).Output.ToString());
        ReceivedRequest request = server.Received.Single();
        Assert.Equal(
            """
            {"title":"Pay 5,000?","message":"m","details":{"order":7},
            "link":"https://lockstep.example/base/v1/callbacks/approve?token=token-of-the-attempt","executionId":"orders:first"}
            """.ReplaceLineEndings(""),
            request.Body);
        Assert.Equal("orders:first/1/0/3/2", request.Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("https://a.example", "t", "https://a.example/v1/callbacks/approve?token=t")]
    [InlineData("https://a.example/x", "t", "https://a.example/x/v1/callbacks/approve?token=t")]
    [InlineData("https://a.example/x/?y=z", "a+b/c=", "https://a.example/x/v1/callbacks/approve?token=a%2Bb%2Fc%3D")]
    public void The_link_is_built_on_the_public_address(string root, string token, string link) =>
        Assert.Equal(link, ApprovalRequestTarget.LinkOf(new Uri(root), token));

    [Fact]
    public async Task Without_a_public_address_there_is_no_link_to_send()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        TaskOutcome outcome = await InvokeAsync(server, """{"Title":"t","FunctionName":"price"}""", Development with { PublicUrl = null });

        TaskRefused refused = Assert.IsType<TaskRefused>(outcome);
        Assert.Equal("Approval.NoPublicUrl", refused.Error);
        Assert.Contains("Lockstep:Targets:PublicUrl", refused.Cause);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("""{"FunctionName":"price"}""")]
    [InlineData("""{"Title":"t"}""")]
    [InlineData("""{"Title":"t","FunctionName":"price","WebhookUrl":"https://a.example"}""")]
    [InlineData("""{"Title":"t","WebhookUrl":"nowhere"}""")]
    [InlineData("""{"Title":"t","Message":1,"FunctionName":"price"}""")]
    public async Task Parameters_that_cannot_be_used_are_refused_without_a_call(string parameters)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        Assert.Equal("States.Runtime", Assert.IsType<TaskRefused>(await InvokeAsync(server, parameters)).Error);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("FunctionName", "Lambda.Unknown")]
    [InlineData("WebhookUrl", "States.Http.StatusCode.400")]
    public async Task A_receiver_that_refuses_fails_the_submission(string receiver, string error)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(400, "");
        string value = receiver == "FunctionName" ? "price" : server.Url.ToString();

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, $$"""{"Title":"t","{{receiver}}":"{{value}}"}"""));

        Assert.Equal(error, refused.Error);
        Assert.Equal(Lockstep.Engine.Stimuli.TaskFailureStage.Submit, refused.Stage);
    }

    private static async Task<TaskOutcome> InvokeAsync(LoopbackServer server, string parameters, TargetOptions? options = null)
    {
        options ??= Development;
        using OutgoingHttp http = FunctionTargetTests.Http(options);
        var target = new ApprovalRequestTarget(MemoryFunctionStore.With("price", server.Url), http, options);
        return await target.InvokeAsync(
            Invocations.OfService("approval", "request", parameters, IntegrationPattern.WaitForTaskToken), TestContext.Current.CancellationToken);
    }
}
