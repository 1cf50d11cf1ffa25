using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json.Paths;

/// <summary>
/// What a path has found: for a definite path the one node, if it exists; for an indefinite one the array of all matches, possibly empty.
/// </summary>
public readonly record struct JsonPathResult
{
    internal JsonPathResult(JsonValue value) => Value = value;

    /// <summary>The node or the array of matches; null when there is none.</summary>
    public JsonValue? Value { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Found => Value is not null;

    /// <summary>
    /// Whether evaluation stopped because it reached <see cref="JsonPathLimits.MaxVisitedNodes"/>; then nothing is found.
    /// </summary>
    public bool LimitExceeded { get; internal init; }

    /// <summary>What the evaluation cost, in the units of <see cref="JsonPathLimits.MaxVisitedNodes"/>; 0 for plain paths, which cost next to nothing.</summary>
    public long VisitedNodes { get; internal init; }
}
