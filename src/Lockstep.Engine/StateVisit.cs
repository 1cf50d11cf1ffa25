using Lockstep.Asl;

namespace Lockstep.Engine;

/// <summary>
/// A visit of a state that a turn ended: what a span of it tells. Derived, like history, from the machine, the state and the stimulus alone.
/// </summary>
/// <param name="StateName">The state.</param>
/// <param name="StateType">Its type.</param>
/// <param name="EnteredEventId">The StateEntered event; names the visit within the execution.</param>
/// <param name="EnteredTime">When it was entered.</param>
/// <param name="AroundEventId">The StateEntered event of the Parallel or Map state around it; 0 when there is none.</param>
/// <param name="Index">Which branch or iteration of that state it belongs to, from 0; 0 when there is none.</param>
/// <param name="Outcome">How it ended.</param>
public readonly record struct StateVisit(
    string StateName, StateType StateType, long EnteredEventId, DateTimeOffset EnteredTime, long AroundEventId, int Index, VisitOutcome Outcome);

/// <summary>How a visit of a state ended.</summary>
public enum VisitOutcome
{
    /// <summary>The state did its work.</summary>
    Exited,

    /// <summary>The state failed and a Catcher led on.</summary>
    Caught,

    /// <summary>The state failed and its scope with it.</summary>
    Failed,

    /// <summary>The state was given up: something beside or around it ended first.</summary>
    Aborted,
}
