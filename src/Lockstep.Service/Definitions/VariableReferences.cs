using System.Collections.Immutable;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Definitions;

/// <summary>Which variables the states of stored definitions read (Step Functions, DescribeStateMachine, "variableReferences").</summary>
public static class VariableReferences
{
    private static readonly DefinitionCompiler _compiler = DefinitionCompiler.ForStored();

    /// <summary>
    /// The variables that each state of a machine reads, by the state's name, nested states included; states that read none are left out. A definition
    /// that was accepted once is read whatever the limits are today.
    /// </summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Of(StateMachineRecord machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return _compiler.Compile(machine.Definition, machine.Type).Definition?.GetVariableReferences()
            ?? throw new InvalidOperationException($"The stored definition of \"{machine.Name}\" does not compile.");
    }
}
