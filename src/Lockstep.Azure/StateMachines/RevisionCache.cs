using System.Collections.Concurrent;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// Revisions in memory. A revision never changes, so nothing here is ever stale; when the definitions together have more than
/// <see cref="MaxCharacters"/> characters, the cache starts over.
/// </summary>
internal sealed class RevisionCache
{
    /// <summary>Characters of definitions in memory.</summary>
    public const long MaxCharacters = 32 * 1024 * 1024;

    /// <summary>What a small revision takes beside its definition, in characters; bounds their number.</summary>
    private const int Overhead = 1024;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Name, string RevisionId), StateMachineRecord> _revisions = new();
    private long _characters;

    /// <summary>Finds a revision; null when it is not in memory.</summary>
    public StateMachineRecord? Find(TenantId tenant, string name, string revisionId) => _revisions.GetValueOrDefault((tenant, name, revisionId));

    /// <summary>Keeps a revision that is durable.</summary>
    public StateMachineRecord Add(StateMachineRecord revision)
    {
        if (_revisions.TryAdd((revision.Tenant, revision.Name, revision.RevisionId), revision)
            && Interlocked.Add(ref _characters, revision.Definition.Length + Overhead) > MaxCharacters)
        {
            _revisions.Clear();
            Interlocked.Exchange(ref _characters, 0);
        }

        return revision;
    }
}
