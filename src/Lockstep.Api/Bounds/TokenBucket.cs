namespace Lockstep.Api.Bounds;

/// <summary>
/// A rate with room for bursts: the bucket holds up to <paramref name="burst"/> requests and gains <paramref name="perSecond"/> a
/// second. Time comes from the provider, so a test moves it by hand.
/// </summary>
public sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _stamp = time.GetTimestamp();

    /// <summary>Takes one; when there is none, says after how many whole seconds there will be.</summary>
    public bool TryTake(out int retryAfterSeconds)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_stamp, now).TotalSeconds * perSecond));
            _stamp = now;
            if (_tokens >= 1)
            {
                _tokens--;
                retryAfterSeconds = 0;
                return true;
            }

            retryAfterSeconds = (int)Math.Max(1, Math.Ceiling((1 - _tokens) / perSecond));
            return false;
        }
    }
}
