using System.Collections.Immutable;
using Lockstep.Api.Bodies;
using Lockstep.Asl.Diagnostics;

namespace Lockstep.Api.Operations;

/// <summary>Which diagnostics a validation answers with, as ValidateStateMachineDefinition of Step Functions asks for them.</summary>
/// <param name="ErrorsOnly">Whether warnings are left out.</param>
/// <param name="MaxResults">The most that are shown; 0 for all that were kept.</param>
public sealed record ShownDiagnostics(bool ErrorsOnly, int MaxResults)
{
    /// <summary>The largest <c>maxResults</c>.</summary>
    public const int LargestMaxResults = 100;

    /// <summary>Reads <c>severity</c> and <c>maxResults</c>; what is wrong with them is found in the members.</summary>
    public static ShownDiagnostics Read(Members members)
    {
        string? severity = members.OptionalText("severity");
        if (severity is not (null or "ERROR" or "WARNING"))
        {
            members.Refuse("severity", "\"severity\" has to be ERROR or WARNING.");
        }

        int maxResults = members.OptionalInteger("maxResults") ?? 0;
        if (maxResults is < 0 or > LargestMaxResults)
        {
            members.Refuse("maxResults", "\"maxResults\" has to be a whole number from 0 to 100.");
        }

        return new ShownDiagnostics(severity == "ERROR", maxResults);
    }

    /// <summary>Those to show, and whether there are more.</summary>
    public (ImmutableArray<Diagnostic> Diagnostics, bool Truncated) Of(ImmutableArray<Diagnostic> found)
    {
        ImmutableArray<Diagnostic> asked =
        [
            .. found.Where(diagnostic => diagnostic.Code != DiagnosticCodes.TooManyDiagnostics
                && (!ErrorsOnly || diagnostic.Severity == DiagnosticSeverity.Error)),
        ];
        bool isCut = MaxResults > 0 && asked.Length > MaxResults;
        return (isCut ? asked[..MaxResults] : asked, isCut || found.Any(diagnostic => diagnostic.Code == DiagnosticCodes.TooManyDiagnostics));
    }
}
