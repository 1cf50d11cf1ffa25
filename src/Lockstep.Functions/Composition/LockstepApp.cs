using Lockstep.Api.Hosting;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Ports;
using Lockstep.Functions.Orchestrations;
using Lockstep.Service.Errors;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;
using Lockstep.Targets.Outgoing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Composition;

/// <summary>
/// The composed app. It reads its settings, reaches its resources and loads its keys before it takes part; whatever is wrong with them ends it at once,
/// and the platform says why.
/// </summary>
internal static partial class LockstepApp
{
    /// <summary>Runs until the platform ends it.</summary>
    public static async Task RunAsync(string[] args)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
        AppSettings settings = AppSettings.Read(builder.Configuration);
        AzureClients clients = AzureClients.Create(settings);
        if (settings.Storage.ConnectionString is not null)
        {
            await clients.CreateMissingAsync(CancellationToken.None);
        }

        var orchestrations = new DurableOrchestrations();
        var warnings = new OperatorLog();
        using var telemetry = new ServiceTelemetry(settings.Limits);
        using var http = new OutgoingHttp(settings.Targets, new SystemNameResolver(), TimeProvider.System, telemetry);
        using AzurePlatform platform = await OpenAsync(settings, clients, orchestrations, warnings, http, telemetry);
        Configure(builder, settings, platform, orchestrations);
        using IHost host = builder.Build();
        warnings.Use(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Lockstep.Azure"));
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(host.Services.GetRequiredService<Draining>().Begin);
        lifetime.ApplicationStopped.Register(platform.Stop);
        await host.RunAsync();
    }

    private static async Task<AzurePlatform> OpenAsync(
        AppSettings settings,
        AzureClients clients,
        DurableOrchestrations orchestrations,
        OperatorLog warnings,
        OutgoingHttp http,
        ServiceTelemetry telemetry)
    {
        var ports = new AzurePorts(
            clients.Tables,
            clients.Blobs,
            clients.Messages,
            orchestrations,
            clients.Secrets,
            sources =>
            {
                TaskTargetRegistry targets = StandardTargets.Create(
                    settings.Targets,
                    http,
                    sources.Functions,
                    sources.StateMachines,
                    () => sources.Service().Executions,
                    TimeProvider.System,
                    TenantData.Of(sources.Service),
                    new MapRunTargets(sources.MapRuns, sources.Objects, settings.Limits, TimeProvider.System));
                return new ServedTargets(targets, targets.Catalog);
            },
            TimeProvider.System,
            warnings.Warn)
        {
            Telemetry = telemetry,
            OperatorKey = await FindOperatorKeyAsync(clients.Secrets, settings.OperatorKeySecret),
        };
        return await AzurePlatform.OpenAsync(ports, settings.Platform, CancellationToken.None);
    }

    /// <summary>Without the secret, tenants cannot be created over the API.</summary>
    private static async Task<OperatorKey?> FindOperatorKeyAsync(ISecrets secrets, string name)
    {
        if (await secrets.FindAsync(name, CancellationToken.None) is not { } text)
        {
            return null;
        }

        Result<OperatorKey> key = OperatorKey.Of(text.Trim());
        return key.Succeeded ? key.Value : throw new InvalidSettingsException($"The secret {name} cannot be used: {key.Error.Message}");
    }

    private static void Configure(
        FunctionsApplicationBuilder builder, AppSettings settings, AzurePlatform platform, DurableOrchestrations orchestrations)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = settings.Limits.MaxRequestBodyBytes);
        builder.Services.AddLockstepApi(platform.Service, settings.Api);
        builder.Services.AddSingleton(orchestrations);
        builder.Services.AddSingleton(platform.Orchestrator);
        builder.Services.AddSingleton(platform.Activities);
        builder.Services.AddSingleton(platform.Callbacks);
        builder.Services.AddSingleton(platform.Tasks);
        builder.Services.AddSingleton(platform.EventLog);
        builder.Services.AddSingleton(platform.Sweep);
        builder.Services.AddSingleton(platform.Retention);
        builder.Logging.AddFilter("Azure", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        TelemetryExport.Add(builder.Services, builder.Configuration, settings.Limits, AzureClients.CredentialOf(settings.IdentityClientId));
    }

    /// <summary>What the platform has to tell the operator: in the log, and before there is one, where the host of the functions reads along.</summary>
    private sealed partial class OperatorLog
    {
        private volatile ILogger? _logger;

        public void Use(ILogger logger) => _logger = logger;

        public void Warn(string message, Exception? cause)
        {
            if (_logger is { } logger)
            {
                Log(logger, message, cause);
            }
            else
            {
                Console.Error.WriteLine(message);
            }
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
        private static partial void Log(ILogger logger, string message, Exception? cause);
    }
}
