using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// An alias: a name for one or two versions of one state machine, between which it divides the executions that are started through it
/// (Step Functions, "State machine aliases").
/// </summary>
/// <param name="Tenant">The owner.</param>
/// <param name="StateMachineName">The machine.</param>
/// <param name="Name">1 to 80 letters, digits, hyphens, underscores and full stops, not digits alone.</param>
/// <param name="RevisionId">Drawn anew for every change; the entity tag.</param>
/// <param name="Description">What its maker said of it; null when nothing.</param>
/// <param name="Routes">One or two, of different versions, with weights that add up to 100.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
public sealed record StateMachineAlias(
    TenantId Tenant,
    string StateMachineName,
    string Name,
    string RevisionId,
    string? Description,
    ImmutableArray<AliasRoute> Routes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The weights of an alias add up to this.</summary>
    public const int TotalWeight = 100;

    /// <summary>Whether any execution may be routed to a version; a weight of 0 counts as well.</summary>
    public bool RoutesTo(long version) => Routes.Any(route => route.Version == version);

    /// <summary>The version for a number that was drawn evenly from 0 to 99: each gets as many of them as its weight.</summary>
    public long VersionFor(int drawn)
    {
        int before = 0;
        foreach (AliasRoute route in Routes)
        {
            before += route.Weight;
            if (drawn < before)
            {
                return route.Version;
            }
        }

        throw new UnreachableException();
    }
}

/// <summary>A part of what is started through an alias.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">Percentage, 0 to 100.</param>
public readonly record struct AliasRoute(long Version, int Weight);
