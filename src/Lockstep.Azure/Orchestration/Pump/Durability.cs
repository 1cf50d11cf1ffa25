using System.Diagnostics;
using Lockstep.Azure.Orchestration.Contracts;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>Why an orchestration stops before its execution has ended.</summary>
internal enum PumpStop
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>A later epoch has taken over, or the execution is over without it: there is nothing to do any more, and nothing to say.</summary>
    FencedOff,

    /// <summary>The ledger and the interpreter disagree: nothing may be done any more, and it has to be said.</summary>
    Disagrees,
}

/// <summary>Makes turns durable, and compares what the ledger says of them with what was decided.</summary>
internal sealed class Durability(DurableCalls calls, LargeBodies bodies, TurnLog log, string instanceId, PumpSetup setup)
{
    /// <summary>Whether and why the orchestration has to stop.</summary>
    public PumpStop Stop { get; private set; }

    /// <summary>What the ledger and the interpreter disagree about; null when they agree.</summary>
    public string? Disagreement { get; private set; }

    /// <summary>Takes in the answer to a batch; false when the orchestration has to stop.</summary>
    public bool Confirm(SentBatch sent, AppendAnswer answer)
    {
        switch (answer.Result)
        {
            case AppendResult.Appended:
                Disagree(log.Confirm(sent, answer));
                break;
            case AppendResult.FencedOff or AppendResult.Ended:
                Stop = Stop == PumpStop.None ? PumpStop.FencedOff : Stop;
                break;
            case AppendResult.Gap:
                // Every batch begins with the first turn that is not known to be durable, so nothing can be missing before it.
                Disagree($"The ledger ends at turn {answer.LastTurn}, and turns after it were durable before.");
                break;
            case AppendResult.Diverged:
                Disagree($"Turn {answer.LastTurn} is not the one that is stored: the interpreter decides otherwise than it did.");
                break;
            default:
                throw new UnreachableException();
        }

        return Stop == PumpStop.None;
    }

    /// <summary>Returns when everything is durable, and the end with it; false when the orchestration has to stop instead.</summary>
    public async Task<bool> AppendAllAsync(EndMessage? end)
    {
        await log.PutLargeAsideAsync(bodies);
        bool ended = end is null;
        while (Stop == PumpStop.None && (!ended || log.HasUnconfirmed))
        {
            SentBatch? sent = null;
            AppendAnswer answer = await calls.CallAsync<AppendRequest, AppendAnswer>(OrchestrationNames.Append, () =>
            {
                sent = log.Next(end);
                return new AppendRequest
                {
                    Tenant = calls.Key.Tenant.Value,
                    Execution = calls.Key.Id,
                    Instance = instanceId,
                    Traced = setup.Traced,
                    Logging = setup.Logging,
                    Batch = sent.Batch,
                };
            });
            if (sent is null || !Confirm(sent, answer))
            {
                return false;
            }

            if (sent.Batch.End is not null)
            {
                return true;
            }
        }

        return Stop == PumpStop.None;
    }

    private void Disagree(string? disagreement)
    {
        if (disagreement is not null)
        {
            Stop = PumpStop.Disagrees;
            Disagreement ??= disagreement;
        }
    }
}
