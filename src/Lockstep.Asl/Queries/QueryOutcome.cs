using Lockstep.Json;

namespace Lockstep.Asl.Queries;

/// <summary>What became of an expression that could be evaluated.</summary>
internal enum QueryOutcomeKind
{
    /// <summary>It gave a JSON value.</summary>
    Value,

    /// <summary>It gave nothing (undefined).</summary>
    Nothing,

    /// <summary>It gave a function, or something else that JSON cannot hold.</summary>
    Unsupported,
}

/// <summary>What became of an expression.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Value">The value; null unless there is one.</param>
internal readonly record struct QueryOutcome(QueryOutcomeKind Kind, JsonValue? Value);
