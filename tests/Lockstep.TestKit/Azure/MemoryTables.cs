using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure;

/// <summary>Azure Tables in memory. Safe for use by many threads: every call is atomic.</summary>
public sealed class MemoryTables : ITables
{
    private readonly ConcurrentDictionary<TableName, MemoryTable> _tables = new();
    private readonly FaultyLine _line;

    internal MemoryTables(FaultyLine line) => _line = line;

    /// <inheritdoc/>
    public ITable this[TableName name] => Of(name);

    /// <summary>Every entity of a table, by partition and row: for what a test wants to see of it, past counts and faults.</summary>
    public IReadOnlyList<Entity> All(TableName name) => Of(name).All();

    private MemoryTable Of(TableName name) => _tables.GetOrAdd(name, added => new MemoryTable(added, _line));

    private sealed class MemoryTable(TableName name, FaultyLine line) : ITable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, ImmutableSortedDictionary<string, Entity>> _partitions = new(StringComparer.Ordinal);
        private long _version;

        public ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation)
        {
            TableRules.CheckKey(key);
            return line.CallAsync(Operation(StorageOperationKind.TableFind), () => Partition(key.Partition).GetValueOrDefault(key.Row), cancellation);
        }

        public ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation)
        {
            TableRules.CheckQuery(range, maxItems);
            return line.CallAsync(Operation(StorageOperationKind.TableQuery), () => Query(range, maxItems, continuation), cancellation);
        }

        public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation)
        {
            TableRules.CheckTransaction(writes);
            EntityWrite[] copied = [.. writes];
            return line.CallAsync(Operation(StorageOperationKind.TableWrite), () => Write(copied), cancellation);
        }

        public IReadOnlyList<Entity> All()
        {
            lock (_gate)
            {
                return [.. _partitions.OrderBy(partition => partition.Key, StringComparer.Ordinal).SelectMany(partition => partition.Value.Values)];
            }
        }

        private StorageOperation Operation(StorageOperationKind kind) => new(kind, name.ToString());

        private ImmutableSortedDictionary<string, Entity> Partition(string partition)
        {
            lock (_gate)
            {
                return _partitions.GetValueOrDefault(partition) ?? ImmutableSortedDictionary.Create<string, Entity>(StringComparer.Ordinal);
            }
        }

        private EntityPage Query(EntityRange range, int maxItems, string? continuation)
        {
            string from = continuation is null ? range.FromRow : Resume(range, continuation);
            int size = line.Faults.Happens(line.Faults.ShortPageRate) ? line.Faults.Choose(maxItems) : maxItems;
            List<Entity> items = [];
            foreach ((string row, Entity entity) in Partition(range.Partition))
            {
                if (string.CompareOrdinal(row, from) < 0)
                {
                    continue;
                }

                if (string.CompareOrdinal(row, range.ToRow) >= 0)
                {
                    break;
                }

                if (items.Count == size)
                {
                    return new EntityPage(items, Continue(range, row));
                }

                items.Add(entity);
            }

            return new EntityPage(items, null);
        }

        private static string Continue(EntityRange range, string nextRow) => $"{range.FromRow.Length},{range.ToRow.Length}:{range.FromRow}{range.ToRow}{nextRow}";

        private static string Resume(EntityRange range, string continuation)
        {
            string start = Continue(range, "");
            return continuation.StartsWith(start, StringComparison.Ordinal)
                ? continuation[start.Length..]
                : throw new ArgumentException("The continuation is not one of this range.", nameof(continuation));
        }

        private WriteOutcome Write(EntityWrite[] writes)
        {
            lock (_gate)
            {
                ImmutableSortedDictionary<string, Entity> rows = Partition(writes[0].Key.Partition);
                ImmutableArray<string?>.Builder versions = ImmutableArray.CreateBuilder<string?>(writes.Length);
                for (int i = 0; i < writes.Length; i++)
                {
                    WriteRefusal refusal = Check(rows.GetValueOrDefault(writes[i].Key.Row), writes[i]);
                    if (refusal != WriteRefusal.None)
                    {
                        return new WriteOutcome(refusal, i, []);
                    }

                    if (TableRules.EntityOf(writes[i]) is { } entity)
                    {
                        Entity stored = Store(entity);
                        versions.Add(stored.ETag);
                        rows = rows.SetItem(stored.Key.Row, stored);
                    }
                    else
                    {
                        versions.Add(null);
                        rows = rows.Remove(writes[i].Key.Row);
                    }
                }

                _partitions[writes[0].Key.Partition] = rows;
                return new WriteOutcome(WriteRefusal.None, 0, versions.MoveToImmutable());
            }
        }

        private static WriteRefusal Check(Entity? found, EntityWrite write) => write switch
        {
            InsertEntity => found is null ? WriteRefusal.None : WriteRefusal.Exists,
            PutEntity => WriteRefusal.None,
            ReplaceEntity replace => CheckVersion(found, replace.IfMatch),
            DeleteEntity delete => CheckVersion(found, delete.IfMatch),
            _ => throw new ArgumentOutOfRangeException(nameof(write), write, "No such change."),
        };

        private static WriteRefusal CheckVersion(Entity? found, string? version) =>
            found is null ? WriteRefusal.Missing : version is null || found.ETag == version ? WriteRefusal.None : WriteRefusal.Changed;

        /// <summary>What the service would hand out again: times in UTC, bytes of its own, a version.</summary>
        private Entity Store(Entity entity) => entity with
        {
            Properties = !entity.Properties.Values.Any(IsAnotherWhenStored) ? entity.Properties : entity.Properties.ToImmutableDictionary(
                property => property.Key,
                property => property.Value switch
                {
                    DateTimeOffset time => time.ToUniversalTime(),
                    ReadOnlyMemory<byte> binary => new ReadOnlyMemory<byte>(binary.ToArray()),
                    object value => value,
                },
                StringComparer.Ordinal),
            ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{++_version}\""),
        };

        private static bool IsAnotherWhenStored(object value) => value is ReadOnlyMemory<byte> || (value is DateTimeOffset time && time.Offset != TimeSpan.Zero);
    }
}
