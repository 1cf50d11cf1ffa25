using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;

namespace Lockstep.Engine.Failures;

/// <summary>How long a retrier waits (States Language, "Retrying after error").</summary>
internal static class RetryDelay
{
    /// <summary>The longest delay, in seconds: the largest interval that the language allows.</summary>
    private const double LongestSeconds = 99_999_999;

    /// <summary>
    /// The delay before the next retry: the interval, grown by the backoff rate with each retry before, capped, and with full jitter
    /// drawn between zero and that.
    /// </summary>
    /// <param name="retrier">The retrier.</param>
    /// <param name="used">How often it has been used in this visit.</param>
    /// <param name="turn">The source of the random number.</param>
    public static TimeSpan Of(Retrier retrier, int used, Turn turn)
    {
        double cap = Math.Min(retrier.MaxDelaySeconds ?? LongestSeconds, LongestSeconds);
        double seconds = retrier.IntervalSeconds;

        // Multiplied out, because Math.Pow may round differently on another platform, and a replay must not.
        for (int i = 0; i < used && seconds < cap && retrier.BackoffRate > 1; i++)
        {
            seconds *= retrier.BackoffRate;
        }

        seconds = Math.Min(seconds, cap);
        if (retrier.Jitter == JitterStrategy.Full && turn.Inspection is null) // A test answers the same every time.
        {
            seconds *= SeededRandom.Fraction(turn.NextRandom());
        }

        return TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
    }
}
