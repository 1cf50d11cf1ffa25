namespace Lockstep.TestKit.Azure;

/// <summary>
/// Faults of tables, blobs and the bus that strike what goes on in the background only. A client that gets an error asks again, and its second request
/// is another one than the first: that is no part of the contracts.
/// </summary>
internal sealed class BackgroundFaults
{
    private const double WakeLossRate = 0.2;

    private readonly AsyncLocal<bool> _isBackground = new();
    private readonly Faults _faults;
    private int _losses;

    public BackgroundFaults(MemoryAzure cloud, TimeProvider time, int seed)
    {
        _faults = new Faults(seed) { BeforeEffectRate = 0.04, AnswerLostRate = 0.04, SentTwiceRate = 0.04 };
        Later = new LaterTime(time);
        cloud.Faults = _faults;
        cloud.Line.Strikes = () => _isBackground.Value;
        cloud.Line.Struck = (_, _) => Interlocked.Increment(ref _losses);
    }

    /// <summary>A clock that runs ahead of that of the test.</summary>
    public LaterTime Later { get; }

    /// <summary>From here on, the caller and what it begins are background.</summary>
    public void Enter() => _isBackground.Value = true;

    /// <summary>Whether a wake gets lost on its way.</summary>
    public bool LosesWake()
    {
        bool isLost = _faults.Happens(WakeLossRate);
        Interlocked.Add(ref _losses, isLost ? 1 : 0);
        return isLost;
    }

    /// <summary>From here on, the caller and what it begins are not.</summary>
    public void Leave() => _isBackground.Value = false;

    /// <summary>Whether anything went wrong since the last time that somebody asked.</summary>
    public bool TakeLosses() => Interlocked.Exchange(ref _losses, 0) > 0;

    /// <summary>The clock of a sweep that comes later: longer than any pause of the sweep.</summary>
    internal sealed class LaterTime(TimeProvider time) : TimeProvider
    {
        private TimeSpan _by;

        public void MoveOn() => _by += TimeSpan.FromHours(2);

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + _by;

        public override long GetTimestamp() => time.GetTimestamp();

        public override long TimestampFrequency => time.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime, period);
    }
}
