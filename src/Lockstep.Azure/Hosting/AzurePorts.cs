using Lockstep.Asl.Resources;
using Lockstep.Azure.Ports;
using Lockstep.Service;
using Lockstep.Service.Functions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Hosting;

/// <summary>What a host on Azure supplies: the services of the cloud behind their ports, and what tasks can call.</summary>
/// <param name="Tables">Tables.</param>
/// <param name="Blobs">Blobs.</param>
/// <param name="Messages">Service Bus.</param>
/// <param name="Orchestrations">The client of the scheduler.</param>
/// <param name="Secrets">Key Vault.</param>
/// <param name="Targets">Composes what tasks can call over stores and use cases; the latter can be asked once everything is composed.</param>
/// <param name="Time">The clock.</param>
/// <param name="Warn">Tells the operator what needs attention.</param>
public sealed record AzurePorts(
    ITables Tables,
    IBlobs Blobs,
    IMessages Messages,
    IOrchestrations Orchestrations,
    ISecrets Secrets,
    Func<TargetSources, ServedTargets> Targets,
    TimeProvider Time,
    Action<string, Exception?> Warn)
{
    /// <summary>The operator's credential; null when tenants cannot be created over the API.</summary>
    public OperatorKey? OperatorKey { get; init; }

    /// <summary>Told what goes on; the host's, which outlives the platform. Null when nobody wants to know.</summary>
    public ServiceTelemetry? Telemetry { get; init; }
}

/// <summary>What targets are composed over.</summary>
/// <param name="Functions">Where functions are.</param>
/// <param name="StateMachines">Where state machines are.</param>
/// <param name="Service">The use cases: they start nested executions, and have what tenants keep for tasks. Asked for at the first call.</param>
/// <param name="MapRuns">Runs the map runs of Map states in DISTRIBUTED mode.</param>
/// <param name="Objects">Where these read items and write results.</param>
public sealed record TargetSources(
    IFunctionStore Functions, IStateMachineStore StateMachines, Func<LockstepService> Service, IMapRunDriver MapRuns, IObjectStore Objects);

/// <summary>What tasks can call.</summary>
/// <param name="Targets">Finds the target of a resource.</param>
/// <param name="Catalog">Tells the validator which resources are served.</param>
public sealed record ServedTargets(ITaskTargets Targets, IResourceCatalog Catalog);
