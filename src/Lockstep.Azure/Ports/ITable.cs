using System.Collections.Immutable;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Ports;

/// <summary>
/// One table of Azure Tables, reduced to what the key design allows: point reads, range scans within a partition, and writes that are atomic
/// within a partition. A table that cannot be reached, or throttles beyond the adapter's patience, throws
/// <see cref="StorageUnavailableException"/>; whether a write that threw took effect is then unknown.
/// </summary>
public interface ITable
{
    /// <summary>Reads one entity; null when there is none.</summary>
    ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation);

    /// <summary>Reads the next entities of a range, ascending by row.</summary>
    /// <param name="range">The range.</param>
    /// <param name="maxItems">Entities at most, 1 to 1,000. A page may be shorter, even empty, and still not be the last.</param>
    /// <param name="continuation">What the page before said; null for the first.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation);

    /// <summary>
    /// Makes 1 to 100 changes to one partition, at most 4 MiB together, all or none, each row at most once. An anticipated refusal is a
    /// value, and nothing was changed then.
    /// </summary>
    ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation);
}

/// <summary>The rows of a partition from one (included) to another (excluded), by ordinal comparison.</summary>
public readonly record struct EntityRange(string Partition, string FromRow, string ToRow);

/// <summary>A page of a range.</summary>
/// <param name="Items">The entities.</param>
/// <param name="Continuation">How to ask for the next page; null on the last one. Opaque, and good for the same range only.</param>
public sealed record EntityPage(IReadOnlyList<Entity> Items, string? Continuation);

/// <summary>One change. The set is closed.</summary>
/// <param name="Key">What is changed.</param>
public abstract record EntityWrite(EntityKey Key);

/// <summary>Adds an entity; refused with <see cref="WriteRefusal.Exists"/> when the row is taken.</summary>
public sealed record InsertEntity(Entity Entity) : EntityWrite(Entity.Key);

/// <summary>Replaces an entity as a whole, if it still has the version that was read; else <see cref="WriteRefusal.Changed"/> or <see cref="WriteRefusal.Missing"/>.</summary>
/// <param name="Entity">The new values.</param>
/// <param name="IfMatch">The version that was read.</param>
public sealed record ReplaceEntity(Entity Entity, string IfMatch) : EntityWrite(Entity.Key);

/// <summary>Adds or replaces an entity, whatever is there.</summary>
public sealed record PutEntity(Entity Entity) : EntityWrite(Entity.Key);

/// <summary>Removes an entity; refused with <see cref="WriteRefusal.Missing"/> when there is none.</summary>
/// <param name="Key">Which.</param>
/// <param name="IfMatch">The version that was read, else <see cref="WriteRefusal.Changed"/>; null for any.</param>
public sealed record DeleteEntity(EntityKey Key, string? IfMatch) : EntityWrite(Key);

/// <summary>Why a write was refused.</summary>
public enum WriteRefusal
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The row is taken.</summary>
    Exists,

    /// <summary>Somebody else has changed the entity since it was read.</summary>
    Changed,

    /// <summary>There is no such row.</summary>
    Missing,
}

/// <summary>How a write ended.</summary>
/// <param name="Refusal">Why nothing was written; None when everything was.</param>
/// <param name="FailedIndex">Which of the changes was refused; 0 when none was.</param>
/// <param name="ETags">The new versions in the order of the changes, null for deletions; empty when refused.</param>
public readonly record struct WriteOutcome(WriteRefusal Refusal, int FailedIndex, ImmutableArray<string?> ETags)
{
    /// <summary>Whether everything was written.</summary>
    public bool Succeeded => Refusal == WriteRefusal.None;
}

/// <summary>The tables of the deployment.</summary>
public interface ITables
{
    /// <summary>The table of a name.</summary>
    ITable this[TableName name] { get; }
}

/// <summary>Which table.</summary>
public enum TableName
{
    /// <summary>Tenants and their API keys.</summary>
    Tenants,

    /// <summary>State machines and their revisions.</summary>
    Machines,

    /// <summary>Functions.</summary>
    Functions,

    /// <summary>Activities and the tasks that wait in them.</summary>
    Activities,

    /// <summary>Executions: a partition each, with head, history, open tasks and inbox.</summary>
    Executions,

    /// <summary>What lists of executions show, and counts of open ones.</summary>
    Listings,

    /// <summary>Execution events by tenant.</summary>
    Events,

    /// <summary>What the sweep has to look after.</summary>
    Intents,

    /// <summary>Objects by bucket, and content that no object has.</summary>
    Objects,

    /// <summary>Queues, topics and event buses, and a partition for the messages of each.</summary>
    Channels,

    /// <summary>Tables that tasks work on, and a partition for the items of each.</summary>
    Items,

    /// <summary>Connections.</summary>
    Connections,

    /// <summary>Log groups, and partitions for the log events of each.</summary>
    Logs,
}
