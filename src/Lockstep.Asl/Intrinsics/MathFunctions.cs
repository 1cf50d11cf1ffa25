using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using static Lockstep.Asl.Intrinsics.IntrinsicFunction;

namespace Lockstep.Asl.Intrinsics;

/// <summary>The functions over 32-bit integers.</summary>
internal static class MathFunctions
{
    public static Evaluated MathAdd(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope) =>
        IntegerArgument.TryRead(arguments[0], out int left) && IntegerArgument.TryRead(arguments[1], out int right)
            ? Evaluated.Of(JsonNumber.Of((long)left + right))
            : Refused("The arguments must be integers between -2147483648 and 2147483647.");

    /// <summary>An integer from start (included) to end (excluded). With a seed the same call always gives the same number.</summary>
    public static Evaluated MathRandom(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        int seed = 0;
        if (!IntegerArgument.TryRead(arguments[0], out int start)
            || !IntegerArgument.TryRead(arguments[1], out int end)
            || (arguments.Length == 3 && !IntegerArgument.TryRead(arguments[2], out seed)))
        {
            return Refused("The arguments must be integers between -2147483648 and 2147483647.");
        }

        if (start >= end)
        {
            return Refused("The start number must be less than the end number.");
        }

        ulong bits = arguments.Length == 3 ? Mix((ulong)(long)seed) : scope.NextRandom();
        ulong span = (ulong)((long)end - start);
        return Evaluated.Of(JsonNumber.Of(start + (long)(((UInt128)bits * span) >> 64)));
    }

    /// <summary>Spreads a seed over 64 bits (the finaliser of SplitMix64).</summary>
    private static ulong Mix(ulong seed)
    {
        ulong z = seed + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
