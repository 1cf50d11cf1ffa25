using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>A collector on a loopback port that keeps all it is sent, over OTLP in one of its two forms.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int GrpcPrefixBytes = 5;
    private const string BasePath = "/otlp";

    private readonly TaskCompletionSource _spans = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _points = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly WebApplication _web;
    private readonly bool _grpc;
    private readonly Func<CancellationToken, Task<int>> _answer;

    private Collector(WebApplication web, bool grpc, Func<CancellationToken, Task<int>> answer)
    {
        _web = web;
        _grpc = grpc;
        _answer = answer;
    }

    /// <summary>The base address; over http/protobuf it has a path, as that of some vendors.</summary>
    public string Endpoint => _web.Urls.Single() + (_grpc ? "" : BasePath + "/");

    /// <summary>Completes when spans and metrics have come.</summary>
    public Task BothCame => Task.WhenAll(_spans.Task, _points.Task);

    /// <summary>Paths and header fields of all requests.</summary>
    public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, string> Headers)> Requests { get; } = new();

    /// <summary>Bodies of all requests as they came.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    public ConcurrentQueue<ReceivedPoint> Points { get; } = new();

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Resources { get; } = new();

    /// <summary>Listens. Without an answer of its own it takes everything.</summary>
    /// <param name="grpc">Whether it speaks gRPC and not http/protobuf.</param>
    /// <param name="answer">Gives the status of an answer; is told when the client goes.</param>
    public static async Task<Collector> StartAsync(bool grpc = false, Func<CancellationToken, Task<int>>? answer = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        WebApplication web = builder.Build();
        var collector = new Collector(web, grpc, answer ?? (_ => Task.FromResult(StatusCodes.Status200OK)));
        web.Run(collector.TakeAsync);
        await web.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string path = context.Request.Path.Value ?? "";
        Requests.Enqueue((path, context.Request.Headers.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        Bodies.Enqueue(body.ToArray());
        int status = await _answer(context.RequestAborted);
        if (status == StatusCodes.Status200OK)
        {
            Keep(path, ProtobufMessage.Parse(body.ToArray().AsMemory(_grpc ? GrpcPrefixBytes : 0)));
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = _grpc ? "application/grpc" : "application/x-protobuf";
        if (_grpc)
        {
            await context.Response.Body.WriteAsync(new byte[GrpcPrefixBytes], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private void Keep(string path, ProtobufMessage request)
    {
        foreach (ProtobufMessage resource in request.Messages(1))
        {
            Resources.Enqueue(OtlpAttributes.Of(resource.Messages(1).Single(), 1));
        }

        switch (path)
        {
            case BasePath + "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export":
                foreach (ReceivedSpan span in ReceivedSpan.In(request))
                {
                    Spans.Enqueue(span);
                }

                _spans.TrySetResult();
                break;
            case BasePath + "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export":
                foreach (ReceivedPoint point in ReceivedPoint.In(request))
                {
                    Points.Enqueue(point);
                }

                _points.TrySetResult();
                break;
            default:
                throw new InvalidOperationException($"{path} is no path of OTLP.");
        }
    }
}
