namespace Lockstep.Json;

/// <summary>What a text may cost to read. A text at a limit is read, one beyond it is refused with a <see cref="JsonReadError"/>.</summary>
public sealed record JsonReadLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static JsonReadLimits Default { get; } = new();

    /// <summary>Most arrays and objects within each other; default 1,000.</summary>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>Most bytes of UTF-8 text, a byte order mark included; default 32 MiB.</summary>
    public int MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most characters of one number; default 1,000.</summary>
    public int MaxNumberLength { get; init; } = 1_000;

    /// <summary>
    /// Whether a name may occur twice in an object; then the last value counts, in the place of the first. Default false.
    /// </summary>
    public bool AllowDuplicateKeys { get; init; }
}
