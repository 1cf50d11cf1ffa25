using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Azure.Driver;

/// <summary>
/// Follows executions that any worker may carry on: looks whether there is an event after the last one seen, with growing pauses. A follower
/// costs one small read at each look and nothing between.
/// </summary>
/// <param name="reader">Reads history.</param>
/// <param name="time">The clock.</param>
public sealed class PolledChanges(IExecutionReader reader, TimeProvider time) : IExecutionChanges
{
    /// <summary>The pause after the first look; it doubles from look to look.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause, which is also the longest time by which a follower may be late.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IExecutionFollower Follow(ExecutionKey key) => new Follower(reader, time, key);

    private sealed class Follower(IExecutionReader reader, TimeProvider time, ExecutionKey key) : IExecutionFollower
    {
        public async ValueTask<bool> WaitAsync(long afterEventId, TimeSpan wait, CancellationToken cancellation)
        {
            long began = time.GetTimestamp();
            TimeSpan pause = FirstPause;
            var next = new PageRequest(1, afterEventId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            while (true)
            {
                if (await reader.ReadHistoryAsync(key, reverse: false, next, cancellation) is { Items.Count: > 0 })
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
