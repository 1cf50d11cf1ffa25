namespace Lockstep.Embedded.Executions;

/// <summary>
/// The executions in memory that wait for nothing but the outside, longest idle first. They leave memory when they have been idle for a
/// while, or at once when there are too many of them.
/// </summary>
internal sealed class IdleExecutions : IDisposable
{
    private readonly DriverRuntime _runtime;
    private readonly Queue<ExecutionActor> _queue = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;

    public IdleExecutions(DriverRuntime runtime)
    {
        _runtime = runtime;
        _timer = runtime.Time.CreateTimer(
            static idle => ((IdleExecutions)idle!).Sweep(), this, runtime.Options.ParkInterval, runtime.Options.ParkInterval);
    }

    /// <summary>An execution has become idle.</summary>
    public void Add(ExecutionActor actor)
    {
        ExecutionActor? surplus = null;
        lock (_gate)
        {
            bool queued = actor.IdleSince != 0;
            actor.IdleSince = _runtime.Time.GetUtcNow().UtcTicks;
            if (!queued)
            {
                _queue.Enqueue(actor);
                if (_queue.Count > _runtime.Options.MaxIdleInMemory)
                {
                    surplus = _queue.Dequeue();
                    surplus.IdleSince = 0;
                }
            }
        }

        surplus?.TryPost(new ParkMail(), inline: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        long longAgo = (_runtime.Time.GetUtcNow() - _runtime.Options.ParkAfter).UtcTicks;
        List<ExecutionActor> due = [];
        lock (_gate)
        {
            for (int left = _queue.Count; left > 0 && _queue.TryDequeue(out ExecutionActor? actor); left--)
            {
                if (actor.IdleSince <= longAgo)
                {
                    actor.IdleSince = 0;
                    due.Add(actor);
                }
                else
                {
                    _queue.Enqueue(actor);
                }
            }
        }

        foreach (ExecutionActor actor in due)
        {
            actor.TryPost(new ParkMail(), inline: false);
        }
    }
}
