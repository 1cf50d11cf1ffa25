using Lockstep.Asl.Diagnostics;

namespace Lockstep.Asl.Linting;

/// <summary>
/// Looks for one kind of mistake in definitions that are valid. A rule keeps silent where it is not sure: a warning that is often wrong teaches
/// people to overlook the others.
/// </summary>
internal abstract class LintRule
{
    /// <summary>The code of what it finds: one of <see cref="DiagnosticCodes"/>.</summary>
    public abstract string Code { get; }

    /// <summary>Everything it finds in a machine.</summary>
    public virtual IEnumerable<Diagnostic> Check(LintedMachine machine) => machine.Root.AllStates().SelectMany(Check);

    /// <summary>What it finds in one state, states nested in it left out.</summary>
    protected virtual IEnumerable<Diagnostic> Check(LintedState state) => [];

    /// <summary>A warning of this rule.</summary>
    protected Diagnostic Warning(string message, string pointer) => new(Code, DiagnosticSeverity.Warning, message, pointer);
}
