using Lockstep.Json;

namespace Lockstep.Jsonata.Functions;

/// <summary>Numbers of arguments and results.</summary>
internal static class Numbers
{
    /// <summary>The number, if JSON has a text for it.</summary>
    /// <exception cref="JsonataException">D1001: it is out of range.</exception>
    public static JsonNumber Finite(double value) => double.IsFinite(value)
        ? JsonNumber.Of(value)
        : throw new JsonataException("D1001", Evaluation.Operators.Operand.OutOfRange);

    /// <summary>The double of an argument that its signature made sure is a number, or null when it was left out.</summary>
    public static double? Of(object? argument) => (argument as JsonNumber)?.ToDouble();
}
