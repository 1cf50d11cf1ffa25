using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>What operators ask of their operands.</summary>
internal static class Operand
{
    /// <summary>The number as a double.</summary>
    /// <exception cref="JsonataException">D1001: it is out of range.</exception>
    public static double Finite(JsonNumber number, int position)
    {
        double value = number.ToDouble();
        return double.IsFinite(value) ? value : throw new JsonataException("D1001", "The number is out of range.", position, value: number);
    }

    public static JsonataException Refused(string code, string side, string op, string expected, object? value, int position) => new(
        code, $"The {side} side of '{op}' has to be {expected}, and is {Description(value)}.", position, op, Value.ForError(value));

    /// <summary>What a value is, in words.</summary>
    public static string Description(object? value) => Value.TypeSymbol(value) switch
    {
        's' => "a string",
        'n' => "a number",
        'b' => "a boolean",
        'l' => "null",
        'a' => "an array",
        'o' => "an object",
        'f' => "a function",
        _ => "nothing",
    };
}
