using System.Collections.Immutable;

namespace Lockstep.Asl.Compiled;

/// <summary>How a retrier spreads its delays (States Language, "JitterStrategy").</summary>
public enum JitterStrategy
{
    /// <summary>The computed delay, exactly.</summary>
    None,

    /// <summary>A delay drawn uniformly between 0 and the computed one.</summary>
    Full,
}

/// <summary>A retrier, with the specification's defaults applied (States Language, "Retrying after error").</summary>
/// <param name="ErrorEquals">Error names that it handles, in order.</param>
/// <param name="IntervalSeconds">Delay before the first retry, in seconds; at least 1.</param>
/// <param name="MaxAttempts">Retries at most; 0 means never. Default 3.</param>
/// <param name="BackoffRate">Factor by which the delay grows with each retry; at least 1.0.</param>
/// <param name="MaxDelaySeconds">Cap of the delay, in seconds; null when absent.</param>
/// <param name="Jitter">Spread of the delay.</param>
public sealed record Retrier(
    ImmutableArray<string> ErrorEquals, long IntervalSeconds, long MaxAttempts, double BackoffRate, long? MaxDelaySeconds, JitterStrategy Jitter);
