using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl;

/// <summary>A compiled machine, or the reasons why there is none.</summary>
/// <param name="Machine">The machine; null when there are errors.</param>
/// <param name="Definition">The definition; null when the text is not a valid one. It can be there without a machine.</param>
/// <param name="Diagnostics">Errors and warnings.</param>
public sealed record AslLoadResult(CompiledMachine? Machine, StateMachineDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether there is a machine to run.</summary>
    [MemberNotNullWhen(true, nameof(Machine), nameof(Definition))]
    public bool IsValid => Machine is not null;
}
