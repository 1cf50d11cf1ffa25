namespace Lockstep.Json.Paths;

/// <summary>What the evaluation of one path may cost. Definite paths cost at most their own length and are not counted.</summary>
public sealed record JsonPathLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static JsonPathLimits Default { get; } = new();

    /// <summary>
    /// Most nodes that may be visited, those visited for filters included; comparing and matching count by the length of the texts. Default
    /// 10,000,000.
    /// </summary>
    public long MaxVisitedNodes { get; init; } = 10_000_000;
}
