using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>What operators ask of their operands.</summary>
internal static class Operand
{
    /// <summary>The reference's message for a number that JSON has no text for, and which it therefore shows as null.</summary>
    public const string OutOfRange = "Number out of range: null";

    /// <summary>The number as a double.</summary>
    /// <exception cref="JsonataException">D1001: it is out of range.</exception>
    public static double Finite(JsonNumber number, int position)
    {
        double value = number.ToDouble();
        return double.IsFinite(value) ? value : throw new JsonataException("D1001", OutOfRange, position, value: number);
    }

    /// <summary>The failure of an operand that is not of the type that the operator takes.</summary>
    public static JsonataException Refused(string code, string side, string op, object? value, int position) => JsonataException.Naming(
        code, token => $"The {side} side of the {JsonataException.Shown(token)} operator must evaluate to a number", position, op, Value.ForError(value));
}
