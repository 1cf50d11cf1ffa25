using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets of a real server, and what a server does without one. Intervals are long: it is the stop that delivers.</summary>
public sealed class TelemetryExportTests
{
    private const int TimeoutMilliseconds = 60_000;
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";
    private const string Secret = "s,ecret";

    private const string Inner = """
        { "StartAt": "Answer", "States": { "Answer": { "Type": "Pass", "End": true } } }
        """;

    private const string Outer = """
        {
          "StartAt": "Call",
          "States": {
            "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step", "ResultPath": null, "Next": "Each" },
            "Each": {
              "Type": "Map",
              "ItemsPath": "$.items",
              "ResultPath": null,
              "ItemProcessor": {
                "StartAt": "Item",
                "States": { "Item": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step", "End": true } }
              },
              "Next": "Nest"
            },
            "Nest": {
              "Type": "Task",
              "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Parameters": { "StateMachineArn": "arn:aws:states:local:000000000001:stateMachine:inner", "Input": {} },
              "End": true
            }
          }
        }
        """;

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Trace_of_the_caller_reaches_through_states_calls_and_nested_executions(string protocol)
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync(grpc: protocol == "grpc");
        await using FunctionHost functions = FunctionHost.Start();
        await using TestServer server = await TestServer.StartAsync(folder, ToCollector(collector.Endpoint, protocol), Rarely);
        string[] given = await RunOuterAsync(server, functions);
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));

        ReceivedSpan[] spans = [.. collector.Spans.Where(span => span.TraceId == Trace)];
        Assert.Equal(
            """
            POST /v1/state-machines/{name}/executions
              execution outer
                state Call
                  call function
                state Each
                  state Item #0
                    call function
                  state Item #1
                    call function
                state Nest
                  call states:startExecution
                    execution inner
                      state Answer

            """,
            TraceTree.Draw(spans, CallersSpan),
            ignoreLineEndingDifferences: true);
        Assert.Equal(
            spans.Where(span => span.Name == "call function").Select(span => $"00-{Trace}-{span.SpanId}-01").Order(), given.Order());
        Assert.All(collector.Spans, span => Assert.Empty(span.Attributes.Keys.Except(TelemetryNames.Attributes.Select(attribute => attribute.Name))));
        Assert.Equal(
            [TelemetryNames.ApiSource, TelemetryNames.ExecutionSource], collector.Spans.Select(span => span.Scope).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Metrics_have_the_names_units_and_dimensions_of_the_list()
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync();
        await using FunctionHost functions = FunctionHost.Start();
        await using TestServer server = await TestServer.StartAsync(folder, ToCollector(collector.Endpoint), Rarely);
        await server.CreateMachineAsync("week", Machines.WaitsForAWeek);
        await server.StartExecutionAsync("week");
        await RunOuterAsync(server, functions);
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));

        Assert.All(collector.Points, point =>
        {
            MetricDefinition metric = TelemetryNames.Metrics.Single(metric => metric.Name == point.Metric);
            Assert.Equal(metric.Unit, point.Unit);
            Assert.Equal(metric.Dimensions.Order(), point.Attributes.Keys.Order());
        });
        Assert.Empty(new[]
        {
            TelemetryNames.ExecutionsStarted, TelemetryNames.ExecutionsEnded, TelemetryNames.ExecutionDuration, TelemetryNames.ExecutionsOpen,
            TelemetryNames.Transitions, TelemetryNames.TasksCalled, TelemetryNames.CallDuration, TelemetryNames.OutgoingDuration,
            TelemetryNames.ApiDuration, TelemetryNames.StoreBatch, TelemetryNames.StoreFlush, TelemetryNames.EventsPublished,
        }.Select(metric => metric.Name).Except(collector.Points.Select(point => point.Metric)));
        Assert.Equal(1, ValueOf(TelemetryNames.ExecutionsStarted, "outer"));
        Assert.Equal(1, ValueOf(TelemetryNames.ExecutionsEnded, "inner"));
        Assert.Equal(5, ValueOf(TelemetryNames.Transitions, "outer"));
        Assert.Equal(3, collector.Points.Single(point => point.Metric == TelemetryNames.OutgoingDuration.Name).Value);
        Assert.Equal(1, collector.Points.Single(point => point.Metric == TelemetryNames.ExecutionsOpen.Name).Value);
        Assert.Equal(86_400, collector.Points.First(point => point.Metric == TelemetryNames.ExecutionDuration.Name).Boundaries[^1]);

        double ValueOf(MetricDefinition metric, string machine) => collector.Points
            .Where(point => point.Metric == metric.Name && point.Attributes[TelemetryNames.StateMachine] == machine).Sum(point => point.Value);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Service_is_described_and_credentials_go_to_the_collector_only()
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync();
        Dictionary<string, string?> environment = ToCollector(collector.Endpoint);
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=one, x-api-key=s%2Cecret";
        environment["OTEL_SERVICE_NAME"] = "orders";
        environment["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=ignored,deployment.environment.name=test%20bed";
        await using TestServer server = await TestServer.StartAsync(folder, environment, [.. Rarely, "--set", "Lockstep:LogLevel=Trace"]);
        await server.CreateMachineAsync("inner", Inner);
        await server.WaitForEndAsync(await server.StartExecutionAsync("inner"));
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["/otlp/v1/metrics", "/otlp/v1/traces"], collector.Requests.Select(request => request.Path).Distinct().Order());
        Assert.All(collector.Requests, request =>
        {
            Assert.Equal("one", request.Headers["x-tenant"]);
            Assert.Equal(Secret, request.Headers["x-api-key"]);
        });
        Assert.All(collector.Resources, resource =>
        {
            Assert.Equal("orders", resource["service.name"]);
            Assert.Equal("test bed", resource["deployment.environment.name"]);
            Assert.NotEmpty(resource["service.version"]);
            Assert.NotEmpty(resource["service.instance.id"]);
        });
        foreach (string text in (string[])[Secret, "s%2Cecret"])
        {
            Assert.DoesNotContain(text, server.Process.Error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(text, server.Process.Output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("always_off", null)]
    [InlineData("parentbased_traceidratio", "0")]
    public async Task Trace_that_is_not_sampled_has_no_spans_and_the_callee_is_told_so(string sampler, string? ratio)
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync();
        await using FunctionHost functions = FunctionHost.Start();
        Dictionary<string, string?> environment = ToCollector(collector.Endpoint);
        environment["OTEL_TRACES_SAMPLER"] = sampler;
        environment["OTEL_TRACES_SAMPLER_ARG"] = ratio;
        await using TestServer server = await TestServer.StartAsync(folder, environment, Rarely);
        string[] given = await RunOuterAsync(server, functions, traceParent: null);
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));

        Assert.Empty(collector.Spans);
        Assert.NotEmpty(collector.Points);
        Assert.All(given, traceParent => Assert.EndsWith("-00", traceParent, StringComparison.Ordinal));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Full_queue_drops_spans_and_says_how_many()
    {
        using var folder = new TemporaryFolder();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Collector collector = await Collector.StartAsync(answer: async cancellation =>
        {
            await ended.Task.WaitAsync(cancellation);
            return 200;
        });
        await using TestServer server = await TestServer.StartAsync(
            folder, ToCollector(collector.Endpoint), [.. Rarely, "--set", "Lockstep:Telemetry:MaxQueuedSpans=2"]);
        await server.CreateMachineAsync("inner", Inner);
        for (int run = 0; run < 5; run++)
        {
            Assert.Equal("SUCCEEDED", (string?)(await server.WaitForEndAsync(await server.StartExecutionAsync("inner")))["status"]);
        }

        ended.SetResult();
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));

        // The span of the last stream may end only when the queue has room again.
        Assert.InRange(collector.Spans.Count, 2, 3);
        Assert.Equal(1, WarningsOf(server, "2 spans wait for the collector"));
        Assert.Equal(1, WarningsOf(server, "spans were dropped since the start"));
        Assert.Equal(0, WarningsOf(server, "does not take"));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Telemetry_comes_while_the_server_runs()
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync();
        await using TestServer server = await TestServer.StartAsync(
            folder,
            "--set",
            "Lockstep:Telemetry:Endpoint=" + collector.Endpoint,
            "--set",
            "Lockstep:Telemetry:SpanIntervalMs=1",
            "--set",
            "Lockstep:Telemetry:MetricIntervalMs=100");
        await server.CreateMachineAsync("inner", Inner);

        await collector.BothCame.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Collector_that_is_away_stops_no_execution_and_is_reported_once()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            folder, ToCollector($"http://127.0.0.1:{ClosedPort()}"), "--set", "Lockstep:Telemetry:SpanIntervalMs=1", "--set", "Lockstep:Telemetry:MaxQueuedSpans=1");
        await server.CreateMachineAsync("inner", Inner);
        for (int run = 0; run < 20; run++)
        {
            Assert.Equal("SUCCEEDED", (string?)(await server.WaitForEndAsync(await server.StartExecutionAsync("inner")))["status"]);
        }

        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, WarningsOf(server, "does not take spans"));
        Assert.Equal(1, WarningsOf(server, "does not take metrics"));
        Assert.Contains("ConnectionError", server.Process.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Collector_that_never_answers_holds_no_stop_up()
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync(answer: async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return 200;
        });
        await using TestServer server = await TestServer.StartAsync(
            folder, ToCollector(collector.Endpoint), "--set", "Lockstep:Telemetry:TimeoutMs=600000", "--set", "Lockstep:Telemetry:FlushTimeoutMs=100");
        await server.CreateMachineAsync("inner", Inner);
        await server.WaitForEndAsync(await server.StartExecutionAsync("inner"));

        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, WarningsOf(server, "did not take all telemetry within 100 ms"));
    }

    private static string[] Rarely { get; } =
        ["--set", "Lockstep:Telemetry:SpanIntervalMs=600000", "--set", "Lockstep:Telemetry:MetricIntervalMs=3600000", "--set", "Lockstep:Telemetry:FlushTimeoutMs=30000"];

    private static Dictionary<string, string?> ToCollector(string endpoint, string? protocol = null) =>
        new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol };

    private static int ClosedPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }

    private static int WarningsOf(TestServer server, string text) => server.Process.Error.Split('\n').Count(line =>
        line.Contains("\"Warning\"", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal));

    /// <summary>Runs the outer machine to its end, called with a traceparent; answers with those that its function got.</summary>
    private static async Task<string[]> RunOuterAsync(
        TestServer server, FunctionHost functions, string? traceParent = $"00-{Trace}-{CallersSpan}-01")
    {
        await server.PutAsync("v1/functions/step", new JsonObject { ["url"] = functions.Url });
        await server.CreateMachineAsync("inner", Inner);
        await server.CreateMachineAsync("outer", Outer);
        if (traceParent is not null)
        {
            server.Client.DefaultRequestHeaders.Add("traceparent", traceParent);
        }

        string id = await server.StartExecutionAsync("outer", input: new JsonObject { ["items"] = new JsonArray(1, 2) });
        server.Client.DefaultRequestHeaders.Remove("traceparent");
        var given = new List<string>();
        for (int call = 0; call < 3; call++)
        {
            FunctionCall called = await functions.NextAsync();
            given.Add(called.Header("traceparent") ?? "none");
            await called.AnswerAsync(new JsonObject());
        }

        JsonNode execution = await server.WaitForEndAsync(id);
        Assert.Equal("SUCCEEDED", (string?)execution["status"]);
        return [.. given];
    }
}
