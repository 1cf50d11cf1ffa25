using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Follows executions by looking at their heads: what commits may be any process, so nobody here can be told. A look is one point read; the pauses
/// between looks grow to <see cref="LongestPause"/>, so an open stream costs about one read a second while nothing happens.
/// </summary>
public sealed class PollingExecutionChanges : IExecutionChanges
{
    /// <summary>The pause after the first look.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two looks.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly LedgerStore _store;
    private readonly TimeProvider _time;

    /// <summary>Followers over the deployment's tables.</summary>
    public PollingExecutionChanges(ITables tables, IBlobs blobs, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        ArgumentNullException.ThrowIfNull(time);
        _store = new LedgerStore(tables, blobs);
        _time = time;
    }

    /// <inheritdoc/>
    public IExecutionFollower Follow(ExecutionKey key) => new Follower(_store, _time, key);

    private sealed class Follower(LedgerStore store, TimeProvider time, ExecutionKey key) : IExecutionFollower
    {
        public async ValueTask<bool> WaitAsync(long afterEventId, TimeSpan wait, CancellationToken cancellation)
        {
            long began = time.GetTimestamp();
            TimeSpan pause = FirstPause;
            while (true)
            {
                if (await store.FindHeadAsync(key, cancellation) is { } head && head.LastEventId > afterEventId)
                {
                    return true;
                }

                TimeSpan left = wait == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : wait - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                await Task.Delay(pause < left ? pause : left, time, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        public void Dispose()
        {
        }
    }
}
