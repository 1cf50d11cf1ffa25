namespace Lockstep.Asl.Evaluation;

/// <summary>An error as the States Language reports it: a name that Retry and Catch match, and a human-readable cause.</summary>
/// <param name="Name">The error name, such as <c>States.TaskFailed</c> or a name of the user's own; null when the source gave none.</param>
/// <param name="Cause">
/// Human-readable text; null when the source gave none. A cause that comes from evaluating an expression is only the reason: Step Functions shows
/// it after <c>An error occurred while executing the state 'NAME' (entered at the event id #N). </c>, which the interpreter, who knows both, puts
/// before it.
/// </param>
public sealed record StatesError(string? Name, string? Cause)
{
    /// <summary>
    /// The place in the state of the JSONata expression that failed, such as <c>Output/total</c> or <c>Choices[1]/Condition</c>; null where no
    /// expression is to blame.
    /// </summary>
    public string? Location { get; init; }
}
