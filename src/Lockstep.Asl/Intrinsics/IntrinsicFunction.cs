using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Intrinsics;

/// <summary>Computes a function. A failure carries the reason only; the call puts the function's text before it.</summary>
internal delegate Evaluated IntrinsicBody(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope);

/// <summary>One of the 18 intrinsic functions of the States Language (appendix B).</summary>
/// <param name="Name">Such as <c>States.Format</c>.</param>
/// <param name="MinArguments">Fewest arguments of a valid call.</param>
/// <param name="MaxArguments">Most arguments of a valid call.</param>
/// <param name="Body">Computes the result.</param>
internal sealed record IntrinsicFunction(string Name, int MinArguments, int MaxArguments, IntrinsicBody Body)
{
    public const string FormatName = "States.Format";

    private static readonly FrozenDictionary<string, IntrinsicFunction> All = new IntrinsicFunction[]
    {
        new(FormatName, 1, int.MaxValue, TextFunctions.Format),
        new("States.StringToJson", 1, 1, JsonFunctions.StringToJson),
        new("States.JsonToString", 1, 1, JsonFunctions.JsonToString),
        new("States.JsonMerge", 3, 3, JsonFunctions.JsonMerge),
        new("States.Array", 0, int.MaxValue, ArrayFunctions.Array),
        new("States.ArrayPartition", 2, 2, ArrayFunctions.ArrayPartition),
        new("States.ArrayContains", 2, 2, ArrayFunctions.ArrayContains),
        new("States.ArrayRange", 3, 3, ArrayFunctions.ArrayRange),
        new("States.ArrayGetItem", 2, 2, ArrayFunctions.ArrayGetItem),
        new("States.ArrayLength", 1, 1, ArrayFunctions.ArrayLength),
        new("States.ArrayUnique", 1, 1, ArrayFunctions.ArrayUnique),
        new("States.Base64Encode", 1, 1, EncodingFunctions.Base64Encode),
        new("States.Base64Decode", 1, 1, EncodingFunctions.Base64Decode),
        new("States.Hash", 2, 2, EncodingFunctions.Hash),
        new("States.MathRandom", 2, 3, MathFunctions.MathRandom),
        new("States.MathAdd", 2, 2, MathFunctions.MathAdd),
        new("States.StringSplit", 2, 2, TextFunctions.StringSplit),
        new("States.UUID", 0, 0, TextFunctions.Uuid),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, IntrinsicFunction>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        All.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out IntrinsicFunction? function) =>
        BySpan.TryGetValue(name, out function);

    public static Evaluated Refused(string reason) => Evaluated.Failed(StatesErrorNames.IntrinsicFailure, reason);

    public static Evaluated TooLarge(EvaluationScope scope) => Evaluated.Failed(
        StatesErrorNames.DataLimitExceeded, $"The result of an intrinsic function exceeds the maximum of {scope.MaxValueBytes} bytes.");
}
