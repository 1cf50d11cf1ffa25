using System.Collections.Immutable;
using Lockstep.Asl.Evaluation;

namespace Lockstep.Engine.Failures;

/// <summary>An error on its way: from where it arose through Retry and Catch, out of the scope, up to the execution.</summary>
/// <param name="Error">Its name and cause, as history shows them.</param>
/// <param name="Origin">Where it arose; decides which wildcards match it.</param>
internal readonly record struct Failure(StatesError Error, FailureOrigin Origin)
{
    /// <summary>Whether a Retrier or Catcher with these names handles the error.</summary>
    /// <remarks>
    /// States.Runtime always ends the execution, even where it is named. States.ALL matches everything else but a payload over the limit
    /// that a state, not its task, produced. States.TaskFailed matches what a task reported, timeouts apart. A missed heartbeat is shown
    /// as States.Timeout and may be named States.HeartbeatTimeout.
    /// </remarks>
    public bool Matches(ImmutableArray<string> errorEquals)
    {
        if (Error.Name == StatesErrorNames.Runtime && Origin != FailureOrigin.Task)
        {
            return false;
        }

        foreach (string name in errorEquals)
        {
            bool matches = name switch
            {
                StatesErrorNames.All => Error.Name != StatesErrorNames.DataLimitExceeded || Origin == FailureOrigin.Task,
                StatesErrorNames.TaskFailed => Error.Name == name
                    || (Origin == FailureOrigin.Task && Error.Name is not (StatesErrorNames.Timeout or StatesErrorNames.Runtime)),
                StatesErrorNames.HeartbeatTimeout => Error.Name == name || Origin == FailureOrigin.Heartbeat,
                _ => Error.Name == name,
            };
            if (matches)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Where a failure arose.</summary>
internal enum FailureOrigin
{
    /// <summary>The state itself: an expression, a limit, a Fail state.</summary>
    State,

    /// <summary>The resource of a Task state.</summary>
    Task,

    /// <summary>The timeout of a Task state.</summary>
    Timeout,

    /// <summary>The missing heartbeat of a Task state.</summary>
    Heartbeat,
}
