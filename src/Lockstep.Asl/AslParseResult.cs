using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl;

/// <summary>A definition and everything there is to say about it.</summary>
/// <param name="Definition">The definition; null when there are errors.</param>
/// <param name="Diagnostics">Errors and warnings, in the order in which the text was read.</param>
public sealed record AslParseResult(StateMachineDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether there is a definition: no errors, warnings perhaps.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsValid => Definition is not null;
}
