using Lockstep.Asl.Diagnostics;

namespace Lockstep.Service.Errors;

/// <summary>
/// An anticipated failure of a use case. Hosts map the code to their protocol: a problem type and status for REST, an error type
/// for the Step Functions protocol.
/// </summary>
/// <param name="Code">Stable code, one of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What was wrong, where, and how to mend it. Never contains a secret or another tenant's data.</param>
public sealed record ServiceError(string Code, string Message)
{
    /// <summary>The offending part of the request as a JSON pointer or parameter name; null when the whole is meant.</summary>
    public string? Target { get; init; }

    /// <summary>Problems found in a definition, when that is what was wrong.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];
}
