using System.Globalization;

namespace Lockstep.Targets.Outgoing;

/// <summary>
/// A digest of texts for trace ids: equal texts give equal ids, and different ones different ids unless by chance. It protects nothing, so it
/// is the 128-bit FNV-1a, which costs a fraction of a cryptographic hash and runs with every call.
/// </summary>
internal readonly struct TraceDigest
{
    private static readonly UInt128 Basis = new(0x6C62272E07BB0142, 0x62B821756295C58D);
    private static readonly UInt128 Prime = new(0x0000000001000000, 0x000000000000013B);

    private readonly UInt128 _hash;

    private TraceDigest(UInt128 hash) => _hash = hash;

    /// <summary>The digest of nothing.</summary>
    public static TraceDigest Empty { get; } = new(Basis);

    /// <summary>The digest with a text appended; how texts are cut does not count, so separate them.</summary>
    public TraceDigest With(ReadOnlySpan<char> text)
    {
        UInt128 hash = _hash;
        foreach (char unit in text)
        {
            hash = unchecked((hash ^ unit) * Prime);
        }

        return new TraceDigest(hash);
    }

    /// <summary>Writes 32 hexadecimal digits, or as many of the last as there is room for; never only zeros, which Trace Context reserves.</summary>
    public void WriteHex(Span<char> output)
    {
        Span<char> digits = stackalloc char[32];
        (_hash == UInt128.Zero ? UInt128.One : _hash).TryFormat(digits, out _, "x32", CultureInfo.InvariantCulture);
        digits[^output.Length..].CopyTo(output);
        if (!output.ContainsAnyExcept('0'))
        {
            output[^1] = '1';
        }
    }
}
