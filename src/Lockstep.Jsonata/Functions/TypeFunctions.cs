using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Truth, types and failures on purpose (JSONata, "Boolean functions" and "Object functions").</summary>
internal static class TypeFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("boolean", "<x-:b>", 1, (arguments, run) => arguments[0] is { } value ? JsonBoolean.Of(Value.IsTrue(value, run)) : null),
        new("not", "<x-:b>", 1, (arguments, run) => arguments[0] is { } value ? JsonBoolean.Of(!Value.IsTrue(value, run)) : null),
        new("exists", "<x:b>", 1, (arguments, _) => JsonBoolean.Of(arguments[0] is not null)),
        new("type", "<x:s>", 1, (arguments, _) => Type(arguments[0])),
        new("error", "<s?:x>", 1, Error),
        new("assert", "<bs?:x>", 2, Assert),
    ];

    private static JsonString? Type(object? value) => Value.TypeSymbol(value) switch
    {
        'm' => null,
        's' => JsonString.Of("string"),
        'n' => JsonString.Of("number"),
        'b' => JsonString.Of("boolean"),
        'l' => JsonString.Of("null"),
        'a' => JsonString.Of("array"),
        'o' => JsonString.Of("object"),
        _ => JsonString.Of("function"),
    };

    private static object? Error(object?[] arguments, Evaluator run) =>
        throw new JsonataException("D3137", (arguments[0] as JsonString)?.Value ?? "$error() function evaluated", token: "error");

    private static object? Assert(object?[] arguments, Evaluator run) => Value.IsTrue(arguments[0], run)
        ? null
        : throw new JsonataException("D3141", (arguments[1] as JsonString)?.Value ?? "$assert() statement failed", token: "assert");
}
