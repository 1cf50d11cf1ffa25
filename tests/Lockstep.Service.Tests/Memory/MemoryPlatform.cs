using Lockstep.Asl.Resources;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Definitions;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit;

namespace Lockstep.Service.Tests.Memory;

/// <summary>The whole application over ports that keep everything in memory, and two tenants with a key each.</summary>
internal sealed class MemoryPlatform
{
    private MemoryPlatform(ServiceKeys keys, ServiceLimits limits, ServiceSettings settings, ServiceTelemetry? telemetry, ManualTime time)
    {
        Time = time;
        Limits = limits;
        Changes = new ExecutionChangeHub(time);
        Tokens = new TaskTokens(keys.TaskTokens, limits);
        Activities = new MemoryActivityStore(time);
        Executions = new MemoryExecutions(new DefinitionCompiler(ResourceCatalog.Permissive, limits), Tokens, Activities, Changes, time);
        var ports = new ServicePorts
        {
            StateMachines = StateMachines,
            Versions = new MemoryVersionStore(StateMachines),
            Driver = Executions,
            Executions = Executions,
            Changes = Changes,
            Activities = Activities,
            Channels = new MemoryChannelStore(),
            Tables = new MemoryTableStore(),
            Logs = new MemoryLogStore(),
            Tags = new MemoryTagStore(),
            Connections = Connections,
            Functions = Functions,
            Objects = Objects,
            Events = Executions,
            Tenants = Tenants,
            Resources = ResourceCatalog.Permissive,
            Targets = Targets,
            Warn = (message, _) => Warnings.Add(message),
            Telemetry = telemetry,
        };
        Service = new LockstepService(ports, keys, limits, settings, time);
    }

    public static TenantId Anna { get; } = Tenant("000000000001");

    public static TenantId Bert { get; } = Tenant("000000000002");

    public ManualTime Time { get; }

    public ServiceLimits Limits { get; }

    public ExecutionChangeHub Changes { get; }

    public TaskTokens Tokens { get; }

    public MemoryStateMachineStore StateMachines { get; } = new();

    public MemoryFunctionStore Functions { get; } = new();

    public MemoryConnectionStore Connections { get; } = new();

    public MemoryObjectStore Objects { get; } = new();

    public MemoryTenantStore Tenants { get; } = new();

    public MemoryActivityStore Activities { get; }

    public MemoryExecutions Executions { get; }

    public MemoryTargets Targets { get; } = new();

    public List<string> Warnings { get; } = [];

    public LockstepService Service { get; }

    public string AnnasKey { get; private set; } = "";

    public string BertsKey { get; private set; } = "";

    public static async Task<MemoryPlatform> CreateAsync(ServiceLimits? limits = null, ServiceSettings? settings = null, ServiceTelemetry? telemetry = null)
    {
        var time = new ManualTime();
        ServiceKeys keys = await ServiceKeys.LoadAsync(new MemorySigningKeyStore(), time, CancellationToken.None);
        var platform = new MemoryPlatform(keys, limits ?? ServiceLimits.Default, settings ?? new ServiceSettings(), telemetry, time);
        platform.AnnasKey = await platform.Service.ApiKeys.IssueAsync(Anna, CancellationToken.None);
        platform.BertsKey = await platform.Service.ApiKeys.IssueAsync(Bert, CancellationToken.None);
        return platform;
    }

    private static TenantId Tenant(string digits) =>
        TenantId.TryParse(digits, out TenantId tenant) ? tenant : throw new InvalidOperationException("Twelve digits.");
}
