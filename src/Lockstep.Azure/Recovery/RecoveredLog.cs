using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Recovery;

/// <summary>
/// Logs the stored turns of an execution once more that goes on in a new orchestration: the append of the last ones may have been cut off before it came to log
/// them, and nobody repeats it any more. What is logged already stays as it is.
/// </summary>
internal sealed class RecoveredLog(RecoveryParts parts)
{
    private const int EventsAtOnce = 500;

    private readonly LedgerTurns _turns = new(new LedgerStore(parts.Tables, parts.Blobs));

    /// <summary>Logs what the revision says.</summary>
    public async ValueTask LogAsync(ExecutionRecord record, StateMachineRecord revision, CancellationToken cancellation)
    {
        if (revision.Logging.LogGroup is not { } name)
        {
            return;
        }

        var group = new LogGroup(record.Key.Tenant, name);
        List<LogEvent> waiting = [];
        int redrives = 0;
        await foreach (TurnRecord turn in _turns.ReadAsync(record.Key, cancellation))
        {
            IReadOnlyList<HistoryEvent> events = TurnCodec.ReadEvents(turn.Bytes.Span);
            redrives += events.Count(one => one.Type == HistoryEventType.ExecutionRedriven);
            waiting.AddRange(ExecutionLog.Of(revision.Logging, record.Key, record.Arn, redrives, events));
            if (waiting.Count >= EventsAtOnce)
            {
                await parts.Logs.AppendAsync(group, waiting, cancellation);
                waiting = [];
            }
        }

        await parts.Logs.AppendAsync(group, waiting, cancellation);
    }
}
