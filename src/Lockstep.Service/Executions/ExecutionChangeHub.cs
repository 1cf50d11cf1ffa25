using System.Collections.Concurrent;

namespace Lockstep.Service.Executions;

/// <summary>
/// Followers of executions within one process. A driver calls <see cref="Publish"/> after each commit; with nobody following that
/// costs one look at an empty table. The followed executions are the only state, so memory is bounded by the open streams.
/// </summary>
public sealed class ExecutionChangeHub(TimeProvider time) : IExecutionChanges
{
    private readonly ConcurrentDictionary<ExecutionKey, Followed> _followed = new();
    private readonly TimeProvider _time = time;

    /// <summary>Executions that somebody follows.</summary>
    public int FollowedExecutions => _followed.Count;

    /// <summary>Says that history up to <paramref name="lastEventId"/> is durable now. Called after the commit, never before it.</summary>
    public void Publish(ExecutionKey key, long lastEventId)
    {
        if (!_followed.IsEmpty && _followed.TryGetValue(key, out Followed? followed))
        {
            followed.Publish(lastEventId);
        }
    }

    /// <inheritdoc/>
    public IExecutionFollower Follow(ExecutionKey key)
    {
        while (true)
        {
            Followed followed = _followed.GetOrAdd(key, static _ => new Followed());
            if (followed.TryEnter())
            {
                return new Follower(this, key, followed);
            }
        }
    }

    private void Unfollow(ExecutionKey key, Followed followed)
    {
        if (followed.Leave())
        {
            _followed.TryRemove(new KeyValuePair<ExecutionKey, Followed>(key, followed));
        }
    }

    private sealed class Follower(ExecutionChangeHub hub, ExecutionKey key, Followed followed) : IExecutionFollower
    {
        private int _disposed;

        public async ValueTask<bool> WaitAsync(long afterEventId, TimeSpan wait, CancellationToken cancellation)
        {
            try
            {
                await followed.After(afterEventId).WaitAsync(wait, hub._time, cancellation);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                hub.Unfollow(key, followed);
            }
        }
    }

    /// <summary>One followed execution. Once its last follower has left it is closed for good, and removed.</summary>
    private sealed class Followed
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _grown = New();
        private long _lastEventId = -1;
        private int _followers;
        private bool _closed;

        public bool TryEnter()
        {
            lock (_gate)
            {
                _followers += _closed ? 0 : 1;
                return !_closed;
            }
        }

        public bool Leave()
        {
            lock (_gate)
            {
                _closed = --_followers == 0;
                return _closed;
            }
        }

        public Task After(long eventId)
        {
            lock (_gate)
            {
                return _lastEventId > eventId ? Task.CompletedTask : _grown.Task;
            }
        }

        public void Publish(long lastEventId)
        {
            TaskCompletionSource grown;
            lock (_gate)
            {
                _lastEventId = Math.Max(_lastEventId, lastEventId);
                grown = _grown;
                _grown = New();
            }

            grown.TrySetResult();
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
