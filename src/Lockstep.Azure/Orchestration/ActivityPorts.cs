using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Service.Logging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Orchestration;

/// <summary>What the activities of orchestrations work with.</summary>
/// <param name="Ledger">The truth about executions.</param>
/// <param name="FollowUps">What has to follow an append.</param>
/// <param name="Machines">Where definitions are.</param>
/// <param name="Targets">What tasks can call.</param>
/// <param name="Blobs">Where bodies are put aside.</param>
/// <param name="Logs">Where log events are kept.</param>
/// <param name="Time">The clock.</param>
/// <param name="Settings">What is configured now.</param>
/// <param name="Warn">Tells the operator of a defect.</param>
public sealed record ActivityPorts(
    IExecutionLedger Ledger,
    IExecutionFollowUps FollowUps,
    IStateMachineStore Machines,
    ITaskTargets Targets,
    IBlobs Blobs,
    ILogStore Logs,
    TimeProvider Time,
    OrchestrationSettings Settings,
    Action<string, Exception> Warn)
{
    /// <summary>Told of turns and calls; null when nobody wants to know.</summary>
    public ServiceTelemetry? Telemetry { get; init; }
}
