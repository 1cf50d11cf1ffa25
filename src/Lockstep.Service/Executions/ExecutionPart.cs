using Lockstep.Asl.Compiled;

namespace Lockstep.Service.Executions;

/// <summary>What of a machine an execution runs. The numbers are stored.</summary>
public enum ExecutionKind
{
    /// <summary>The machine itself.</summary>
    Machine = 0,

    /// <summary>A map run of one of its Map states.</summary>
    MapRun = 1,

    /// <summary>The processor of one of its Map states, for the items of one child.</summary>
    MapChild = 2,
}

/// <summary>The part of a machine that an execution runs.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="MapState">Index of the Map state; 0 for the machine itself.</param>
public readonly record struct ExecutionPart(ExecutionKind Kind, int MapState)
{
    /// <summary>The part as a machine of its own.</summary>
    public CompiledMachine Of(CompiledMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return Kind switch
        {
            ExecutionKind.MapRun => machine.ForMapRunOf(MapState),
            ExecutionKind.MapChild => machine.ForChildrenOf(MapState),
            _ => machine,
        };
    }
}
