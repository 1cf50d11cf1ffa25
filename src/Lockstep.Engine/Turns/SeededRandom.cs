namespace Lockstep.Engine.Turns;

/// <summary>
/// The execution's random numbers: a function of its seed and of how many were drawn before, so the same on every replay.
/// </summary>
internal static class SeededRandom
{
    /// <summary>The number drawn as the <paramref name="ordinal"/>-th, from 0 (the finaliser of the SplitMix64 generator).</summary>
    public static ulong At(ulong seed, ulong ordinal)
    {
        ulong bits = seed + ((ordinal + 1) * 0x9E3779B97F4A7C15);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>A fraction from 0 (inclusive) to 1 (exclusive) made of random bits.</summary>
    public static double Fraction(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
