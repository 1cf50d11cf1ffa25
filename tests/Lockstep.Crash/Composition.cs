using System.Net;
using Lockstep.Asl;
using Lockstep.Crash.Worker;
using Lockstep.Embedded.Hosting;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Crash;

/// <summary>The same composition as the server's, without its HTTP surface: one tenant, loopback allowed.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private readonly OutgoingHttp _http;

    private Composition(EmbeddedHost host, LockstepService service, ITaskTokens tokens, OutgoingHttp http)
    {
        Host = host;
        Service = service;
        Tokens = tokens;
        _http = http;
    }

    public static TenantId Tenant { get; } = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;

    public EmbeddedHost Host { get; }

    public LockstepService Service { get; }

    public ITaskTokens Tokens { get; }

    /// <summary>Opens the folder; with <paramref name="start"/> executions run as well, calling what <paramref name="instead"/> makes of the standard targets if given. Calls carry <paramref name="life"/>.</summary>
    public static async Task<Composition> OpenAsync(string dataFolder, EmbeddedSetup setup, bool start, Func<ITaskTargets, ITaskTargets>? instead = null, int life = 0)
    {
        var limits = new ServiceLimits();
        EmbeddedHost host = EmbeddedHost.Open(dataFolder, setup);
        ServiceKeys keys = await ServiceKeys.LoadAsync(host.SigningKeys, setup.Time, CancellationToken.None);
        var options = new TargetOptions
        {
            AllowPlainHttp = true,
            AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
        };
        var http = new OutgoingHttp(options, new SystemNameResolver(), setup.Time);
        LockstepService? service = null;
        TaskTargetRegistry targets = StandardTargets.Create(
            options,
            http,
            new LifeFunctions(host.Functions, life),
            host.StateMachines,
            () => service?.Executions ?? throw new InvalidOperationException("The service is not composed yet."),
            setup.Time,
            TenantData.Of(() => service ?? throw new InvalidOperationException("The service is not composed yet.")),
            new MapRunTargets(host.MapRuns, host.Objects, limits, setup.Time));
        service = new LockstepService(
            host.PortsWith(targets.Catalog),
            keys,
            limits,
            new ServiceSettings { AllowPlainHttpFunctions = true },
            setup.Time);
        var tokens = new TaskTokens(keys.TaskTokens, limits);
        if (start)
        {
            await host.StartAsync(tokens, instead?.Invoke(targets) ?? targets, CancellationToken.None);
        }

        return new Composition(host, service, tokens, http);
    }

    public static Asl.Compiled.CompiledMachine Compile(StateMachineRecord machine) =>
        AslCompiler.Load(machine.Definition).Machine
        ?? throw new InvalidOperationException($"'{machine.Name}' does not compile.");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _http.Dispose();
    }
}
