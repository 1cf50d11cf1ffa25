using System.Diagnostics;
using Lockstep.Api.Tests.Support;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tests.Memory;
using Lockstep.TestKit.Telemetry;

namespace Lockstep.Api.Tests;

/// <summary>What is told of requests: routes as they are written, never what a caller sent.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Machine = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""";

    private readonly ServiceTelemetry _telemetry = new(ServiceLimits.Default);

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task An_execution_belongs_to_the_request_that_started_it()
    {
        await using ApiHost api = await ApiHost.StartAsync(telemetry: _telemetry);
        await api.CreateMachineAsync("m", Machine);
        using var recorder = TelemetryRecorder.Of(_telemetry);
        await api.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"n"}""", ("traceparent", TraceParent));
        await ApiHost.UntilAsync(() => !recorder.Spans.IsEmpty);

        Activity request = Assert.Single(recorder.Spans);
        Assert.Equal("POST /v1/state-machines/{name}/executions", request.DisplayName);
        Assert.Equal("b7ad6b7169203331", request.ParentSpanId.ToHexString());
        Assert.Equal(MemoryPlatform.Anna.Value, request.GetTagItem(TelemetryNames.Tenant));
        Assert.Equal(201, request.GetTagItem(TelemetryNames.ResponseStatus));
        Assert.Equal(request.Id, api.Platform.Executions.LastStart?.TraceParent);
    }

    [Fact]
    public async Task Without_a_listener_the_execution_belongs_to_the_caller()
    {
        await using ApiHost api = await ApiHost.StartAsync(telemetry: _telemetry);
        await api.CreateMachineAsync("m", Machine);
        await api.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"n"}""", ("traceparent", TraceParent));

        Assert.Equal(TraceParent, api.Platform.Executions.LastStart?.TraceParent);
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_status_and_neither_paths_nor_keys_are_told()
    {
        await using ApiHost api = await ApiHost.StartAsync(telemetry: _telemetry);
        using var recorder = TelemetryRecorder.Of(_telemetry);
        await api.Anna.GetAsync("/v1/executions/some%3Asecret");
        await api.Nobody.GetAsync("/v1/executions");
        await api.Anna.PostAsync("/there/is/some-secret/here");
        await ApiHost.UntilAsync(() => recorder.Measurements.Count >= 3);

        Assert.Equal(
            ["GET /v1/executions 401", "GET /v1/executions/{id} 404", "_OTHER _OTHER 404"],
            recorder.Measurements.Select(item => string.Join(' ', item.Tags.Values)).Order(StringComparer.Ordinal));
        Assert.All(recorder.Spans.SelectMany(span => span.TagObjects), tag => Assert.DoesNotContain("secret", tag.Value?.ToString(), StringComparison.Ordinal));
        Assert.All(recorder.Spans, span => Assert.DoesNotContain("secret", span.DisplayName, StringComparison.Ordinal));
    }
}
