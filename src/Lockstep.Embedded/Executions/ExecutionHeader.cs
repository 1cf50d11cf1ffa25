using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Embedded.StateMachines;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;

namespace Lockstep.Embedded.Executions;

/// <summary>What of an execution never changes while it lives.</summary>
internal sealed record ExecutionHeader(
    long Number, long TenantNumber, ExecutionKey Key, MachineRevision Revision, ParentLink? Parent) : IEffectOwner
{
    /// <summary>What of the machine it runs.</summary>
    public ExecutionPart Part { get; init; }

    /// <summary>That part, compiled.</summary>
    public CompiledMachine Machine => Revision.CompiledPart(Part);

    /// <summary>Whether it counts as an execution of its tenant's own: what a map run starts counts with it.</summary>
    public bool IsCounted => Part.Kind == ExecutionKind.Machine;

    /// <summary>Where its events are logged; null when they are not. Of a map run nothing is: the execution of the Map state and the children tell of it.</summary>
    public string? LogGroup => Part.Kind == ExecutionKind.MapRun ? null : Revision.LogGroup;

    private string? _effectKeys;

    /// <summary>The version that a start names; once the start is stored its row has it, and this is null.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that a start goes through; once the start is stored its row has it, and this is null.</summary>
    public string? Alias { get; init; }

    /// <summary>How often it was run before from its start, as only Express children of map runs are.</summary>
    public int Runs { get; init; }

    /// <summary>
    /// What the idempotency keys of all its effects begin with. Computed at the first effect, which most have and some never. Execution numbers
    /// are never used twice within a data folder, and names are, so the number stands in for name and incarnation.
    /// </summary>
    public string EffectKeys => _effectKeys ??= Runs == 0
        ? Service.Effects.EffectKeys.Of(Key, Number)
        : string.Create(CultureInfo.InvariantCulture, $"{Service.Effects.EffectKeys.Of(Key, Number)}-{Runs}");
}
