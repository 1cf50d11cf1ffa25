namespace Lockstep.Asl.Diagnostics;

/// <summary>Diagnostics in the words and shapes of the Step Functions API.</summary>
public static class ServiceMessages
{
    /// <summary>The message of an <c>InvalidDefinition</c> error: every error of the definition, warnings left out.</summary>
    public static string InvalidDefinition(IEnumerable<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        IEnumerable<string> errors = diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic.ServiceCode}: {diagnostic.Message}{Location(diagnostic)}");
        return $"Invalid State Machine Definition: '{string.Join(", ", errors)}'";
    }

    // A text that is not JSON has its place in the message already.
    private static string Location(Diagnostic diagnostic) =>
        diagnostic.ServiceLocation is null || diagnostic.Code == DiagnosticCodes.InvalidJson ? "" : $" at {diagnostic.ServiceLocation}";
}
