namespace Lockstep.Service.Telemetry;

/// <summary>
/// A digest of texts for trace and span ids: equal texts give equal ids, and different ones different ids unless by chance. It protects nothing,
/// so it is the 128-bit FNV-1a, which costs a fraction of a cryptographic hash and runs with every call.
/// </summary>
public readonly record struct TraceDigest
{
    private static readonly UInt128 Basis = new(0x6C62272E07BB0142, 0x62B821756295C58D);
    private static readonly UInt128 Prime = new(0x0000000001000000, 0x000000000000013B);

    private readonly UInt128 _hash;

    private TraceDigest(UInt128 hash) => _hash = hash;

    /// <summary>The digest of nothing.</summary>
    public static TraceDigest Empty { get; } = new(Basis);

    /// <summary>The digest as a trace id; never 0, which Trace Context reserves.</summary>
    public UInt128 TraceId => _hash == UInt128.Zero ? UInt128.One : _hash;

    /// <summary>The digest as a span id; never 0.</summary>
    public ulong SpanId => (ulong)_hash is 0 ? 1 : (ulong)_hash;

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

    /// <summary>The digest with a number appended, byte by byte.</summary>
    public TraceDigest With(long number)
    {
        UInt128 hash = _hash;
        for (int shift = 0; shift < 64; shift += 8)
        {
            hash = unchecked((hash ^ (byte)(number >> shift)) * Prime);
        }

        return new TraceDigest(hash);
    }
}
