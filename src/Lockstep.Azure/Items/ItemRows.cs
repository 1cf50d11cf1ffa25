using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Json;
using Lockstep.Service.Tables;

namespace Lockstep.Azure.Items;

/// <summary>
/// The rows in the partition of a table that tasks work on: <c>h</c> the head with the count of items, <c>i|key</c> an item, in the order of keys
/// (<see cref="OrderedText"/>), <c>d|change</c> how a change was answered, <c>a|time|change</c> when it was made.
/// </summary>
internal static class ItemRows
{
    private const string PartitionKeyName = "keyName";
    private const string PartitionKeyTypeName = "keyType";
    private const string SortKeyName = "sortName";
    private const string SortKeyTypeName = "sortType";
    private const string CountName = "items";
    private const string ItemName = "item";
    private const string AnswerName = "answer";
    private const string ChangeName = "change";

    /// <summary>What the row of a table says beside its name.</summary>
    public static Entity Describe(Entity row, TableRecord table) => row
        .With(PartitionKeyName, table.PartitionKey.Name).With(PartitionKeyTypeName, table.PartitionKey.Type)
        .With(SortKeyName, table.SortKey?.Name).With(SortKeyTypeName, table.SortKey?.Type);

    /// <summary>Reads the row of a table.</summary>
    public static TableRecord Read(TablePlace place, Entity row) => new(
        place,
        new KeyAttribute(row.Get<string>(PartitionKeyName), row.Get<string>(PartitionKeyTypeName)),
        row.TryGet<string>(SortKeyName, out string? sort) ? new KeyAttribute(sort, row.Get<string>(SortKeyTypeName)) : null,
        NamedPartitions.CreatedAt(row));

    /// <summary>What the head of a new table says.</summary>
    public static Entity Begin(Entity head) => head.With(CountName, 0L);

    /// <summary>How many items a head counts.</summary>
    public static long CountOf(Entity head) => head.Get<long>(CountName);

    /// <summary>A head with another count.</summary>
    public static EntityWrite Count(Entity head, long items) =>
        new ReplaceEntity(head.With(CountName, items), head.ETag ?? throw new InvalidOperationException($"{head.Key} was not read."));

    /// <summary>Where an item is.</summary>
    public static EntityKey Item(string partition, string key) => new(partition, $"i|{OrderedText.Of(key)}");

    /// <summary>The items after the one that a cursor names; all when there is none.</summary>
    public static EntityRange ItemsAfter(string partition, string? cursor) => new(partition, cursor is null ? "i|" : OrderedText.After(cursor), "i}");

    /// <summary>Reads an item.</summary>
    public static JsonObject ReadItem(Entity row) => row.GetJson(ItemName);

    /// <summary>What makes an item of what was there.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="before">What was read there.</param>
    /// <param name="after">The item; null for none.</param>
    public static EntityWrite? Change(EntityKey key, Entity? before, JsonObject? after)
    {
        if (after is null)
        {
            return before is null ? null : new DeleteEntity(key, before.ETag);
        }

        Entity row = new Entity(key).WithJson(ItemName, after);
        return before is null
            ? new InsertEntity(row)
            : new ReplaceEntity(row, before.ETag ?? throw new InvalidOperationException($"{key} was not read."));
    }

    /// <summary>Where the answer of a change is.</summary>
    public static EntityKey Answer(string partition, string changeId) => new(partition, $"d|{KeyText.OfName(changeId)}");

    /// <summary>Reads the answer of a change.</summary>
    public static JsonObject ReadAnswer(Entity row) => row.GetJson(AnswerName);

    /// <summary>What remembers a change.</summary>
    public static EntityWrite[] Remember(string partition, string changeId, JsonObject answer, DateTimeOffset now) =>
    [
        new InsertEntity(new Entity(Answer(partition, changeId)).WithJson(AnswerName, answer)),
        new PutEntity(new Entity(new EntityKey(partition, $"a|{LedgerKeys.Number(now.UtcTicks)}|{KeyText.OfName(changeId)}")).With(ChangeName, changeId)),
    ];

    /// <summary>The changes that were made before a time.</summary>
    public static EntityRange ChangesBefore(string partition, DateTimeOffset time) => new(partition, "a|", $"a|{LedgerKeys.Number(time.UtcTicks)}");

    /// <summary>What forgets a change that was found among those before a time.</summary>
    public static EntityWrite[] Forget(Entity found) =>
        [new DeleteEntity(found.Key, null), new DeleteEntity(Answer(found.Key.Partition, found.Get<string>(ChangeName)), null)];
}
