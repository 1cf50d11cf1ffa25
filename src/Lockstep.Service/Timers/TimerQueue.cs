using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Timers;

/// <summary>
/// Everything in memory that is due at a time, in one heap behind one system timer. Cancelling takes an entry out at once, so the queue
/// never holds more than what is really waited for.
/// </summary>
public sealed class TimerQueue : IDisposable
{
    /// <summary>System timers reach 49 days; a longer wait is slept through in pieces of this length.</summary>
    private static readonly TimeSpan _longestSleep = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly ServiceTelemetry? _telemetry;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly List<DueEntry> _heap = [];
    private readonly List<DueEntry> _due = [];
    private long _armedFor = long.MaxValue;
    private bool _disposed;

    /// <summary>An empty queue on a clock.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="telemetry">Told how late timers fire; null when nobody wants to know.</param>
    public TimerQueue(TimeProvider time, ServiceTelemetry? telemetry = null)
    {
        _time = time;
        _telemetry = telemetry;
        _timer = time.CreateTimer(static queue => ((TimerQueue)queue!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Entries that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _heap.Count;
            }
        }
    }

    /// <summary>Adds an entry, or moves one that is in the queue to its new time.</summary>
    public void Set(DueEntry entry, DateTimeOffset due)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            entry.DueTicks = due.UtcTicks;
            if (entry.Position < 0)
            {
                entry.Position = _heap.Count;
                _heap.Add(entry);
            }

            SiftDown(SiftUp(entry.Position));
            Arm();
        }
    }

    /// <summary>Takes an entry out; without effect when it has fired.</summary>
    public void Cancel(DueEntry entry)
    {
        lock (_gate)
        {
            if (entry.Position >= 0)
            {
                RemoveAt(entry.Position);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;

            // Whoever still has an entry may cancel it.
            foreach (DueEntry entry in _heap)
            {
                entry.Position = -1;
            }

            _heap.Clear();
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        while (true)
        {
            lock (_gate)
            {
                _armedFor = long.MaxValue;
                _due.Clear();
                long now = _time.GetUtcNow().UtcTicks;
                while (_heap.Count > 0 && _heap[0].DueTicks <= now)
                {
                    _due.Add(_heap[0]);
                    RemoveAt(0);
                }

                if (_due.Count == 0)
                {
                    Arm();
                    return;
                }

                // Entries only hand over to the thread pool, so running them inside the lock is short, and keeps two firings apart.
                foreach (DueEntry entry in _due)
                {
                    _telemetry?.TimerFired(now - entry.DueTicks);
                    entry.Due();
                }
            }
        }
    }

    private void Arm()
    {
        if (_heap.Count == 0 || _heap[0].DueTicks >= _armedFor)
        {
            return;
        }

        _armedFor = _heap[0].DueTicks;
        var delay = new TimeSpan(Math.Clamp(_armedFor - _time.GetUtcNow().UtcTicks, 0, _longestSleep.Ticks));

        // System timers count whole milliseconds and may be early by a fraction of one.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void RemoveAt(int position)
    {
        _heap[position].Position = -1;
        DueEntry last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (position < _heap.Count)
        {
            _heap[position] = last;
            last.Position = position;
            SiftDown(SiftUp(position));
        }
    }

    private int SiftUp(int position)
    {
        DueEntry entry = _heap[position];
        while (position > 0)
        {
            int parent = (position - 1) / 2;
            if (_heap[parent].DueTicks <= entry.DueTicks)
            {
                break;
            }

            Place(_heap[parent], position);
            position = parent;
        }

        Place(entry, position);
        return position;
    }

    private void SiftDown(int position)
    {
        DueEntry entry = _heap[position];
        while (true)
        {
            int child = (2 * position) + 1;
            if (child >= _heap.Count)
            {
                break;
            }

            if (child + 1 < _heap.Count && _heap[child + 1].DueTicks < _heap[child].DueTicks)
            {
                child++;
            }

            if (_heap[child].DueTicks >= entry.DueTicks)
            {
                break;
            }

            Place(_heap[child], position);
            position = child;
        }

        Place(entry, position);
    }

    private void Place(DueEntry entry, int position)
    {
        _heap[position] = entry;
        entry.Position = position;
    }
}
