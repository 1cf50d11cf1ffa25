using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Embedded.Hosting;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Definitions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Targets;
using Lockstep.Targets.Mocks;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Cli.Composition;

/// <summary>
/// The service without its HTTP surface: stores, driver, targets and use cases over one data folder. Executions run from
/// <see cref="StartAsync"/> until <see cref="DrainAsync"/>, which lets turns and effects under way end.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly OutgoingHttp _http;
    private readonly TaskTokens _tokens;
    private readonly ITaskTargets _targets;

    private Platform(EmbeddedHost embedded, OutgoingHttp http, TaskTokens tokens, ITaskTargets targets, LockstepService service)
    {
        Embedded = embedded;
        Service = service;
        _http = http;
        _tokens = tokens;
        _targets = targets;
    }

    /// <summary>The use cases.</summary>
    public LockstepService Service { get; }

    /// <summary>Store and driver.</summary>
    public EmbeddedHost Embedded { get; }

    /// <summary>Opens the data folder; nothing runs yet.</summary>
    /// <param name="options">What it is composed from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The operator's log.</param>
    /// <param name="telemetry">Told of everything; null when nobody wants to know. It has to outlive the platform.</param>
    /// <param name="cancellation">Gives up opening.</param>
    /// <exception cref="EmbeddedStartupException">The data folder cannot be used.</exception>
    public static async Task<Platform> OpenAsync(
        PlatformOptions options, TimeProvider time, IEmbeddedLog log, ServiceTelemetry? telemetry, CancellationToken cancellation)
    {
        var stored = DefinitionCompiler.ForStored();
        CompiledMachine Compile(StateMachineRecord machine) => stored.Compile(machine.Definition, machine.Type).Machine
            ?? throw new UnreachableException($"Revision {machine.RevisionId} of {machine.Name} is stored but does not compile.");

        EmbeddedHost embedded = EmbeddedHost.Open(options.DataFolder, new EmbeddedSetup(options.Embedded, time, Compile) { Limits = options.Limits, Log = log, Telemetry = telemetry });
        var http = new OutgoingHttp(options.Targets, new SystemNameResolver(), time, telemetry);
        try
        {
            ServiceKeys keys = await ServiceKeys.LoadAsync(embedded.SigningKeys, time, cancellation);

            // Targets start nested executions and the driver calls targets, so one of them has to be asked for late.
            LockstepService? composed = null;
            LockstepService Composed() => composed ?? throw new UnreachableException("A target was called before the service was composed.");
            TaskTargetRegistry registry = StandardTargets.Create(
                options.Targets,
                http,
                embedded.Functions,
                embedded.StateMachines,
                () => Composed().Executions,
                time,
                TenantData.Of(Composed),
                new MapRunTargets(embedded.MapRuns, embedded.Objects, options.Limits, time));
            ITaskTargets targets = options.Mocks is { } mocks ? new MockedTargets(registry, mocks, () => Composed().Callbacks) : registry;

            // A mocked state may name what nothing here serves: it is not called.
            IResourceCatalog resources = options.Mocks is null ? registry.Catalog : ResourceCatalog.Permissive;
            composed = new LockstepService(
                embedded.PortsWith(resources) with { Targets = targets, Warn = (message, cause) => log.Warn(message, cause), Telemetry = telemetry },
                keys,
                options.Limits,
                new ServiceSettings
                {
                    Region = options.Targets.Region,
                    AllowPlainHttpFunctions = options.Development || options.Targets.AllowPlainHttp,
                    OperatorKey = options.OperatorKey,
                },
                time);
            return new Platform(embedded, http, new TaskTokens(keys.TaskTokens, options.Limits), targets, composed);
        }
        catch
        {
            await embedded.DisposeAsync();
            http.Dispose();
            throw;
        }
    }

    /// <summary>Resumes what was open and runs what is started from now on.</summary>
    public Task StartAsync(CancellationToken cancellation) => Embedded.StartAsync(_tokens, _targets, cancellation);

    /// <summary>Starts no further effect and lets those under way end; Waits and callbacks are left to the next start.</summary>
    public Task DrainAsync() => Embedded.DrainAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Embedded.DisposeAsync();
        _http.Dispose();
    }
}
