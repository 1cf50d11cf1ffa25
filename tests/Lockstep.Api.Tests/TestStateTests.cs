using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Limits;
using Lockstep.Service.Targets;

namespace Lockstep.Api.Tests;

/// <summary><c>POST /v1/test-state</c>: what it takes, what it answers, and how many may be under way.</summary>
public sealed class TestStateTests
{
    private const string Path = "/v1/test-state";

    private const string Call = """{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}""";

    [Fact]
    public async Task Shows_what_the_state_does()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer answer = await host.Anna.PostAsync(Path, """
            {"definition":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$.p"},
               "OutputPath":"$.Payload","Next":"B"},
             "input":{"p":1.50},"inspectionLevel":"DEBUG","mock":{"result":{"Payload":7,"StatusCode":200}}}
            """);
        Assert.Equal(200, answer.Code);
        Assert.Equal(
            """{"status":"SUCCEEDED","nextState":"B","output":7,"inspectionData":{"input":{"p":1.50},"afterInputPath":{"p":1.50},"afterParameters":{"FunctionName":"f","Payload":1.50},"result":{"Payload":7,"StatusCode":200},"afterResultSelector":{"Payload":7,"StatusCode":200},"afterResultPath":{"Payload":7,"StatusCode":200}}}""",
            answer.Text);
    }

    [Fact]
    public async Task A_failure_of_the_state_is_no_failure_of_the_request()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer answer = await host.Anna.PostAsync(Path, $$"""
            {"definition":{{Call}},"mock":{"errorOutput":{"error":"Busy","cause":"later"} },"stateConfiguration":{"retrierRetryCount":1} }
            """);
        Assert.Equal((200, """{"status":"FAILED","error":"Busy","cause":"later"}"""), (answer.Code, answer.Text));
    }

    [Theory]
    [InlineData("""{}""", "ValidationException", "/definition")]
    [InlineData("""{"definition":{"Type":"Pass"}}""", "InvalidDefinition", "/definition")]
    [InlineData("""{"definition":"{","inspectionLevel":"INFO"}""", "InvalidDefinition", "/definition")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"inspectionLevel":"debug"}""", "ValidationException", "/inspectionLevel")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"revealSecrets":"no"}""", "ValidationException", "/revealSecrets")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"variables":[]}""", "ValidationException", "/variables")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"roleArn":"me"}""", "InvalidArn", "/roleArn")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"stateName":""}""", "ValidationException", "/stateName")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"mock":{}}""", "ValidationException", "/mock/result")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"mock":{"result":1,"errorOutput":{"error":"E"}}}""", "ValidationException", "/mock/result")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"mock":{"errorOutput":{"cause":"c"}}}""", "ValidationException", "/mock/errorOutput/error")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"mock":{"result":1,"mode":"NONE"}}""", "ValidationException", "/mock/mode")]
    [InlineData("""{"definition":{"Type":"Pass","End":true},"stateConfiguration":{"retrierRetryCount":"1"}}""", "ValidationException", "/stateConfiguration/retrierRetryCount")]
    public async Task Says_what_is_wrong_with_a_request(string body, string code, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer answer = await host.Anna.PostAsync(Path, body);
        Assert.Equal((400, code, pointer), (answer.Code, answer.Problem, answer.String("pointer")));
    }

    [Fact]
    public async Task Says_what_cannot_be_tested()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer answer = await host.Anna.PostAsync(Path, """{"definition":{"Type":"Pass","End":true},"mock":{"result":1}}""");
        Assert.Equal(
            (400, "ValidationException", "State type 'Pass' is not supported when a mock is specified"), (answer.Code, answer.Problem, answer.String("detail")));
        answer = await host.Anna.PostAsync(Path, $$"""{"definition":{{Call}},"mock":{"result":{"StatusCode":"200"} } }""");
        Assert.Equal("Mock result schema validation error: Field 'StatusCode' must be a number", answer.String("detail"));
    }

    [Fact]
    public async Task Only_so_many_calls_of_a_tenant_are_under_way()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxStateTestsPerTenant = 1, MaxStateTests = 2 });
        var answers = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Platform.Targets.Serve = async (_, _) => await answers.Task;
        string body = $$"""{"definition":{{Call}}}""";
        Task<Answer> annas = host.Anna.PostAsync(Path, body);
        await ApiHost.UntilAsync(() => host.Surroundings.Bounds.StateTests.Taken == 1);
        Assert.Equal((429, "ThrottlingException"), await host.Anna.ProblemOfPostAsync(Path, body));
        Assert.Equal(200, (await host.Anna.PostAsync(Path, $$"""{"definition":{{Call}},"mock":{"result":{} } }""")).Code);
        Task<Answer> berts = host.Bert.PostAsync(Path, body);
        await ApiHost.UntilAsync(() => host.Surroundings.Bounds.StateTests.Taken == 2);
        answers.SetResult(new TaskAnswered(JsonNumber.Of(1)));
        Assert.Equal((200, 200), ((await annas).Code, (await berts).Code));
        Assert.Equal(200, (await host.Anna.PostAsync(Path, body)).Code);
    }
}
