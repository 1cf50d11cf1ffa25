namespace Lockstep.Fuzz.Inputs;

/// <summary>Random numbers that follow from a seed alone, on every machine alike (xorshift64*).</summary>
public sealed class RandomBits(ulong seed)
{
    private ulong _state = (seed * 0x9E3779B97F4A7C15) ^ 0xD1B54A32D192ED03;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state = _state == 0 ? 1 : _state;
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>A number from 0 up to, without, a bound.</summary>
    public int Below(int bound) => (int)((Next() >> 33) % (ulong)bound);

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
