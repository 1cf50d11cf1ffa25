using System.Globalization;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Storage;

/// <summary>How often, and how patiently, a store tries.</summary>
public sealed record StorageRetryOptions
{
    /// <summary>Attempts of one operation of a store. Default 12.</summary>
    public int MaxAttempts { get; init; } = 12;

    /// <summary>The longest wait after the first attempt; it doubles from attempt to attempt. Default 20 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait between two attempts. Default 1 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// Repeats an operation whose effect is unknown, or that somebody else has come in between of. An attempt therefore always looks first, and
/// recognises what an attempt before it has done. Waits are drawn at random up to their bound, so that writers of one row do not meet again.
/// </summary>
public sealed class StorageRetry(StorageRetryOptions options, TimeProvider time)
{
    /// <summary>Makes attempts until one is done.</summary>
    /// <param name="attempt">One attempt; <see cref="Attempt.Again"/> when somebody else was faster.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageUnavailableException">The last attempt failed; whether it had an effect is unknown.</exception>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<Attempt<T>>> attempt, CancellationToken cancellation)
    {
        for (int tried = 1; ; tried++)
        {
            try
            {
                Attempt<T> made = await attempt();
                if (made.IsDone)
                {
                    return made.Value;
                }

                if (tried >= options.MaxAttempts)
                {
                    throw new StorageUnavailableException(string.Create(
                        CultureInfo.InvariantCulture, $"Somebody else changed the same rows at each of {tried} attempts."));
                }
            }
            catch (StorageUnavailableException) when (tried < options.MaxAttempts)
            {
                // The next attempt looks at what this one has done.
            }

            await Task.Delay(DelayAfter(tried), time, cancellation);
        }
    }

    private TimeSpan DelayAfter(int tried)
    {
        double bound = Math.Min(options.MaxDelay.Ticks, options.FirstDelay.Ticks * Math.Pow(2, tried - 1));
        return TimeSpan.FromTicks((long)(bound * Random.Shared.NextDouble()));
    }
}

/// <summary>How one attempt ended. A default value has to be tried again.</summary>
/// <param name="Value">The answer of one that is done.</param>
/// <param name="IsDone">Whether the operation is done.</param>
public readonly record struct Attempt<T>(T Value, bool IsDone)
{
    /// <summary>An answer.</summary>
    public static implicit operator Attempt<T>(T value) => new(value, true);

    /// <summary>Again.</summary>
    public static implicit operator Attempt<T>(Attempt again) => default;
}

/// <summary>An attempt that has to be repeated, whatever the type of its answer.</summary>
public readonly struct Attempt
{
    /// <summary>Somebody else was faster: look again, and try again.</summary>
    public static Attempt Again => default;

    /// <summary>An answer whose type is an interface, which has no conversions.</summary>
    public static Attempt<T> Done<T>(T value) => new(value, true);
}
