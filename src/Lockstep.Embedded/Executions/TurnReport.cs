using Lockstep.Embedded.Journal;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Telemetry;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// What the embedded driver tells of its turns: kept beside the commit while somebody listens, told once the commit is durable. What the revision has logged is
/// part of the commit. A replay decides elsewhere; it is told of to nobody and logs nothing.
/// </summary>
internal static class TurnReport
{
    /// <summary>Decides, and keeps with the commit what has to be told of it.</summary>
    public static Decision Decide(DriverRuntime runtime, ExecutionHeader header, ExecutionState before, Stimulus stimulus, TurnCommit commit)
    {
        ExecutionTelemetry? telemetry = runtime.Telemetry?.Executions;
        List<StateVisit>? visits = telemetry?.NewVisits();
        Decision decision = Interpreter.DecideWithVisits(header.Machine, before, stimulus, runtime.Tokens, visits);
        if (telemetry is { IsObserved: true })
        {
            (commit.Observed ??= []).Add(new ObservedTurn(before, stimulus, decision, visits));
        }

        if (header.LogGroup is { } group)
        {
            commit.Log(group, ExecutionLog.Of(header.Revision.Record.Logging, header.Key, decision));
        }

        return decision;
    }

    /// <summary>Tells whoever listens what is durable now.</summary>
    public static void Tell(ServiceTelemetry? telemetry, ExecutionKey execution, TurnCommit commit)
    {
        if (telemetry is null)
        {
            return;
        }

        foreach (StatusChange change in commit.Published)
        {
            telemetry.EventPublished(execution, change.Status);
        }

        if (commit.Observed is { } turns)
        {
            foreach (ObservedTurn turn in turns)
            {
                telemetry.Executions.Turned(execution, turn);
            }
        }
    }
}
