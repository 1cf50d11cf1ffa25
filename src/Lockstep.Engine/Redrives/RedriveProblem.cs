namespace Lockstep.Engine.Redrives;

/// <summary>Why an execution cannot be redriven in the way that was asked for.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">What is wrong and where.</param>
public sealed record RedriveProblem(RedriveProblemKind Kind, string Message);

/// <summary>The kinds of <see cref="RedriveProblem"/>.</summary>
public enum RedriveProblemKind
{
    /// <summary>An input was given, and more than one state would be tried again, none of which failed the execution; or no state would.</summary>
    InputFitsNoState,

    /// <summary>The other revision has not got a state at which the execution would go on, or not in its place.</summary>
    StateMissing,

    /// <summary>The state at which the execution would go on is another kind of state in the other revision.</summary>
    StateChanged,
}
