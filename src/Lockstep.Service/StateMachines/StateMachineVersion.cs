using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// A published version of a state machine: a number that names a revision for good (Step Functions, "State machine versions"). Numbers begin
/// at 1 and are never given out twice while the machine exists.
/// </summary>
/// <param name="Tenant">The owner.</param>
/// <param name="StateMachineName">The machine.</param>
/// <param name="Number">From 1.</param>
/// <param name="RevisionId">The revision that runs.</param>
/// <param name="Description">What the publisher said of it; null when nothing.</param>
/// <param name="CreatedAt">When it was published.</param>
public sealed record StateMachineVersion(
    TenantId Tenant, string StateMachineName, long Number, string RevisionId, string? Description, DateTimeOffset CreatedAt)
{
    /// <summary>Reads the number that a text names: decimal digits without a leading zero. False for everything else, which may be an alias.</summary>
    public static bool TryParseNumber([NotNullWhen(true)] string? text, out long number)
    {
        number = 0;
        return text is { Length: > 0 } && text[0] != '0' && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>A version that is to be published from the revision in force.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="StateMachineName">The machine.</param>
/// <param name="ExpectedRevisionId">The revision that has to be in force; null when it does not matter.</param>
/// <param name="Description">What the publisher says of it.</param>
/// <param name="CreatedAt">Now.</param>
/// <param name="MaxVersions">Versions that the machine may have.</param>
public sealed record NewStateMachineVersion(
    TenantId Tenant, string StateMachineName, string? ExpectedRevisionId, string? Description, DateTimeOffset CreatedAt, int MaxVersions);

/// <summary>How a publication was answered.</summary>
/// <param name="Version">The version that names the revision in force.</param>
/// <param name="Created">False when there was one already: the answer is idempotent.</param>
public sealed record PublishOutcome(StateMachineVersion Version, bool Created);
