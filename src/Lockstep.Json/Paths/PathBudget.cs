namespace Lockstep.Json.Paths;

/// <summary>Counts the work of one evaluation. Once exhausted it stays so, and whatever was found until then is discarded.</summary>
internal sealed class PathBudget(JsonPathLimits limits)
{
    /// <summary>Bytes of JSON whose comparison counts as much as one visited node.</summary>
    private const int BytesPerUnit = 64;

    private long _left = limits.MaxVisitedNodes;

    public long Left => Math.Max(0, _left);

    public bool IsExhausted => _left < 0;

    /// <summary>Spends units; false when they are not left.</summary>
    public bool Spend(long units = 1)
    {
        _left = Math.Max(-1, _left - units);
        return _left >= 0;
    }

    /// <summary>Spends what it costs to look through so many bytes of JSON, on top of having come to the node.</summary>
    public bool SpendBytes(long bytes) => Spend(bytes / BytesPerUnit);
}
