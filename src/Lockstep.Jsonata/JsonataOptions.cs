namespace Lockstep.Jsonata;

/// <summary>How an expression is compiled.</summary>
public sealed record JsonataOptions
{
    /// <summary>The options used where none are given.</summary>
    public static JsonataOptions Default { get; } = new();

    /// <summary>The library. Default <see cref="JsonataFunctionSet.Standard"/>.</summary>
    public JsonataFunctionSet Functions { get; init; } = JsonataFunctionSet.Standard;

    /// <summary>Only <see cref="JsonataLimits.MaxNesting"/> matters when an expression is compiled.</summary>
    public JsonataLimits Limits { get; init; } = JsonataLimits.Default;
}
