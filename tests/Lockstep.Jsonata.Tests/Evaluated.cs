using Lockstep.Json;

namespace Lockstep.Jsonata.Tests;

/// <summary>Expressions evaluated for tests.</summary>
internal static class Evaluated
{
    /// <summary>The result as JSON text; null for nothing at all.</summary>
    public static string? Text(string expression, string? input = null, JsonataFunctionSet functions = JsonataFunctionSet.Standard) =>
        JsonataExpression.Compile(expression, new JsonataOptions { Functions = functions })
            .Evaluate(input is null ? null : JsonValue.Parse(input), context: new JsonataContext(nowMillis: 1_700_000_000_000, seed: 7))
            ?.ToString();

    public static JsonataException Error(string expression, string? input = null, JsonataFunctionSet functions = JsonataFunctionSet.Standard) =>
        Assert.Throws<JsonataException>(() => Text(expression, input, functions));
}
