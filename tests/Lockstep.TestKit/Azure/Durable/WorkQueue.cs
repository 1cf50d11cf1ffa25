using System.Diagnostics.CodeAnalysis;

namespace Lockstep.TestKit.Azure.Durable;

/// <summary>What a simulated host has to do, by the time at which it is due; what is due at the same time is done in the order in which it came.</summary>
internal sealed class WorkQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(Action Work, Func<bool>? IsDead), (DateTimeOffset Due, long Order)> _queue = new();
    private long _order;

    /// <summary>When the next thing is due; null when there is nothing.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return TryPeek(out (DateTimeOffset Due, long Order) first) ? first.Due : null;
            }
        }
    }

    /// <summary>Adds something to do.</summary>
    /// <param name="due">Not before this time.</param>
    /// <param name="work">What to do.</param>
    /// <param name="isDead">Whether it need not be done any more, once that is so for good; null for what always has to be done.</param>
    public void Add(DateTimeOffset due, Action work, Func<bool>? isDead = null)
    {
        lock (_gate)
        {
            _queue.Enqueue((work, isDead), (due, _order++));
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _queue.Clear();
        }
    }

    /// <summary>Takes the next thing that is due.</summary>
    public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out Action? work)
    {
        lock (_gate)
        {
            work = null;
            if (TryPeek(out (DateTimeOffset Due, long Order) first) && first.Due <= now)
            {
                work = _queue.Dequeue().Work;
            }

            return work is not null;
        }
    }

    private bool TryPeek(out (DateTimeOffset Due, long Order) first)
    {
        while (_queue.TryPeek(out (Action Work, Func<bool>? IsDead) next, out first))
        {
            if (next.IsDead?.Invoke() != true)
            {
                return true;
            }

            _queue.Dequeue();
        }

        return false;
    }
}
