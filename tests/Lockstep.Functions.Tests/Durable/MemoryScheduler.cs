using System.Net;
using DurableTask.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>A task hub in memory behind the protocol that the scheduler speaks, at a free port of 127.0.0.1: workers and clients cannot tell it from the scheduler.</summary>
internal sealed class MemoryScheduler : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MemoryScheduler(WebApplication app) => _app = app;

    /// <summary>As of an emulator. The name of the task hub is of no consequence, as there is only one.</summary>
    public string ConnectionString => $"Endpoint={_app.Urls.Single()};Authentication=None;TaskHub=lockstep";

    /// <summary>An empty one.</summary>
    public static async Task<MemoryScheduler> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        var hub = new InMemoryOrchestrationService();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<IOrchestrationService>(hub);
        builder.Services.AddSingleton<IOrchestrationServiceClient>(hub);
        builder.Services.AddSingleton<TaskHubGrpcServer>();
        WebApplication app = builder.Build();
        app.MapGrpcService<TaskHubGrpcServer>();
        await app.StartAsync();
        return new MemoryScheduler(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
