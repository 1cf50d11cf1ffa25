using Lockstep.Service.Errors;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// Finds the revision that a start runs: the newest one, the one of a version, or the one that an alias routes to. The draw of an alias is made here, once
/// for each start; what was drawn is part of the start and durable with it.
/// </summary>
/// <param name="machines">Keeps machines.</param>
/// <param name="versions">Keeps versions and aliases.</param>
/// <param name="draw">Draws evenly a number from 0 to below the given one.</param>
internal sealed class StartTargets(IStateMachineStore machines, IStateMachineVersionStore versions, Func<int, int> draw)
{
    /// <summary>An alias may be changed, and the version that was drawn deleted, between two looks; so look again, but not for ever.</summary>
    private const int MaxLooks = 3;

    /// <summary>Resolves a reference. Fails with StateMachineDoesNotExist, also when machine, version or alias alone is missing.</summary>
    public async ValueTask<Result<StartTarget>> FindAsync(TenantId tenant, StateMachineReference reference, CancellationToken cancellation)
    {
        if (!reference.IsQualified)
        {
            return await machines.FindAsync(tenant, reference.Name, cancellation) is { } newest
                ? new StartTarget(newest, null, null)
                : StateMachineUseCases.DoesNotExist(reference.Name);
        }

        for (int look = 0; look < MaxLooks; look++)
        {
            if (await VersionOfAsync(tenant, reference, cancellation) is not { } number)
            {
                break;
            }

            if (await versions.FindVersionAsync(tenant, reference.Name, number, cancellation) is { } version
                && await machines.FindRevisionAsync(tenant, reference.Name, version.RevisionId, cancellation) is { } machine)
            {
                return new StartTarget(machine, number, reference.Alias);
            }
        }

        return StateMachineUseCases.DoesNotExist(reference.ToString());
    }

    private async ValueTask<long?> VersionOfAsync(TenantId tenant, StateMachineReference reference, CancellationToken cancellation)
    {
        if (reference.Alias is null)
        {
            return reference.Version;
        }

        StateMachineAlias? alias = await versions.FindAliasAsync(tenant, reference.Name, reference.Alias, cancellation);
        return alias?.VersionFor(draw(StateMachineAlias.TotalWeight));
    }
}

/// <summary>What a start runs.</summary>
/// <param name="Machine">The machine in the revision that is to be pinned.</param>
/// <param name="Version">The version that names the revision; null for a plain start.</param>
/// <param name="Alias">The alias that was routed through; null when there was none.</param>
internal sealed record StartTarget(StateMachineRecord Machine, long? Version, string? Alias);
