namespace Lockstep.Jsonata;

/// <summary>
/// What an evaluation takes from its surroundings, so that the same context always gives the same result. Not safe for use from several
/// threads; several evaluations one after another may share one, and then share its fuel and its random numbers.
/// </summary>
public sealed class JsonataContext
{
    private readonly Func<ulong> _random;

    /// <summary>A context whose random numbers follow from a seed.</summary>
    /// <param name="nowMillis">See <see cref="NowMillis"/>.</param>
    /// <param name="seed">Where the random numbers start; the same seed gives the same numbers.</param>
    /// <param name="limits">See <see cref="Limits"/>.</param>
    public JsonataContext(long nowMillis = 0, ulong seed = 0, JsonataLimits? limits = null)
        : this(nowMillis, Sequence(seed), limits)
    {
    }

    /// <summary>A context that draws random numbers from the host.</summary>
    /// <param name="nowMillis">See <see cref="NowMillis"/>.</param>
    /// <param name="random">Draws the next 64 random bits.</param>
    /// <param name="limits">See <see cref="Limits"/>.</param>
    /// <param name="fuel">See <see cref="Fuel"/>; by default as much as the limits allow.</param>
    public JsonataContext(long nowMillis, Func<ulong> random, JsonataLimits? limits = null, Fuel? fuel = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        NowMillis = nowMillis;
        _random = random;
        Limits = limits ?? JsonataLimits.Default;
        Fuel = fuel ?? new Fuel(Limits.MaxFuel);
    }

    /// <summary>What <c>$millis()</c> gives and <c>$now()</c> shows: milliseconds since 1970 in UTC.</summary>
    public long NowMillis { get; }

    /// <summary>The limits.</summary>
    public JsonataLimits Limits { get; }

    /// <summary>What may still be spent.</summary>
    public Fuel Fuel { get; }

    /// <summary>Draws the next 64 random bits.</summary>
    internal ulong NextRandom() => _random();

    /// <summary>Spreads 64 bits (the finaliser of SplitMix64).</summary>
    internal static ulong Mix(ulong bits)
    {
        ulong z = bits + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static Func<ulong> Sequence(ulong seed)
    {
        ulong state = seed;
        return () =>
        {
            ulong bits = Mix(state);
            state += 0x9E3779B97F4A7C15;
            return bits;
        };
    }
}
