namespace Lockstep.Jsonata;

/// <summary>What an expression may cost. The defaults survive on a thread with 1 MiB of stack.</summary>
public sealed record JsonataLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static JsonataLimits Default { get; } = new();

    /// <summary>Most units of <see cref="Fuel"/> that one evaluation may spend. Default 10,000,000.</summary>
    public long MaxFuel { get; init; } = 10_000_000;

    /// <summary>Most levels of calls, nested expressions and, while one is taken apart, of a value that may be under way at a time. Default 1,000.</summary>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>Most levels of nesting in the text of an expression. Default 250.</summary>
    public int MaxNesting { get; init; } = 250;

    /// <summary>Most characters of a string and most items of an array that an expression makes. Default 10,000,000.</summary>
    public int MaxLength { get; init; } = 10_000_000;
}
