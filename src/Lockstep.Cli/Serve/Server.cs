using System.Collections.Immutable;
using System.Net.Sockets;
using Lockstep.Api.Hosting;
using Lockstep.Cli.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lockstep.Cli.Serve;

/// <summary>
/// The composed server. It takes its port first, then the data folder, then listens, and only then lets executions run: they may call this very
/// server. For the same reason it stops in the reverse order: effects under way, requests under way, telemetry not sent yet, the data folder.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly ServerSurroundings _surroundings;
    private readonly WebApplication _web;
    private readonly TaskCompletionSource _ready;

    private Server(
        ServerSurroundings surroundings, Platform platform, WebApplication web, TaskCompletionSource ready, ImmutableArray<Uri> urls)
    {
        _surroundings = surroundings;
        Platform = platform;
        _web = web;
        _ready = ready;
        Urls = urls;
    }

    /// <summary>The application behind the HTTP surface.</summary>
    public Platform Platform { get; }

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public ImmutableArray<Uri> Urls { get; }

    /// <summary>What development mode has to say; empty otherwise.</summary>
    public IReadOnlyList<string> Announcement { get; private set; } = [];

    /// <summary>Takes the ports, opens the data folder, resumes what was open, and listens.</summary>
    /// <param name="options">What the operator said.</param>
    /// <param name="announce">Shows a line to the person at the terminal.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static async Task<Server> StartAsync(ServeOptions options, Action<string> announce, CancellationToken cancellation)
    {
        var bound = new List<BoundAddress>();
        ServerSurroundings? surroundings = null;
        Platform? platform = null;
        Server? server = null;
        try
        {
            bound.AddRange(options.Urls.Select(BoundAddress.Take));
            options = options.WithOwnAddress(bound[0].Url);
            surroundings = ServerSurroundings.Create(options.Platform, options.Log);
            platform = await Platform.OpenAsync(
                options.Platform,
                TimeProvider.System,
                new OperatorLog(surroundings.Log.CreateLogger("Lockstep.Embedded")),
                surroundings.Export?.Telemetry,
                cancellation);
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            server = new Server(
                surroundings, platform, Compose(options, platform, bound, ready.Task, announce), ready, [.. bound.Select(address => address.Url)]);
            await server.ListenAsync(options, cancellation);
            return server;
        }
        catch
        {
            await ((server as IAsyncDisposable ?? platform)?.DisposeAsync() ?? ValueTask.CompletedTask);
            surroundings?.Dispose();
            bound.ForEach(address => address.Dispose());
            throw;
        }
    }

    /// <summary>Waits for a signal to stop, then stops; completes when nothing is under way any more.</summary>
    public async Task WaitUntilStoppedAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_web.Lifetime.ApplicationStopping.Register(asked.SetResult))
        {
            await asked.Task;
        }

        await Platform.DrainAsync();
        await _web.StopAsync();
        await (_surroundings.Export?.StopAsync() ?? Task.CompletedTask);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await Platform.DisposeAsync();
        _surroundings.Dispose();
    }

    private static WebApplication Compose(
        ServeOptions options, Platform platform, List<BoundAddress> bound, Task ready, Action<string> announce)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        options.Log.Apply(builder.Logging);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Platform.Embedded.Driver.DrainTimeout);
        builder.Services.AddLockstepApi(platform.Service, options.Api);
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket =
            endPoint => bound.First(address => address.EndPoint.Equals(endPoint)).Socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Platform.Limits.MaxRequestBodyBytes;
            foreach (BoundAddress address in bound)
            {
                kestrel.Listen(address.EndPoint);
            }
        });

        WebApplication web = builder.Build();
        if (options.Development is not null)
        {
            SampleEndpoints.Map(web, announce);
        }

        web.MapLockstep().Add(endpoint => endpoint.RequestDelegate = WhenReady(ready, endpoint.RequestDelegate));
        return web;
    }

    // Whoever calls before executions can run waits a moment, instead of meeting half a service.
    private static RequestDelegate? WhenReady(Task ready, RequestDelegate? inner) => inner is null ? null : async context =>
    {
        await ready.WaitAsync(context.RequestAborted);
        await inner(context);
    };

    private async Task ListenAsync(ServeOptions options, CancellationToken cancellation)
    {
        try
        {
            await _web.StartAsync(cancellation);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException { InnerException: SocketException inUse })
        {
            throw BoundAddress.FailureOf(Urls[0], inUse);
        }
        catch (SocketException failure)
        {
            throw BoundAddress.FailureOf(Urls[0], failure);
        }

        await Platform.StartAsync(cancellation);
        if (options.Development is { } keys)
        {
            Announcement = await DevelopmentMode.PrepareAsync(Platform.Service, keys, options.Platform.DataFolder, Urls[0], cancellation);
        }

        _ready.SetResult();
    }
}
