using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;

namespace Lockstep.Targets.MapRuns;

/// <summary>Reads the children of a map run in the order of their indices, several at a time.</summary>
/// <param name="runs">Knows the children.</param>
/// <param name="run">The map run.</param>
internal sealed class ChildResults(IMapRunDriver runs, ExecutionKey run)
{
    private const int ReadsAtOnce = 32;

    /// <summary>Children from an index up to another one; null for one whose start was refused, and that is in no store therefore.</summary>
    public async IAsyncEnumerable<(long Index, ExecutionRecord? Child)> ReadAsync(
        long from, long until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (long first = from; first < until; first += ReadsAtOnce)
        {
            int count = (int)Math.Min(ReadsAtOnce, until - first);
            long start = first;
            ExecutionRecord?[] found = await Task.WhenAll(
                Enumerable.Range(0, count).Select(offset => runs.FindChildAsync(run, start + offset, cancellation).AsTask()));
            for (int offset = 0; offset < count; offset++)
            {
                yield return (first + offset, found[offset]);
            }
        }
    }
}
