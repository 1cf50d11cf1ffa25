namespace Lockstep.TestKit.Azure.Durable;

/// <summary>A small generator of random numbers that gives the same ones for the same seed on every machine and version.</summary>
internal sealed class SeededChance(int seed)
{
    private ulong _state = ((ulong)(uint)seed * 0x9E37_79B9_7F4A_7C15) + 0x1234_5678_9ABC_DEF1;

    public bool Happens(double chance) => chance > 0 && NextUnit() < chance;

    public TimeSpan UpTo(TimeSpan longest) => TimeSpan.FromTicks((long)(longest.Ticks * NextUnit()));

    private double NextUnit()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
