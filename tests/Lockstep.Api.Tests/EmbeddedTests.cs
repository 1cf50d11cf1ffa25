using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

/// <summary>From HTTP to the disk and back: what the tests on the platform in memory show holds on the durable one.</summary>
public sealed class EmbeddedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-api-").FullName;

    [Fact]
    public async Task An_execution_is_followed_to_its_end_and_read_back_whole()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        await CreateAsync(api, "m", Machines.Pass);
        Answer started = await api.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e","input":{"n":1.50}}""");
        Assert.Equal(201, started.Code);
        Answer stream = await api.Anna.GetAsync("/v1/executions/m:e/stream");
        Assert.Contains("event: end\n", stream.Text, StringComparison.Ordinal);

        Answer shown = await api.Anna.GetAsync("/v1/executions/m:e");
        Assert.Equal(("SUCCEEDED", """{"n":1.50}"""), (shown.String("status"), shown.Json["output"]?.ToString()));
        Answer forward = await api.Anna.GetAsync("/v1/executions/m:e/history?pageSize=3");
        Answer rest = await api.Anna.GetAsync(forward.String("nextLink"));
        Answer backward = await api.Anna.GetAsync("/v1/executions/m:e/history?reverse=true");
        Assert.Equal(backward.Value.Reverse(), forward.Value.Concat(rest.Value));
        Assert.Equal(4, backward.Value.Count);

        var events = Assert.IsType<JsonArray>(JsonValue.Parse((await api.Anna.GetAsync("/v1/events")).Text));
        Assert.Equal(
            ["lockstep.execution.started", "lockstep.execution.succeeded"], events.Select(entry => ((entry as JsonObject)?["type"] as JsonString)?.Value));
        Assert.Equal("[]", (await api.Bert.GetAsync("/v1/events")).Text);
        Assert.Equal(404, (await api.Bert.GetAsync("/v1/executions/m:e")).Code);
        Assert.Equal(409, (await api.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e","input":{"n":1.50}}""")).Code);
    }

    [Fact]
    public async Task A_task_that_a_worker_took_before_a_restart_is_reported_after_it()
    {
        string token;
        await using (EmbeddedApi before = await EmbeddedApi.OpenAsync(_folder))
        {
            await CreateAsync(before, "m", Machines.Work);
            await before.Anna.PostAsync("/v1/activities", """{"name":"work"}""");
            await before.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
            Answer again = await before.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
            Assert.Equal(200, again.Code);
            Answer task = await before.Anna.PostAsync("/v1/activities/work/poll", """{"workerName":"w"}""");
            Assert.Equal(200, task.Code);
            token = task.String("taskToken");
        }

        await using EmbeddedApi after = await EmbeddedApi.OpenAsync(_folder);
        Assert.Equal("RUNNING", (await after.Anna.GetAsync("/v1/executions/m:e")).String("status"));
        Assert.Equal(204, (await after.Nobody.PostAsync($"/v1/tasks/{token}/success", """{"output":"done"}""")).Code);
        Assert.Contains("event: end\n", (await after.Anna.GetAsync("/v1/executions/m:e/stream")).Text, StringComparison.Ordinal);
        Assert.Equal("\"done\"", (await after.Anna.GetAsync("/v1/executions/m:e")).Json["output"]?.ToString());
        Assert.Equal(410, (await after.Nobody.PostAsync($"/v1/tasks/{token}/success", """{"output":"again"}""")).Code);
    }

    [Fact]
    public async Task Machines_are_changed_by_revision_and_lists_followed_by_link()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        Answer created = await CreateAsync(api, "m", Machines.Wait);
        string etag = created.Message.Headers.ETag?.ToString() ?? "";
        Assert.Equal(412, (await api.Anna.PutAsync("/v1/state-machines/m", $$"""{"definition":{{Machines.Pass}}}""", ("If-Match", "\"no\""))).Code);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await api.Anna.PostAsync("/v1/state-machines/m/executions", $$"""{"name":"e{{i}}"}""")).Code);
        }

        Assert.Equal(200, (await api.Anna.PutAsync("/v1/state-machines/m", $$"""{"definition":{{Machines.Pass}}}""", ("If-Match", etag))).Code);
        Assert.Equal("ABORTED", (await api.Anna.PostAsync("/v1/executions/m:e2/stop", """{"error":"Enough"}""")).String("status"));
        List<string?> names = [];
        string? link = "/v1/executions?status=RUNNING&stateMachine=m&pageSize=3";
        while (link is not null)
        {
            Answer page = await api.Anna.GetAsync(link);
            names.AddRange(page.Value.Select(entry => ((entry as JsonObject)?["name"] as JsonString)?.Value));
            link = (page.Json["nextLink"] as JsonString)?.Value;
        }

        Assert.Equal(["e4", "e3", "e1", "e0"], names);
        Assert.Empty((await api.Bert.GetAsync("/v1/executions")).Value);
        Assert.Equal(204, (await api.Anna.DeleteAsync("/v1/state-machines/m")).Code);
        Assert.Equal(404, (await api.Anna.PostAsync("/v1/state-machines/m/executions")).Code);
        Assert.Equal("RUNNING", (await api.Anna.GetAsync("/v1/executions/m:e0")).String("status"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<Answer> CreateAsync(EmbeddedApi api, string name, string definition)
    {
        Answer created = await api.Anna.PostAsync("/v1/state-machines", $$"""{"name":"{{name}}","definition":{{definition}}}""");
        Assert.Equal(201, created.Code);
        return created;
    }
}
