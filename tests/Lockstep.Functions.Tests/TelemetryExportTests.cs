using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lockstep.Functions.Composition;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lockstep.Functions.Tests;

/// <summary>What leaves the app, as a collector and as Application Insights receive it.</summary>
public sealed class TelemetryExportTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const int PatienceMilliseconds = 20_000;

    [Fact]
    public async Task A_collector_gets_spans_and_metrics()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await TellAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        Assert.Contains("POST /v1/things", receiver.Of("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("lockstep.intents.oldest_age", receiver.Of("/v1/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Application_Insights_gets_what_alerts_and_workbook_ask_for()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await TellAsync(("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={receiver.Address}/"));

        JsonElement[] items = [.. receiver.Of("/v2.1/track").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement request = Assert.Single(items, item => TypeOf(item) == "RequestData");
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", request.GetProperty("tags").GetProperty("ai.operation.id").GetString());
        Assert.Equal("b7ad6b7169203331", request.GetProperty("tags").GetProperty("ai.operation.parentId").GetString());

        // The alert on failed functions takes requests without an address for those that no HTTP request has started.
        Assert.NotEqual("", DataOf(request).GetProperty("url").GetString());
        Assert.Equal("404", DataOf(request).GetProperty("responseCode").GetString());
        JsonElement[] metrics = [.. items.Where(item => TypeOf(item) == "MetricData").Select(DataOf)];
        JsonElement age = Assert.Single(metrics, metric => NameOf(metric) == TelemetryNames.OldestIntent.Name);
        Assert.Equal(90, age.GetProperty("metrics")[0].GetProperty("value").GetDouble());
        JsonElement ended = Assert.Single(metrics, metric => NameOf(metric) == TelemetryNames.EventsPublished.Name);
        Assert.Equal("succeeded", ended.GetProperty("properties").GetProperty("lockstep.execution.status").GetString());
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1:9", true)]
    public void Without_a_destination_nothing_is_listened_to(string collector, bool isObserved)
    {
        using ServiceProvider services = Services(("OTEL_EXPORTER_OTLP_ENDPOINT", collector));
        Assert.Equal(isObserved, services.GetService<MeterProvider>() is not null);
    }

    private static string? TypeOf(JsonElement item) => item.GetProperty("data").GetProperty("baseType").GetString();

    private static JsonElement DataOf(JsonElement item) => item.GetProperty("data").GetProperty("baseData");

    private static string? NameOf(JsonElement metric) => metric.GetProperty("metrics")[0].GetProperty("name").GetString();

    private static async Task TellAsync(params (string Key, string Value)[] settings)
    {
        await using ServiceProvider services = Services(settings);
        foreach (IHostedService hosted in services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        TracerProvider traces = services.GetRequiredService<TracerProvider>();
        MeterProvider metrics = services.GetRequiredService<MeterProvider>();
        using var telemetry = new ServiceTelemetry(ServiceLimits.Default);
        Activity? request = telemetry.BeginRequest("POST", "/v1/things", TraceParent);
        telemetry.RequestEnded(request, "POST", "/v1/things", 404, TimeSpan.FromSeconds(1));
        telemetry.IntentsSwept(TimeSpan.FromSeconds(90));
        telemetry.EventPublished(new Service.Executions.ExecutionKey(TestKit.Drivers.HarnessSteps.Anna, "m:one"), Engine.ExecutionStatus.Succeeded);
        Assert.True(traces.ForceFlush(PatienceMilliseconds));
        Assert.True(metrics.ForceFlush(PatienceMilliseconds));
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        TelemetryExport.Add(services, configuration, ServiceLimits.Default, credential: null);
        return services.BuildServiceProvider();
    }

    /// <summary>Takes everything that is posted to it.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Path, string Body)> _posts = new();

        private Receiver(WebApplication app) => _app = app;

        public string Address => _app.Urls.Single();

        public static async Task<Receiver> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(receiver.TakeAsync);
            await receiver._app.StartAsync();
            return receiver;
        }

        public string Of(string path) => string.Join('\n', _posts.Where(post => post.Path.EndsWith(path, StringComparison.Ordinal)).Select(post => post.Body));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            bool isCompressed = context.Request.Headers.ContentEncoding == "gzip";
            await using Stream body = isCompressed ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
            using var reader = new StreamReader(body, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(context.RequestAborted);
            _posts.Enqueue((context.Request.Path.Value ?? "", text));
            int items = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"itemsReceived":{{items}},"itemsAccepted":{{items}},"errors":[]}""", context.RequestAborted);
        }
    }
}
