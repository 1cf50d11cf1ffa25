using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Recovery;

/// <summary>
/// Redrives an execution: decides its stored turns again, as far as they go, opens its head again together with the stimulus in its inbox, and has a new
/// orchestration go on from there, under an epoch that fences the old one off. Once the head is open the redrive is durable; what is left to do then, the sweep
/// and the recovery do, should this be cut off.
/// </summary>
internal sealed class ExecutionRedrive(RecoveryParts parts, TableExecutionLedger ledger, IIntents intents, DecideTurn decide, TimeProvider time, TimeSpan sweepAfter)
{
    private readonly LedgerStore _store = new(parts.Tables, parts.Blobs);
    private readonly Reopening _reopening = new(parts, ledger);

    /// <summary>See <see cref="IExecutionDriver.RedriveAsync"/>.</summary>
    public async ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation)
    {
        ExecutionKey key = request.Key;
        var intent = new Intent(IntentKind.Start, key, time.GetUtcNow() + sweepAfter);
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            // The head first: whoever changes it between the two reads makes the opening fail.
            HeadRow? head = await _store.FindHeadAsync(key, cancellation);
            LedgerHead? found = await ledger.FindAsync(key, cancellation);
            if (head is null || found is null)
            {
                return DriverErrors.NoExecution(key);
            }

            if (head.Quarantine is not null)
            {
                return DriverErrors.Quarantined(key);
            }

            DateTimeOffset now = time.GetUtcNow();
            RedriveDecision? decided = RedriveDecision.AtOnce(
                head.Status, head.StoppedAt, (int)head.Redrives, RedriveTokens.Read(head.Tokens), request, now);
            if (decided is not null)
            {
                return Answer(decided, found);
            }

            StoredReplay stored = await new StoredExecutions(parts, decide).ReplayAsync(found, head, cancellation);
            if (stored is not { Replay: { } replay, Revision: { } revision })
            {
                return DriverErrors.Quarantined(key);
            }

            CompiledMachine? other = request.Revision is null ? null : parts.Compiled.Get(request.Revision.Definition);
            decided = RedriveDecision.Of(replay.State, replay.Machine, request, other, now);
            if (decided.Stimulus is not { } redriven)
            {
                return Answer(decided, found);
            }

            // What follows the end has to be done before anything else happens to the execution.
            await ledger.SettleAsync(key, cancellation);
            await intents.AddAsync(intent, cancellation);
            HeadRow opened = head.Redriven(redriven.Time) with
            {
                Tokens = RedriveTokens.With(head.Tokens, request.ClientToken, redriven.Time),
                Revision = redriven.Definition?.RevisionId ?? head.Revision,
                Version = redriven.Definition is null ? head.Version : request.Version,
            };
            if (!await _reopening.OpenAsync(key, head, opened, redriven, cancellation))
            {
                continue;
            }

            StateMachineRecord runs = redriven.Definition is null || request.Revision is null ? revision : request.Revision;
            ExecutionRecord record = await ledger.SettleAsync(key, cancellation) is { } settled ? settled.Record : found.Record;
            await _reopening.ScheduleAsync(record, found.Part, runs, replay, opened.Epoch, cancellation);
            await intents.RemoveAsync(intent, cancellation);
            return new RedriveOutcome(record, redriven.Time, Created: true);
        }

        throw LedgerStore.Contended(key);
    }

    private static Result<RedriveOutcome> Answer(RedriveDecision decided, LedgerHead found) => decided.Error is { } refused
        ? refused
        : new RedriveOutcome(found.Record, decided.RepeatedAt ?? throw new UnreachableException(), Created: false);
}
