using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Recovery;

/// <summary>Decides the stored turns of an execution again, each with the revision that it ran.</summary>
internal sealed class StoredExecutions(RecoveryParts parts, DecideTurn decide)
{
    private const string RevisionGone = "The revision of its state machine is gone.";

    private readonly LedgerTurns _turns = new(new LedgerStore(parts.Tables, parts.Blobs));

    /// <summary>Replays an execution up to its last turn.</summary>
    /// <param name="found">The execution.</param>
    /// <param name="head">Its head.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<StoredReplay> ReplayAsync(LedgerHead found, HeadRow head, CancellationToken cancellation)
    {
        string machine = PinnedMachines.NameOf(found.Record);
        TenantId tenant = found.Record.Key.Tenant;
        StateMachineRecord? first = await parts.Machines.FindRevisionAsync(tenant, machine, found.FirstRevisionId, cancellation);
        StateMachineRecord? last = found.Record.RevisionId == found.FirstRevisionId
            ? first
            : await parts.Machines.FindRevisionAsync(tenant, machine, found.Record.RevisionId, cancellation);
        if (first is null || last is null)
        {
            return new StoredReplay(null, null, RevisionGone);
        }

        var replay = new ReplayedTurns(found.Part.Of(parts.Compiled.Get(first.Definition)), parts.Tokens, decide);
        string? disagreement = null;
        await foreach (TurnRecord turn in _turns.ReadAsync(found.Record.Key, cancellation))
        {
            if (head.Redrives > 0 && TurnCodec.ReadStimulus(turn.Bytes.Span) is Redriven { Definition.RevisionId: { } id })
            {
                StateMachineRecord? revision = id == last.RevisionId ? last : await parts.Machines.FindRevisionAsync(tenant, machine, id, cancellation);
                if (revision is null)
                {
                    return new StoredReplay(null, null, RevisionGone);
                }

                replay.Machine = found.Part.Of(parts.Compiled.Get(revision.Definition));
            }

            disagreement = replay.Take(turn);
            if (disagreement is not null)
            {
                break;
            }
        }

        disagreement ??= replay.Compare(head);
        return disagreement is null
            ? new StoredReplay(replay, last, null)
            : new StoredReplay(null, null, disagreement + " Deploy the release that it ran on: it then goes on by itself.");
    }
}

/// <summary>What a replay came to.</summary>
/// <param name="Replay">The turns; null when they cannot be decided again.</param>
/// <param name="Revision">The revision that the execution runs now.</param>
/// <param name="Problem">Why they cannot be decided again.</param>
internal sealed record StoredReplay(ReplayedTurns? Replay, StateMachineRecord? Revision, string? Problem);
