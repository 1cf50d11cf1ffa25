using Lockstep.Embedded.Storage;
using Lockstep.Service.Timers;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Wakes executions outside memory when something in them is due. Only wake times within the horizon are in memory; the rest is read
/// from the store as the horizon moves on, so a year's wait costs nothing until its last minute.
/// </summary>
internal sealed class WakeSchedule : IDisposable
{
    private const string DueBetween = "SELECT no, wake_at FROM executions WHERE parked = 1 AND wake_at > ?1 AND wake_at <= ?2";

    private readonly DriverRuntime _runtime;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _horizon = long.MinValue;

    public WakeSchedule(DriverRuntime runtime)
    {
        _runtime = runtime;
        TimeSpan half = runtime.Options.WakeHorizon / 2;
        _timer = runtime.Time.CreateTimer(static wakes => ((WakeSchedule)wakes!).TryExtend(), this, Timeout.InfiniteTimeSpan, half);
    }

    /// <summary>Reads the first stretch, and goes on by itself.</summary>
    public void Start()
    {
        Extend();
        _timer.Change(_runtime.Options.WakeHorizon / 2, _runtime.Options.WakeHorizon / 2);
    }

    /// <summary>An execution has left memory.</summary>
    public void Parked(long number, long wakeAt)
    {
        lock (_gate)
        {
            if (wakeAt > _horizon)
            {
                return;
            }
        }

        Schedule(number, wakeAt);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void TryExtend()
    {
        try
        {
            Extend();
        }
        catch (StorageException failure)
        {
            _runtime.Committer.Fail(failure);
        }
    }

    private void Extend()
    {
        long from;
        long to = (_runtime.Time.GetUtcNow() + _runtime.Options.WakeHorizon).UtcTicks;
        lock (_gate)
        {
            // The horizon moves before the read: who parks meanwhile schedules itself, and at worst is woken twice, which is harmless.
            from = _horizon;
            _horizon = to;
        }

        List<(long Number, long WakeAt)> due = _runtime.Store.Read((from, to), static (connection, range) =>
        {
            List<(long, long)> found = [];
            using SqliteStatement rows = connection.Prepare(DueBetween).Bind(1, range.from).Bind(2, range.to);
            while (rows.Step())
            {
                found.Add((rows.Int64(0), rows.Int64(1)));
            }

            return found;
        });
        foreach ((long number, long wakeAt) in due)
        {
            Schedule(number, wakeAt);
        }
    }

    private void Schedule(long number, long wakeAt) =>
        _runtime.Timers.Set(new Wake(_runtime, number), new DateTimeOffset(wakeAt, TimeSpan.Zero));

    private sealed class Wake(DriverRuntime runtime, long number) : DueEntry
    {
        public override void Due() => runtime.Post(number, new WakeMail(), inline: false);
    }
}
