using System.Collections.Immutable;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// What an append writes, in transactions that each replace the head by its version: one, as long as everything fits. Where it does not, each
/// transaction leaves the ledger true for itself, and the same batch again writes what is missing.
/// </summary>
internal sealed class AppendPlan
{
    /// <summary>Bytes that a head may grow by while it is planned.</summary>
    private const int Slack = 1024;

    private readonly ExecutionKey _key;
    private readonly HeadRow _read;
    private readonly List<Step> _steps = [];

    /// <summary>A plan for an execution whose head was read.</summary>
    public AppendPlan(ExecutionKey key, HeadRow read)
    {
        _key = key;
        _read = read;
        Head = read;
    }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _steps.Count == 0;

    /// <summary>The head after everything planned so far.</summary>
    public HeadRow Head { get; private set; }

    /// <summary>Adds changes that have to come together, and the head that they lead to.</summary>
    public void Add(HeadRow after, params ImmutableArray<EntityWrite> writes)
    {
        Head = after;
        _steps.Add(new Step(after, writes, TableRules.TransactionBytes(writes)));
    }

    /// <summary>Writes it all; the head as it is then, or null when somebody else has changed what was read.</summary>
    /// <param name="store">The rows.</param>
    /// <param name="written">Told of the head after each transaction.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<HeadRow?> WriteAsync(LedgerStore store, Action<HeadRow> written, CancellationToken cancellation)
    {
        string? etag = _read.ETag;
        int next = 0;
        while (next < _steps.Count)
        {
            List<EntityWrite> writes = [];
            long bytes = TableRules.TransactionBytes(_read.Replace(_key)) + Slack;
            HeadRow after = _read;
            while (next < _steps.Count && Fits(_steps[next], writes.Count, bytes))
            {
                Step step = _steps[next++];
                writes.AddRange(step.Writes);
                bytes += step.Bytes;
                after = step.After;
            }

            writes.Insert(0, (after with { ETag = etag }).Replace(_key));
            WriteOutcome outcome = await store.WriteAsync(writes, cancellation);
            if (!outcome.Succeeded)
            {
                return null;
            }

            etag = outcome.ETags[0];
            written(after);
        }

        return Head with { ETag = etag };
    }

    private static bool Fits(Step step, int writes, long bytes) =>
        writes == 0 || (writes + step.Writes.Length < TableRules.MaxWrites && bytes + step.Bytes <= TableRules.MaxTransactionBytes);

    private sealed record Step(HeadRow After, ImmutableArray<EntityWrite> Writes, long Bytes);
}
