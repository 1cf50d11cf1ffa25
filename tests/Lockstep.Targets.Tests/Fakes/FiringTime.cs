namespace Lockstep.Targets.Tests.Fakes;

/// <summary>A clock whose timers strike when the test says so, and only then.</summary>
internal sealed class FiringTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FiringTimer> _timers = [];

    /// <summary>Lets every timer strike that is still armed.</summary>
    public void Fire()
    {
        FiringTimer[] armed;
        lock (_gate)
        {
            armed = [.. _timers];
        }

        foreach (FiringTimer timer in armed)
        {
            timer.Strike();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FiringTimer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private void Forget(FiringTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class FiringTimer(FiringTime owner, TimerCallback callback, object? state) : ITimer
    {
        public void Strike() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => owner.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
