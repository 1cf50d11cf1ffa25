using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class ExecutionTests
{
    [Fact]
    public async Task An_execution_is_started_shown_listed_and_its_history_read()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        Answer started = await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e","input":{"n":1.50,"big":12345678901234567890123}}""");
        Assert.Equal(201, started.Code);
        Assert.Equal("/v1/executions/m%3Ae", started.Message.Headers.Location?.OriginalString);
        Assert.Equal("arn:aws:states:local:000000000001:execution:m:e", started.String("executionArn"));

        Answer shown = await host.Anna.GetAsync("/v1/executions/m:e");
        Assert.Equal("SUCCEEDED", shown.String("status"));
        Assert.Equal("""{"n":1.50,"big":12345678901234567890123}""", shown.Json["output"]?.ToString());
        Assert.Equal(shown.Text, (await host.Anna.GetAsync("/v1/executions/m%3Ae")).Text);
        Assert.Equal(shown.Text, (await host.Anna.GetAsync("/v1/executions/" + started.String("executionArn"))).Text);

        Answer history = await host.Anna.GetAsync("/v1/executions/m:e/history");
        Assert.Equal(
            ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"],
            history.Value.Select(entry => ((entry as JsonObject)?["type"] as JsonString)?.Value));
        Assert.Equal("""{"n":1.50,"big":12345678901234567890123}""", (((history.Value[0] as JsonObject)?["executionStartedEventDetails"] as JsonObject)?["input"] as JsonString)?.Value);
    }

    [Fact]
    public async Task A_synchronous_execution_that_goes_on_is_answered_202_with_the_place_to_look()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Wait, "EXPRESS");

        Answer answer = await host.Anna.PostAsync("/v1/state-machines/m/executions/sync", """{"name":"e"}""");

        Assert.Equal((202, "RUNNING"), (answer.Code, answer.String("status")));
        Answer shown = await host.Anna.GetAsync(answer.Message.Headers.Location?.OriginalString ?? "");
        Assert.Equal((200, answer.String("id")), (shown.Code, shown.String("id")));
    }

    [Fact]
    public async Task History_is_paged_reversed_and_shown_without_data()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e","input":"secret-payload"}""");
        Answer first = await host.Anna.GetAsync("/v1/executions/m:e/history?reverse=true&pageSize=3");
        Assert.Equal([4, 3, 2], first.Value.Select(IdOf));
        Answer second = await host.Anna.GetAsync(first.String("nextLink"));
        Assert.Equal([1], second.Value.Select(IdOf));
        Answer without = await host.Anna.GetAsync("/v1/executions/m:e/history?includeData=false");
        Assert.DoesNotContain("secret-payload", without.Text, StringComparison.Ordinal);
        Assert.Equal("reverse", (await host.Anna.GetAsync("/v1/executions/m:e/history?reverse=yes")).String("pointer"));
    }

    [Fact]
    public async Task A_start_is_idempotent_by_name_and_input_while_it_runs()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Wait);
        const string path = "/v1/state-machines/m/executions";
        Answer first = await host.Anna.PostAsync(path, """{"name":"e","input":{"a":1}}""");
        Answer again = await host.Anna.PostAsync(path, """{"name":"e","input":{ "a": 1 }}""");
        Assert.Equal((201, 200), (first.Code, again.Code));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal((409, "ExecutionAlreadyExists"), await host.Anna.ProblemOfPostAsync(path, """{"name":"e","input":{"a":2}}"""));
        Answer unnamed = await host.Anna.PostAsync(path);
        Assert.Equal(201, unnamed.Code);
        Assert.True(Guid.TryParse(unnamed.String("name"), out _));
    }

    [Fact]
    public async Task An_express_execution_answers_when_it_has_ended_also_when_it_failed()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("x", Machines.Fail, "EXPRESS");
        await host.CreateMachineAsync("s", Machines.Pass);
        Answer failed = await host.Anna.PostAsync("/v1/state-machines/x/executions/sync", """{"input":[1]}""");
        Assert.Equal((200, "FAILED", "Sorry", "No"), (failed.Code, failed.String("status"), failed.String("error"), failed.String("cause")));
        Assert.Equal((400, "StateMachineTypeNotSupported"), await host.Anna.ProblemOfPostAsync("/v1/state-machines/s/executions/sync", "{}"));
    }

    [Fact]
    public async Task An_execution_is_stopped_with_error_and_cause_and_stays_stopped()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        Answer stopped = await host.Anna.PostAsync("/v1/executions/m:e/stop", """{"error":"Enough","cause":"Of it"}""");
        Assert.Equal((200, "ABORTED", "Enough", "Of it"), (stopped.Code, stopped.String("status"), stopped.String("error"), stopped.String("cause")));
        Assert.Equal(stopped.Text, (await host.Anna.PostAsync("/v1/executions/m:e/stop")).Text);
        Assert.Equal((404, "ExecutionDoesNotExist"), await host.Anna.ProblemOfPostAsync("/v1/executions/m:x/stop", "{}"));
    }

    [Fact]
    public async Task Lists_are_filtered_by_machine_and_status_newest_first()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("w", Machines.Wait);
        await host.CreateMachineAsync("p", Machines.Pass);
        foreach (string path in new[] { "w/executions", "p/executions", "w/executions" })
        {
            await host.Anna.PostAsync("/v1/state-machines/" + path);
        }

        Assert.Equal(3, (await host.Anna.GetAsync("/v1/executions")).Value.Count);
        Assert.Equal(2, (await host.Anna.GetAsync("/v1/executions?status=RUNNING")).Value.Count);
        Assert.Single((await host.Anna.GetAsync("/v1/executions?stateMachine=p")).Value);
        Assert.Empty((await host.Anna.GetAsync("/v1/executions?stateMachine=none")).Value);
        Assert.Single((await host.Anna.GetAsync("/v1/state-machines/p/executions?status=SUCCEEDED")).Value);
        Answer page = await host.Anna.GetAsync("/v1/executions?status=RUNNING&pageSize=1");
        Assert.Contains("status=RUNNING", page.String("nextLink"), StringComparison.Ordinal);
        Assert.Single((await host.Anna.GetAsync(page.String("nextLink"))).Value);
        string stolen = page.String("nextLink").Replace("status=RUNNING", "status=FAILED", StringComparison.Ordinal);
        Assert.Equal("InvalidToken", (await host.Anna.GetAsync(stolen)).Problem);
    }

    [Theory]
    [InlineData("/v1/executions?status=DONE", "ValidationException", "status")]
    [InlineData("/v1/executions?pageSize=0", "ValidationException", "pageSize")]
    [InlineData("/v1/executions?pageSize=1001", "ValidationException", "pageSize")]
    [InlineData("/v1/executions?pageSize=ten", "ValidationException", "pageSize")]
    [InlineData("/v1/executions?pageToken=abc", "InvalidToken", "pageToken")]
    [InlineData("/v1/executions?pagesize=1", "ValidationException", "pagesize")]
    [InlineData("/v1/executions?status=FAILED&status=RUNNING", "ValidationException", "status")]
    [InlineData("/v1/executions?stateMachine=a%20b", "InvalidName", "stateMachine")]
    [InlineData("/v1/executions/only", "InvalidArn", "id")]
    [InlineData("/v1/executions/arn:aws:states:x:1:y", "InvalidArn", "id")]
    public async Task What_is_wrong_with_a_query_is_said_with_its_place(string path, string code, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.GetAsync(path);
        Assert.Equal((400, code, pointer), (refused.Code, refused.Problem, refused.String("pointer")));
    }

    [Theory]
    [InlineData("""{"nmae":"e"}""", "ValidationException", "/nmae")]
    [InlineData("""{"name":7}""", "ValidationException", "/name")]
    [InlineData("""{"name":""}""", "InvalidName", "/name")]
    [InlineData("""{"name":"a:b"}""", "InvalidName", "/name")]
    [InlineData("""{"input":{"a":1,"a":2}}""", "ValidationException", "/input/a")]
    [InlineData("""[]""", "ValidationException", null)]
    [InlineData("""{"name":"e" """, "ValidationException", "")]
    [InlineData("""nonsense""", "ValidationException", "")]
    public async Task What_is_wrong_with_a_start_is_said_with_its_place(string body, string code, string? pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        Answer refused = await host.Anna.PostAsync("/v1/state-machines/m/executions", body);
        Assert.Equal((400, code, pointer), (refused.Code, refused.Problem, (refused.Json["pointer"] as JsonString)?.Value));
    }

    private static long IdOf(JsonValue entry) =>
        (entry as JsonObject)?["id"] is JsonNumber number && number.TryGetInt64(out long id) ? id : -1;
}
