using System.Buffers;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Work;

/// <summary>
/// Runs Express executions in this worker, in memory. One that is in the ledger has a durable start and a durable end and nothing between: a
/// worker that dies leaves it to another one, which runs it again from its start with the same idempotency keys.
/// </summary>
public sealed class ExpressWorker
{
    /// <summary>The epoch in which the ledger has an Express execution; each redrive begins another one.</summary>
    private const long FirstEpoch = 1;

    private readonly ExpressParts _parts;

    /// <summary>A worker over its parts.</summary>
    public ExpressWorker(ExpressParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
    }

    /// <summary>Runs an execution of the ledger to its end; one that has ended, or is not there, stays as it is.</summary>
    /// <exception cref="OperationCanceledException">The worker stops; another one has to run it again.</exception>
    public async ValueTask RunStoredAsync(ExecutionKey key, CancellationToken cancellation)
    {
        LedgerHead? head = await _parts.Ledger.FindAsync(key, cancellation);
        if (head is not { Quarantine: null, Record: { Type: WorkflowType.Express } record })
        {
            return;
        }

        if (record.Status == ExecutionStatus.Running)
        {
            StateMachineRecord revision = await _parts.Machines.FindPinnedAsync(record, cancellation)
                ?? throw new InvalidOperationException($"Revision {record.RevisionId} of {record.StateMachineName} is pinned but not in the store.");
            _parts.Runtime.Telemetry?.ExpressRan(key, isSynchronous: false);
            ExpressEnd end = await RunAsync(revision, head.Part, key, head.Attempt, _parts.LongestRun, CancellationToken.None, cancellation);
            await EndAsync(key, end, head, cancellation);
        }
        else
        {
            // A delivery before this one may have ended it and then have been interrupted.
            await FollowAsync(key, cancellation);
        }
    }

    /// <summary>Tells that a synchronous execution begins to run.</summary>
    public void TellSynchronous(ExecutionKey key) => _parts.Runtime.Telemetry?.ExpressRan(key, isSynchronous: true);

    /// <summary>Runs an execution in memory.</summary>
    /// <param name="revision">The machine.</param>
    /// <param name="part">What of it is run.</param>
    /// <param name="key">The execution.</param>
    /// <param name="started">Its start.</param>
    /// <param name="longest">Time after which it is timed out.</param>
    /// <param name="cancellation">Nobody wants the outcome any more.</param>
    /// <param name="stopping">The worker stops.</param>
    public Task<ExpressEnd> RunAsync(
        StateMachineRecord revision,
        ExecutionPart part,
        ExecutionKey key,
        Started started,
        TimeSpan longest,
        CancellationToken cancellation,
        CancellationToken stopping)
    {
        CompiledMachine machine = part.Of(_parts.Compile(revision));
        return _parts.Runtime.RunAsync(machine, revision.Logging, new Owner(key, started.Identity.Seed), started, longest, cancellation, stopping);
    }

    /// <summary>Makes an end durable, and lets follow what has to. The first end that is written holds.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="end">How it has ended.</param>
    /// <param name="began">How the ledger had it when the run began; null when that was its start.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask EndAsync(ExecutionKey key, ExpressEnd end, LedgerHead? began, CancellationToken cancellation)
    {
        // An Express execution has no history. The only turn of a run has no events and carries what is billed.
        long ordinal = (began?.LastTurn ?? 0) + 1;
        var bytes = new ArrayBufferWriter<byte>();
        TurnDigest digest = TurnCodec.Write(bytes, new Continued(end.StoppedAt), []);
        var turn = new TurnRecord(
            ordinal, FirstEventId: 1, Events: 0, TurnChain.After(began?.Chain ?? TurnChain.Start, ordinal, digest), end.Transitions, bytes.WrittenMemory);
        AppendOutcome appended = await _parts.Ledger.AppendAsync(
            key,
            new AppendBatch
            {
                Epoch = Math.Max(began?.Epoch ?? 0, FirstEpoch),
                Turns = [turn],
                End = new ExecutionEnd(end.Status, end.StoppedAt, end.Output, end.Error, end.Cause),
            },
            cancellation);
        if (appended is Appended)
        {
            await _parts.FollowUp(key, cancellation);
        }
        else if (appended is AlreadyEnded)
        {
            await FollowAsync(key, cancellation);
        }
        else if (appended is not FencedOff)
        {
            throw new InvalidOperationException($"The end of Express execution '{key.Id}' was answered with {appended}.");
        }
    }

    /// <summary>Whoever has written the end may not have come to list it: that comes before its parent hears of it.</summary>
    private async ValueTask FollowAsync(ExecutionKey key, CancellationToken cancellation)
    {
        await _parts.Ledger.SettleAsync(key, cancellation);
        await _parts.FollowUp(key, cancellation);
    }

    private sealed class Owner(ExecutionKey key, ulong seed) : IEffectOwner
    {
        private string? _effectKeys;

        public ExecutionKey Key => key;

        public string EffectKeys => _effectKeys ??= Service.Effects.EffectKeys.Of(key, unchecked((long)seed));
    }
}

/// <summary>What Express executions work with.</summary>
/// <param name="Ledger">Keeps those that outlive a call.</param>
/// <param name="Machines">Where definitions are.</param>
/// <param name="Compile">Compiles a stored definition; it compiled when it was created, so it does.</param>
/// <param name="Runtime">Runs them.</param>
/// <param name="LongestRun">Time after which any is timed out.</param>
/// <param name="FollowUp">What has to follow an end; may be repeated.</param>
public sealed record ExpressParts(
    IExecutionLedger Ledger,
    IStateMachineStore Machines,
    Func<StateMachineRecord, CompiledMachine> Compile,
    ExpressRuntime Runtime,
    TimeSpan LongestRun,
    Func<ExecutionKey, CancellationToken, ValueTask> FollowUp);
