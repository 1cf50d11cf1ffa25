using System.Collections.Concurrent;
using Lockstep.Asl.Compiled;
using Lockstep.Service.Definitions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Orchestration;

/// <summary>
/// Compiles definitions, and remembers the last ones. Nothing but time depends on what it remembers: an orchestration has its definition
/// from its own input or history, and the same text always compiles to the same machine.
/// </summary>
/// <param name="maxMachines">Machines to remember; when there are more, it starts over.</param>
public sealed class CompiledMachines(int maxMachines)
{
    private readonly DefinitionCompiler _compiler = DefinitionCompiler.ForStored();
    private readonly ConcurrentDictionary<string, CompiledMachine> _machines = new(StringComparer.Ordinal);

    /// <summary>The machine of a definition that was accepted once.</summary>
    /// <exception cref="InvalidOperationException">The definition does not compile.</exception>
    public CompiledMachine Get(string definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (_machines.TryGetValue(definition, out CompiledMachine? known))
        {
            return known;
        }

        CompiledMachine machine = _compiler.Compile(definition, WorkflowType.Standard).Machine
            ?? throw new InvalidOperationException("A stored definition does not compile any more.");
        if (_machines.Count >= maxMachines)
        {
            _machines.Clear();
        }

        return _machines[definition] = machine;
    }
}
