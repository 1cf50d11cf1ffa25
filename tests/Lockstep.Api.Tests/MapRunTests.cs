using Lockstep.Api.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Api.Tests;

/// <summary>A distributed Map from HTTP to the disk and back: items from an object, results in objects, the map run shown and changed.</summary>
public sealed class MapRunTests : IDisposable
{
    private const string Definition = """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"each","MaxConcurrency":2,"End":true,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":"orders.json"},"ReaderConfig":{"InputType":"JSON"}},
          "ToleratedFailureCount":1,
          "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"data","Prefix":"out"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Ok","States":{
            "Ok":{"Type":"Choice","Choices":[{"Variable":"$.sum","NumericGreaterThan":0,"Next":"Done"}],"Default":"No"},
            "No":{"Type":"Fail","Error":"Empty"},"Done":{"Type":"Pass","End":true}}}}}}
        """;

    private const string Waiting = """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"each","End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-maps-").FullName;

    [Fact]
    public async Task Items_come_from_an_object_and_results_go_to_objects()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        Answer put = await api.Anna.PutAsync("/v1/objects/data/orders.json", """[{"sum":5},{"sum":0},{"sum":7}]""");
        Assert.Equal(200, put.Code);
        Answer ended = await RunAsync(api, Definition, "{}");
        Assert.Equal("SUCCEEDED", ended.String("status"));
        var output = Assert.IsType<JsonObject>(ended.Json["output"]);
        string key = Text((JsonObject?)output["ResultWriterDetails"], "Key");
        JsonObject manifest = (await api.Anna.GetAsync("/v1/objects/data/" + key)).Json;
        Assert.Equal(("data", Text(output, "MapRunArn")), (Text(manifest, "DestinationBucket"), Text(manifest, "MapRunArn")));
        Assert.Equal(["{\"sum\":5}", "{\"sum\":7}"], (await ResultsAsync(api, manifest, "SUCCEEDED")).Select(result => Text(result, "Output")));
        Assert.Equal(["Empty"], (await ResultsAsync(api, manifest, "FAILED")).Select(result => Text(result, "Error")));

        Answer listed = await api.Anna.GetAsync("/v1/map-runs?execution=m:e");
        var only = Assert.IsType<JsonObject>(Assert.Single(listed.Value));
        Answer shown = await api.Anna.GetAsync("/v1/map-runs/" + Uri.EscapeDataString(Text(only, "id")));
        Assert.Equal((only, only), (shown.Json, (await api.Anna.GetAsync("/v1/map-runs/" + Uri.EscapeDataString(Text(only, "mapRunArn")))).Json));
        Assert.Equal(
            JsonValue.Parse("""{"pending":0,"running":0,"succeeded":2,"failed":1,"timedOut":0,"aborted":0,"total":3,"resultsWritten":3,"failuresNotRedrivable":0,"pendingRedrive":0}"""), only["itemCounts"]);
        Assert.Equal((404, 404), ((await api.Bert.GetAsync("/v1/map-runs/" + Uri.EscapeDataString(Text(only, "id")))).Code,
            (await api.Bert.GetAsync("/v1/map-runs?execution=m:e")).Code));
        string child = Uri.EscapeDataString(Text(only, "id") + "-1");
        Assert.Equal(("FAILED", "m/each"), ((await api.Anna.GetAsync("/v1/executions/" + child)).String("status"),
            (await api.Anna.GetAsync("/v1/executions/" + child)).String("stateMachine")));
        Assert.Equal("REDRIVABLE_BY_MAP_RUN", (await api.Anna.GetAsync("/v1/executions/" + child)).String("redriveStatus"));
        Assert.Equal("ConflictException", (await api.Anna.SendAsync("PATCH", "/v1/map-runs/" + Uri.EscapeDataString(Text(only, "id")), """{"maxConcurrency":1}""")).Problem);
    }

    [Fact]
    public async Task A_map_run_is_changed_while_it_runs()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        await StartAsync(api, Waiting, """{"input":[1,2],"name":"e"}""");
        JsonArray runs = JsonArray.Empty;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (runs.Count == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            runs = (await api.Anna.GetAsync("/v1/map-runs?execution=m:e")).Value;
        }

        string path = "/v1/map-runs/" + Uri.EscapeDataString(Text(runs[0] as JsonObject, "id"));
        Answer changed = await api.Anna.SendAsync("PATCH", path, """{"maxConcurrency":3,"toleratedFailurePercentage":12.5}""");
        Assert.Equal((200, "3", "12.5"), (changed.Code, changed.Json["maxConcurrency"]?.ToString(), changed.Json["toleratedFailurePercentage"]?.ToString()));
        foreach (string wrong in (string[])["{}", """{"maxConcurrency":-1}""", """{"toleratedFailurePercentage":101}""", """{"toleratedFailurePercentage":"1"}""", """{"x":1}"""])
        {
            Assert.Equal((400, "ValidationException"), ((await api.Anna.SendAsync("PATCH", path, wrong)).Code, (await api.Anna.SendAsync("PATCH", path, wrong)).Problem));
        }

        Assert.Equal("ResourceNotFound", (await api.Bert.SendAsync("PATCH", path, """{"maxConcurrency":3}""")).Problem);
        Assert.Equal("ValidationException", (await api.Anna.GetAsync("/v1/map-runs")).Problem);
        Assert.Equal("ABORTED", (await api.Anna.PostAsync("/v1/executions/m:e/stop")).String("status"));
    }

    [Fact]
    public async Task Children_are_listed_by_their_map_run()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        await api.Anna.PutAsync("/v1/objects/data/orders.json", """[{"sum":5},{"sum":0},{"sum":7}]""");
        await RunAsync(api, Definition, "{}");
        var run = Assert.IsType<JsonObject>(Assert.Single((await api.Anna.GetAsync("/v1/map-runs?execution=m:e")).Value));
        string list = "/v1/executions?mapRun=" + Uri.EscapeDataString(Text(run, "id"));
        JsonObject[] children = [.. (await api.Anna.GetAsync(list)).Value.OfType<JsonObject>()];
        Assert.Equal(["SUCCEEDED", "FAILED", "SUCCEEDED"], children.Select(child => Text(child, "status")));
        Assert.All(children, child => Assert.Equal((Text(run, "mapRunArn"), "1"), (Text(child, "mapRunArn"), child["itemCount"]?.ToString())));
        Assert.Equal(Text(children[1], "id"), Text((await api.Anna.GetAsync(list + "&status=FAILED&redriveFilter=NOT_REDRIVEN")).Value[0] as JsonObject, "id"));
        Assert.Empty((await api.Anna.GetAsync(list + "&redriveFilter=REDRIVEN")).Value);
        Assert.Empty((await api.Anna.GetAsync(list + "&status=PENDING_REDRIVE")).Value);
        Assert.Equal(children, (await api.Anna.GetAsync("/v1/executions?mapRun=" + Uri.EscapeDataString(Text(run, "mapRunArn")))).Value);
        Answer first = await api.Anna.GetAsync(list + "&pageSize=2");
        Answer second = await api.Anna.GetAsync(first.String("nextLink") is { } next && Uri.TryCreate(next, UriKind.Absolute, out Uri? link) ? link.PathAndQuery : first.String("nextLink") ?? "");
        Assert.Equal((2, 1), (first.Value.Count, second.Value.Count));
        Assert.Equal("ResourceNotFound", (await api.Bert.GetAsync(list)).Problem);
        foreach (string wrong in (string[])[list + "&status=X", list + "&redriveFilter=X", list + "&stateMachine=m", "/v1/executions?redriveFilter=REDRIVEN", "/v1/executions?status=PENDING_REDRIVE"])
        {
            Assert.Equal("ValidationException", (await api.Anna.GetAsync(wrong)).Problem);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IEnumerable<JsonObject>> ResultsAsync(EmbeddedApi api, JsonObject manifest, string status)
    {
        var files = (JsonArray?)((JsonObject?)manifest["ResultFiles"])?[status];
        Answer file = await api.Anna.GetAsync("/v1/objects/data/" + Text(Assert.Single(files ?? JsonArray.Empty) as JsonObject, "Key"));
        return ((JsonArray)JsonValue.Parse(file.Text)).OfType<JsonObject>();
    }

    private static async Task<Answer> RunAsync(EmbeddedApi api, string definition, string input)
    {
        await StartAsync(api, definition, $$"""{"input":{{input}},"name":"e"}""");
        Answer stream = await api.Anna.GetAsync("/v1/executions/m:e/stream");
        Assert.Contains("event: end\n", stream.Text, StringComparison.Ordinal);
        return await api.Anna.GetAsync("/v1/executions/m:e");
    }

    private static async Task StartAsync(EmbeddedApi api, string definition, string start)
    {
        Assert.Equal(201, (await api.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{definition}}}""")).Code);
        Assert.Equal(201, (await api.Anna.PostAsync("/v1/state-machines/m/executions", start)).Code);
    }

    private static string Text(JsonObject? json, string name) => Assert.IsType<JsonString>(json?[name]).Value;
}
