using System.Collections.Concurrent;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// Rows that are read with every step and written seldom, kept in memory. Nothing older than an acknowledged write is ever answered: whoever
/// writes calls <see cref="Forget"/> once the write is durable and before it is acknowledged, and what was read before that is not kept.
/// </summary>
internal sealed class RecentRows<TKey, TRow>(int maxRows)
    where TKey : notnull
    where TRow : class
{
    private readonly ConcurrentDictionary<TKey, TRow> _rows = new();
    private readonly Lock _gate = new();
    private long _writes;

    /// <summary>Rows in memory.</summary>
    public int Count => _rows.Count;

    /// <summary>The row of a key, read when it is not in memory; null when there is none, which is not remembered.</summary>
    public TRow? Get<TArgument>(TKey key, TArgument argument, Func<TKey, TArgument, TRow?> read)
    {
        if (_rows.TryGetValue(key, out TRow? known))
        {
            return known;
        }

        long writes = Interlocked.Read(ref _writes);
        TRow? row = read(key, argument);
        if (row is not null)
        {
            Keep(key, row, writes);
        }

        return row;
    }

    /// <summary>The row of a key has changed.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            _writes++;
            _rows.TryRemove(key, out _);
        }
    }

    private void Keep(TKey key, TRow row, long writesBefore)
    {
        lock (_gate)
        {
            if (_writes != writesBefore)
            {
                return;
            }

            if (_rows.Count >= maxRows)
            {
                _rows.Clear();
            }

            _rows[key] = row;
        }
    }
}
