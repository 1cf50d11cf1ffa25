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
    /// <summary>Changes of one transaction, one of which is the head's.</summary>
    public const int MaxEntities = 100;

    /// <summary>Bytes of one transaction. Tables take 4 MiB as text, in which four characters stand for three bytes.</summary>
    public const int MaxBytes = 2_500_000;

    private const int BytesBesideValues = 512;

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
        _steps.Add(new Step(after, writes, writes.Sum(SizeOf)));
    }

    /// <summary>Writes it all; the head as it is then, or null when somebody else has changed what was read.</summary>
    public async ValueTask<HeadRow?> WriteAsync(LedgerStore store, CancellationToken cancellation)
    {
        string? etag = _read.ETag;
        int next = 0;
        while (next < _steps.Count)
        {
            List<EntityWrite> writes = [];
            int bytes = BytesBesideValues;
            HeadRow after = _read;
            while (next < _steps.Count && Fits(_steps[next], writes.Count, bytes))
            {
                Step step = _steps[next++];
                writes.AddRange(step.Writes);
                bytes += step.Bytes;
                after = step.After;
            }

            writes.Insert(0, (after with { ETag = etag }).Replace(_key));
            WriteOutcome written = await store.WriteAsync(writes, cancellation);
            if (!written.Succeeded)
            {
                return null;
            }

            etag = written.ETags[0];
        }

        return Head with { ETag = etag };
    }

    private static bool Fits(Step step, int writes, int bytes) =>
        writes == 0 || (writes + step.Writes.Length < MaxEntities && bytes + step.Bytes <= MaxBytes);

    private static int SizeOf(EntityWrite write) => BytesBesideValues + write switch
    {
        InsertEntity insert => SizeOf(insert.Entity),
        ReplaceEntity replace => SizeOf(replace.Entity),
        PutEntity put => SizeOf(put.Entity),
        DeleteEntity => 0,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static int SizeOf(Entity entity) => entity.Properties.Sum(property => property.Value switch
    {
        string text => text.Length * 2,
        ReadOnlyMemory<byte> bytes => bytes.Length,
        _ => sizeof(long),
    });

    private sealed record Step(HeadRow After, ImmutableArray<EntityWrite> Writes, int Bytes);
}
