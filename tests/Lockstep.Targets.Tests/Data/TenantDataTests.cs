using Lockstep.Azure.Hosting;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Executions;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Samples;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Targets.Tests.Data;

/// <summary>What tenants keep, in a data folder.</summary>
public sealed class EmbeddedTenantDataTests : TenantDataContract
{
    internal override async Task<IDataWorld> OpenAsync() => new World(await SampleService.OpenAsync(""));

    private sealed class World(SampleService service) : IDataWorld
    {
        public LockstepService Service => service.Service;

        public async Task<ExecutionRecord> RunAsync(string definition)
        {
            await DataSteps.CreateAsync(Service, "m", definition);
            return await service.RunAsync("m", JsonObject.Empty);
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();
    }
}

/// <summary>What tenants keep, in the tables and blobs of Azure, in memory.</summary>
public sealed class AzureTenantDataTests : TenantDataContract
{
    internal override async Task<IDataWorld> OpenAsync()
    {
        var http = new OutgoingHttp(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        return new AzureDataWorld((AzureDriverHarness)await AzureDataWorld.OpenHarnessAsync(http), http);
    }
}

/// <summary>The platform on Azure with the targets of its app.</summary>
internal sealed class AzureDataWorld(AzureDriverHarness harness, OutgoingHttp http) : IDataWorld
{
    public LockstepService Service => harness.Service;

    public static Task<IDriverHarness> OpenHarnessAsync(OutgoingHttp http) => AzureDriverHarness.OpenAsync(targets: sources => TargetsOf(sources, http));

    public async Task<ExecutionRecord> RunAsync(string definition)
    {
        await DataSteps.CreateAsync(Service, "m", definition);
        return await harness.EndAsync(await DataSteps.StartAsync(Service, "m"));
    }

    public async ValueTask DisposeAsync()
    {
        await harness.DisposeAsync();
        http.Dispose();
    }

    private static ServedTargets TargetsOf(TargetSources sources, OutgoingHttp http)
    {
        TaskTargetRegistry registry = StandardTargets.Create(
            new TargetOptions(),
            http,
            sources.Functions,
            sources.StateMachines,
            () => sources.Service().Executions,
            TimeProvider.System,
            TenantData.Of(sources.Service),
            new MapRunTargets(sources.MapRuns, sources.Objects, DataSteps.MapRunLimits, TimeProvider.System));
        return new ServedTargets(registry, registry.Catalog);
    }
}
