using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Embedded.Hosting;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Channels;
using Lockstep.Service.Definitions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tests.Memory;
using Lockstep.Targets;
using Microsoft.AspNetCore.Builder;

namespace Lockstep.Api.Tests.Support;

/// <summary>The API over the durable service in a data folder; opened again on the same folder it goes on where it stopped.</summary>
internal sealed class EmbeddedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmbeddedHost _embedded;

    private readonly LockstepService _service;

    private EmbeddedApi(WebApplication app, EmbeddedHost embedded, LockstepService service)
    {
        _service = service;
        _app = app;
        _embedded = embedded;
        Anna = ApiHost.ClientOf(ApiHost.AddressOf(app), "annas-key");
        Bert = ApiHost.ClientOf(ApiHost.AddressOf(app), "berts-key");
        Nobody = ApiHost.ClientOf(ApiHost.AddressOf(app), null);
    }

    public TestClient Anna { get; }

    public TestClient Bert { get; }

    public TestClient Nobody { get; }

    public static async Task<EmbeddedApi> OpenAsync(string folder)
    {
        ServiceLimits limits = ServiceLimits.Default;
        TimeProvider time = TimeProvider.System;
        var compiler = new DefinitionCompiler(ResourceCatalog.Permissive, limits);
        CompiledMachine Compile(StateMachineRecord machine) =>
            compiler.Compile(machine.Definition, machine.Type).Machine ?? throw new UnreachableException("It compiled when it was stored.");
        EmbeddedHost embedded = EmbeddedHost.Open(folder, new EmbeddedSetup(new EmbeddedOptions(), time, Compile));
        ServiceKeys keys = await ServiceKeys.LoadAsync(embedded.SigningKeys, time, CancellationToken.None);
        var ports = embedded.PortsWith(ResourceCatalog.Permissive);
        var service = new LockstepService(ports, keys, limits, new ServiceSettings(), time);
        await embedded.StartAsync(new TaskTokens(keys.TaskTokens, limits), new MapsAlone(embedded, limits, time), CancellationToken.None);
        await service.ApiKeys.AdoptAsync(MemoryPlatform.Anna, "annas-key", CancellationToken.None);
        await service.ApiKeys.AdoptAsync(MemoryPlatform.Bert, "berts-key", CancellationToken.None);
        return new EmbeddedApi(await ApiHost.ServeAsync(service, new ApiOptions { LimitRate = false }, new LogLines()), embedded, service);
    }

    /// <summary>Sends a message as a task would.</summary>
    public async Task SendAsync(ChannelPlace place, int number)
    {
        string id = new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]).ToString();
        JsonObject content = JsonObject.Of("body", JsonString.Of(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True((await _service.Channels.SendAsync(place, [new NewMessage(id, content)], CancellationToken.None)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        Anna.Dispose();
        Bert.Dispose();
        Nobody.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _embedded.DisposeAsync();
    }

    /// <summary>Serves what map runs call, and nothing else.</summary>
    private sealed class MapsAlone(EmbeddedHost embedded, ServiceLimits limits, TimeProvider time) : ITaskTargets, ITaskTarget
    {
        private TaskTargetRegistry? _maps;

        public ITaskTarget? Find(TaskResource resource)
        {
            _maps ??= new TaskTargetRegistry(this, [], new MapRunTargets(embedded.MapRuns, embedded.Objects, limits, time));
            return resource.Kind == ResourceKind.Service ? _maps.Find(resource) : null;
        }

        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
            throw new InvalidOperationException("No function is served.");
    }
}
