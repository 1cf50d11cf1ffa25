using System.Net.Sockets;
using Lockstep.Api.Hosting;
using Lockstep.Cli.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lockstep.Cli.Serve;

/// <summary>
/// The composed server. It listens only when everything that was open has been resumed, and it stops in the reverse order: no new
/// requests, answers to those under way, turns under way, the data folder.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Platform _platform;
    private readonly WebApplication _web;

    private Server(Platform platform, WebApplication web)
    {
        _platform = platform;
        _web = web;
    }

    /// <summary>The lines that say that the server is ready; the last ones are <c>listening on URL</c>.</summary>
    public IReadOnlyList<string> Announcement { get; private set; } = [];

    /// <summary>The application behind the HTTP surface.</summary>
    public Platform Platform => _platform;

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Opens the data folder, resumes what was open, and listens.</summary>
    public static async Task<Server> StartAsync(ServeOptions options, CancellationToken cancellation)
    {
        Platform platform = await Platform.OpenAsync(options.Platform, cancellation);
        WebApplication web = Compose(options, platform);
        var server = new Server(platform, web);
        try
        {
            await server.ListenAsync(options, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when a signal has asked to stop and all requests are answered.</summary>
    public Task WaitUntilStoppedAsync() => _web.WaitForShutdownAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private static WebApplication Compose(ServeOptions options, Platform platform)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Platform.Driver.DrainTimeout);
        builder.Services.AddLockstepApi(platform.Service, options.Api);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Platform.Limits.MaxRequestBodyBytes;
        });
        builder.WebHost.UseUrls([.. options.Urls.Select(url => url.GetLeftPart(UriPartial.Authority))]);

        WebApplication web = builder.Build();
        web.MapLockstep();
        return web;
    }

    private async Task ListenAsync(ServeOptions options, CancellationToken cancellation)
    {
        try
        {
            await _web.StartAsync(cancellation);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            throw new CommandFailure(
                ExitCode.AddressInUse, $"another process listens on {string.Join(';', options.Urls)}. Stop that one, or name another address with --urls.");
        }
        catch (Exception failure) when (failure is IOException or SocketException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCode.AddressUnusable, $"cannot listen on {string.Join(';', options.Urls)}: {failure.Message}");
        }

        Addresses = [.. _web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
            .Select(address => new Uri(address))];
        var lines = new List<string>();
        if (options.Development is { } keys)
        {
            lines.AddRange(await DevelopmentMode.PrepareAsync(_platform.Service, keys, options.Platform.DataFolder, Addresses[0], cancellation));
        }

        lines.AddRange(Addresses.Select(address => $"listening on {address.GetLeftPart(UriPartial.Authority)}"));
        Announcement = lines;
    }
}
