using System.Collections.Immutable;

namespace Lockstep.Service.StateMachines;

/// <summary>What a caller sends to publish a version.</summary>
/// <param name="RevisionId">The revision that has to be in force; null when it does not matter.</param>
/// <param name="Description">What the version is; null for nothing.</param>
public sealed record PublishVersionRequest(string? RevisionId, string? Description);

/// <summary>What a caller sends to create an alias.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is; null for nothing.</param>
/// <param name="Routes">One or two versions with their weights.</param>
public sealed record CreateAliasRequest(string Name, string? Description, ImmutableArray<AliasRoute> Routes);

/// <summary>What a caller sends to update an alias; null members stay as they are.</summary>
/// <param name="Description">The new description.</param>
/// <param name="Routes">The new routes.</param>
public sealed record UpdateAliasRequest(string? Description, ImmutableArray<AliasRoute>? Routes)
{
    /// <summary>The revision that the caller has seen; null when it does not matter.</summary>
    public string? ExpectedRevisionId { get; init; }
}

/// <summary>How the creation of an alias was answered.</summary>
/// <param name="Alias">The alias that now has the name.</param>
/// <param name="Created">False when the same alias was there already: the answer is idempotent.</param>
public sealed record CreateAliasOutcome(StateMachineAlias Alias, bool Created);

/// <summary>A version and what it runs.</summary>
/// <param name="Version">The version.</param>
/// <param name="Machine">The machine in the revision that the version names.</param>
public sealed record DescribedVersion(StateMachineVersion Version, StateMachineRecord Machine);
