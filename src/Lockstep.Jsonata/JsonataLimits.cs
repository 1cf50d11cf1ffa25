namespace Lockstep.Jsonata;

/// <summary>What an expression may cost. The defaults survive on a thread with 1 MiB of stack.</summary>
public sealed record JsonataLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static JsonataLimits Default { get; } = new();

    /// <summary>Most units of <see cref="Fuel"/> that one evaluation may spend. Default 10,000,000.</summary>
    public long MaxFuel { get; init; } = 10_000_000;

    /// <summary>Most calls and nested expressions that may be under way at a time. Default 300.</summary>
    public int MaxDepth { get; init; } = 300;
}
