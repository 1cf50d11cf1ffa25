namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>A deterministic stream of choices: a seed gives the same everywhere.</summary>
internal sealed class Choices(ulong seed)
{
    private ulong _state = (seed + 1) * 0x9E3779B97F4A7C15;

    /// <summary>A number from 0 to the bound, without it.</summary>
    public int Below(int bound)
    {
        // xorshift64*, which is enough to wander through expressions.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((_state * 0x2545F4914F6CDD1D >> 33) % (ulong)bound);
    }

    /// <summary>One of several.</summary>
    public T Of<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;
}
