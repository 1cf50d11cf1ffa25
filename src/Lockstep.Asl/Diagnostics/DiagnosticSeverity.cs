namespace Lockstep.Asl.Diagnostics;

/// <summary>Whether a diagnostic forbids the definition.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The definition is refused.</summary>
    Error,

    /// <summary>The definition is accepted; something in it looks like a mistake.</summary>
    Warning,
}
