using System.Collections.Concurrent;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.StateMachines;

/// <summary>A revision that executions run: its numbers in the tables and its compiled form.</summary>
internal sealed record MachineRevision(long TenantNumber, long MachineNumber, long RevisionNumber, StateMachineRecord Record, CompiledMachine Compiled)
{
    private readonly ConcurrentDictionary<ExecutionPart, CompiledMachine> _parts = new();

    /// <summary>A part of the machine, compiled.</summary>
    public CompiledMachine CompiledPart(ExecutionPart part) =>
        part.Kind == ExecutionKind.Machine ? Compiled : _parts.GetOrAdd(part, static (part, machine) => part.Of(machine), Compiled);

    /// <summary>The log group of its executions' events; null when they are not logged.</summary>
    public string? LogGroup { get; } = Record.Logging.LogGroup;

    /// <summary>Whether any of its states is a task for activity workers.</summary>
    public bool HasActivities { get; } = Compiled.States.Any(state => state is CompiledTask { Resource.Kind: ResourceKind.Activity });
}
