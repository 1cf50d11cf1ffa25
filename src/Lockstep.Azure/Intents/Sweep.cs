using Lockstep.Azure.Recovery;
using Lockstep.Service.Errors;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Intents;

/// <summary>
/// Finishes what was begun and not finished. A step is bounded and may be cut off anywhere: an intent leaves after what it stands for has been done,
/// and doing it again changes nothing. Several may step at the same time.
/// </summary>
/// <param name="intents">What is due.</param>
/// <param name="work">Finishes it.</param>
/// <param name="time">The clock.</param>
/// <param name="options">How much at a time.</param>
/// <param name="warn">Tells the operator what needs attention.</param>
/// <param name="telemetry">Told how far behind it is; null when nobody wants to know.</param>
public sealed class Sweep(
    TableIntents intents, SweepWork work, TimeProvider time, SweepOptions options, Action<string, Exception> warn, ServiceTelemetry? telemetry = null)
{
    /// <summary>Brings executions back whose orchestration is gone, a part of them in each step; null where nobody does.</summary>
    public RecoverySweep? Recovery { get; init; }

    /// <summary>Looks once at what is due.</summary>
    public async ValueTask<SweepStep> StepAsync(CancellationToken cancellation)
    {
        int done = 0;
        int postponed = 0;
        TimeSpan oldest = TimeSpan.Zero;
        for (int shard = 0; shard < TableIntents.Shards; shard++)
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach (DueIntent due in await intents.FindDueAsync(shard, now, options.MaxIntents, cancellation))
            {
                bool isDone = await LookAsync(due, cancellation);
                done += isDone ? 1 : 0;
                postponed += isDone ? 0 : 1;
                oldest = now - due.FirstDue > oldest ? now - due.FirstDue : oldest;
            }
        }

        telemetry?.IntentsSwept(oldest);
        if (Recovery is { } recovery)
        {
            await recovery.StepAsync(cancellation);
        }

        return new SweepStep(done, postponed, oldest);
    }

    private async ValueTask<bool> LookAsync(DueIntent due, CancellationToken cancellation)
    {
        bool isDone = false;
        try
        {
            isDone = await work.FinishAsync(due, cancellation);
        }
        catch (StorageUnavailableException unavailable)
        {
            warn($"An intent of kind {due.Intent.Kind} could not be looked after", unavailable);
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            // One execution that nobody can look after does not keep the sweep from the others.
            warn($"An intent of kind {due.Intent.Kind} met a defect", defect);
        }

        if (isDone)
        {
            await intents.RemoveAsync(due.Intent, cancellation);
        }
        else
        {
            await intents.PostponeAsync(due, time.GetUtcNow() + options.PauseAfter(due.Attempts), cancellation);
        }

        return isDone;
    }
}

/// <summary>What a step has done.</summary>
/// <param name="Done">Intents that are finished.</param>
/// <param name="Postponed">Intents that are to be looked at again.</param>
/// <param name="OldestOverdue">
/// How long ago the oldest intent of the step was due at first: grows when the sweep cannot keep up, and with an intent that stays undone however often it
/// is looked at.
/// </param>
public sealed record SweepStep(int Done, int Postponed, TimeSpan OldestOverdue);

/// <summary>How much the sweep does at a time, and how patient it is.</summary>
public sealed record SweepOptions
{
    /// <summary>Intents of each partition that one step looks at. Default 100.</summary>
    public int MaxIntents { get; init; } = 100;

    /// <summary>The pause after the first look; it doubles from look to look. Default 30 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause. Default 1 h.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The pause after some looks.</summary>
    internal TimeSpan PauseAfter(int attempts)
    {
        double ticks = FirstPause.Ticks * Math.Pow(2, attempts);
        return ticks < LongestPause.Ticks ? TimeSpan.FromTicks((long)ticks) : LongestPause;
    }
}
