namespace Lockstep.Api.Bounds;

/// <summary>
/// A rate with room for bursts: the bucket holds up to <paramref name="burst"/> requests and gains <paramref name="perSecond"/> a
/// second. Time comes from the provider, so a test moves it by hand.
/// </summary>
public sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _stamp = time.GetTimestamp();

    /// <summary>Whether nothing has been taken for so long that it is as good as new.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _tokens >= burst;
            }
        }
    }

    /// <summary>Takes one; when there is none, says after how many whole seconds there will be.</summary>
    public bool TryTake(out int retryAfterSeconds)
    {
        lock (_gate)
        {
            if (HasOne(out retryAfterSeconds))
            {
                _tokens--;
                return true;
            }

            return false;
        }
    }

    /// <summary>Whether one could be taken; when not, says after how many whole seconds.</summary>
    public bool Allows(out int retryAfterSeconds)
    {
        lock (_gate)
        {
            return HasOne(out retryAfterSeconds);
        }
    }

    private bool HasOne(out int retryAfterSeconds)
    {
        Refill();
        retryAfterSeconds = _tokens >= 1 ? 0 : (int)Math.Max(1, Math.Ceiling((1 - _tokens) / perSecond));
        return _tokens >= 1;
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_stamp, now).TotalSeconds * perSecond));
        _stamp = now;
    }
}
