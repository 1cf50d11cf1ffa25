using System.Globalization;
using System.Text;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Logging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Logging;

/// <summary>
/// How log events are written down: table <c>logs</c>. Partition <c>groups</c>, <c>tenant|name</c>: a log group, touched by those who log to it. Partition
/// <c>tenant|group|shard</c>: the events of a share of the group's executions. There, <c>x|execution|time|id</c> is an event, and <c>e|time|execution|id</c>
/// says that it is there; both come and go in one transaction. Group and execution are digests.
/// </summary>
internal static class LogRows
{
    /// <summary>Partitions of a group. Part of the stored form.</summary>
    public const int Shards = 4;

    /// <summary>The partition of all groups.</summary>
    public const string GroupPartition = "groups";

    /// <summary>When a group was touched last.</summary>
    public const string Touched = "touched";

    private const string NameName = "name";
    private const string TenantName = "tenant";
    private const string ExecutionName = "execution";
    private const string IdName = "id";
    private const string TimeName = "time";
    private const string TextName = "text";

    private const string Event = "x";
    private const string Place = "e";

    /// <summary>A group.</summary>
    public static EntityKey GroupKey(LogGroup group) => new(GroupPartition, $"{group.Tenant.Value}{KeyText.Separator}{OrderedText.Of(group.Name)}");

    /// <summary>A group as a row.</summary>
    public static Entity ToGroup(LogGroup group, DateTimeOffset touched) =>
        new Entity(GroupKey(group)).With(TenantName, group.Tenant.Value).With(NameName, group.Name).With(Touched, touched);

    /// <summary>Reads a group.</summary>
    /// <exception cref="InvalidOperationException">The row has no tenant.</exception>
    public static LogGroup ReadGroup(Entity row) => TenantId.TryParse(row.Get<string>(TenantName), out TenantId tenant)
        ? new LogGroup(tenant, row.Get<string>(NameName))
        : throw new InvalidOperationException($"{row.Key} names no tenant.");

    /// <summary>The groups of a tenant.</summary>
    public static EntityRange Groups(TenantId tenant) => RangeScan.OfPrefix(GroupPartition, tenant.Value);

    /// <summary>The partition of the events of a share.</summary>
    public static string PartitionOf(LogGroup group, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{group.Tenant.Value}|{LedgerKeys.Digest(group.Name)}|{shard}");

    /// <summary>The share that an execution belongs to.</summary>
    public static int ShardOf(string execution) =>
        int.Parse(LedgerKeys.Digest(execution).AsSpan(0, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards;

    /// <summary>The rows of an event.</summary>
    public static (Entity Content, Entity Place) ToEntities(string partition, LogEvent one)
    {
        string execution = LedgerKeys.Digest(one.Execution);
        string time = LedgerKeys.Number(one.Time.UtcTicks);
        string id = LedgerKeys.Number(one.Id);
        Entity content = new Entity(new EntityKey(partition, $"{Event}|{execution}|{time}|{id}"))
            .With(ExecutionName, one.Execution).With(IdName, one.Id).With(TimeName, one.Time).WithParts(TextName, Encoding.UTF8.GetBytes(one.Text));
        return (content, new Entity(new EntityKey(partition, $"{Place}|{time}|{execution}|{id}")));
    }

    /// <summary>Reads an event.</summary>
    public static LogEvent Read(Entity row) => new(
        row.Get<string>(ExecutionName), row.Get<long>(IdName), row.Get<DateTimeOffset>(TimeName), Encoding.UTF8.GetString(row.GetParts(TextName)));

    /// <summary>The event whose place a row says.</summary>
    public static EntityKey ContentOf(EntityKey place)
    {
        string[] parts = place.Row.Split('|');
        return new EntityKey(place.Partition, $"{Event}|{parts[2]}|{parts[1]}|{parts[3]}");
    }

    /// <summary>The places of a share's events, by time.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="after">The row after which to begin; null for the first.</param>
    /// <param name="from">None before this time; null for no bound.</param>
    /// <param name="before">None at or after this time; null for no bound.</param>
    public static EntityRange Places(string partition, string? after, DateTimeOffset? from, DateTimeOffset? before) =>
        new(partition, after is null ? $"{Place}|{Bound(from, 0)}" : OrderedText.After(after), $"{Place}|{Bound(before, long.MaxValue)}");

    /// <summary>The events of an execution.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="execution">The execution.</param>
    /// <param name="after">The row after which to begin; null for the first.</param>
    /// <param name="from">None before this time; null for no bound.</param>
    /// <param name="before">None at or after this time; null for no bound.</param>
    public static EntityRange Events(string partition, string execution, string? after, DateTimeOffset? from, DateTimeOffset? before)
    {
        string prefix = $"{Event}|{LedgerKeys.Digest(execution)}|";
        return new(partition, after is null ? prefix + Bound(from, 0) : OrderedText.After(after), prefix + Bound(before, long.MaxValue));
    }

    private static string Bound(DateTimeOffset? time, long otherwise) => LedgerKeys.Number(time?.UtcTicks ?? otherwise);
}
