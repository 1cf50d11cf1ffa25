using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Functions;

/// <summary>What only the standard library has: expressions that come as strings, and plain random numbers.</summary>
internal static class ReflectionFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("eval", "<sx?:x>", 2, Evaluate),
        new("random", "<:n>", 0, (_, run) => RandomNumbers.Fraction(run.Context.NextRandom())),
    ];

    /// <summary>
    /// Evaluates an expression that comes as a string, in the context given or else that of the call. The variables around the call are not
    /// visible in it.
    /// </summary>
    private static object? Evaluate(object?[] arguments, object? input, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        JsonataExpression expression;
        try
        {
            expression = JsonataExpression.Compile(text, new JsonataOptions { Limits = run.Limits });
        }
        catch (JsonataException error) when (!error.IsLimit)
        {
            throw new JsonataException(
                "D3120", $"Syntax error in expression passed to function eval: {JsonString.Of(error.Message)}", token: "eval", value: JsonString.Of(text));
        }

        try
        {
            return expression.EvaluateWithin(arguments[1] ?? input, run);
        }
        catch (JsonataException error) when (!error.IsLimit)
        {
            throw new JsonataException(
                "D3121",
                $"Dynamic error evaluating the expression passed to function eval: {JsonString.Of(error.Message)}",
                token: "eval",
                value: JsonString.Of(text));
        }
    }
}

/// <summary>Random bits as numbers.</summary>
internal static class RandomNumbers
{
    /// <summary>From 0 to 1, which is not included.</summary>
    public static JsonNumber Fraction(ulong bits) => JsonNumber.Of((bits >> 11) * (1.0 / (1UL << 53)));
}
