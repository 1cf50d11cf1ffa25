using System.Numerics;
using Lockstep.Engine.Codec;

namespace Lockstep.Azure.Executions;

/// <summary>
/// A running hash over the turns of an execution: two runs that agree on it at a turn have agreed on every event before. Guards against an
/// interpreter that decides otherwise than before, not against an attacker.
/// </summary>
public static class TurnChain
{
    /// <summary>The chain before the first turn.</summary>
    public const long Start = 0;

    private const ulong Odd1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong Odd2 = 0xC2B2_AE3D_27D4_EB4F;

    /// <summary>The chain after another turn.</summary>
    /// <param name="chain">The chain before it.</param>
    /// <param name="turn">Its ordinal.</param>
    /// <param name="digest">What its events amount to.</param>
    public static long After(long chain, long turn, TurnDigest digest) =>
        (long)Mix(Mix(Mix((ulong)chain, (ulong)turn), (ulong)digest.Events), (ulong)digest.Hash);

    private static ulong Mix(ulong chain, ulong value) =>
        unchecked(BitOperations.RotateLeft(chain ^ (value * Odd2), 29) * Odd1) + Odd2;
}
