using Lockstep.Asl.Compiled;
using Lockstep.Embedded.Journal;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// What the embedded driver tells of its turns: kept beside the commit while somebody listens, told once the commit is durable. A replay
/// decides elsewhere and is told of to nobody.
/// </summary>
internal static class TurnReport
{
    /// <summary>Decides, and keeps with the commit what has to be told of it.</summary>
    public static Decision Decide(DriverRuntime runtime, CompiledMachine machine, ExecutionState before, Stimulus stimulus, TurnCommit commit)
    {
        ExecutionTelemetry? telemetry = runtime.Telemetry?.Executions;
        List<StateVisit>? visits = telemetry?.NewVisits();
        Decision decision = Interpreter.DecideWithVisits(machine, before, stimulus, runtime.Tokens, visits);
        if (telemetry is { IsObserved: true })
        {
            (commit.Observed ??= []).Add(new ObservedTurn(before, stimulus, decision, visits));
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
