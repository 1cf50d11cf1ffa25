using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>
/// Tells of turns that an append has made durable itself: a batch that is repeated, or that overlaps with one before, finds them durable and tells
/// nothing. What was written by an append that never learnt of it is told by nobody.
/// </summary>
internal sealed class TurnReport(ServiceTelemetry telemetry, TracedExecution execution, BodyParts parts)
{
    private readonly Dictionary<long, TurnFactsMessage> _facts = [];

    /// <summary>A turn that may be about to become durable; its facts are read now, as telling must not fail.</summary>
    public async ValueTask AddAsync(TurnMessage turn, CancellationToken cancellation)
    {
        if (turn.Facts is { } facts)
        {
            _facts[turn.Turn] = TurnFactsMessage.Read((await parts.ReadAsync(execution.Key, facts, cancellation)).Span);
        }
    }

    /// <summary>A turn is durable, by this append.</summary>
    public void Tell(TurnRecord turn)
    {
        if (!_facts.TryGetValue(turn.Turn, out TurnFactsMessage? facts))
        {
            return;
        }

        telemetry.Executions.Turned(execution, facts.ToFacts());
        if (facts.Late is { } late)
        {
            telemetry.TimerFired(late);
        }
    }
}
