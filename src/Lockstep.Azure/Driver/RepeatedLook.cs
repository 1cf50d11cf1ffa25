using System.Diagnostics;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Driver;

/// <summary>Looks again and again, at growing intervals, for what some orchestration or worker has to bring about.</summary>
internal static class RepeatedLook
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    /// <summary>Looks until there is an answer.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="longest">Time after which it does not wait any more.</param>
    /// <param name="look">Looks once; gets whether it is the last time, when it has to have an answer, and answers null to be asked again.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<Result<T>> UntilAsync<T>(
        TimeProvider time, TimeSpan longest, Func<bool, ValueTask<Result<T>?>> look, CancellationToken cancellation)
        where T : notnull
    {
        long began = time.GetTimestamp();
        TimeSpan pause = _firstPause;
        while (true)
        {
            bool isLast = time.GetElapsedTime(began) + pause > longest;
            if (await look(isLast) is { } answer)
            {
                return answer;
            }

            if (isLast)
            {
                throw new UnreachableException("The last look has no answer.");
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }
    }
}
