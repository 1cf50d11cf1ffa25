using Lockstep.Json;

namespace Lockstep.Asl.Printing;

/// <summary>An expression as it stands in a definition.</summary>
/// <param name="Value">The value of its field.</param>
/// <param name="IsReference">
/// Whether the value is a path or a call of the JSONPath language, which the name of its field has to say: by <c>.$</c> in a payload template, by <c>Path</c> elsewhere.
/// </param>
internal readonly record struct WrittenExpression(JsonValue Value, bool IsReference)
{
    /// <summary>A path or a call.</summary>
    public static WrittenExpression Reference(string text) => new(JsonString.Of(text), IsReference: true);

    /// <summary>What is not.</summary>
    public static WrittenExpression Plain(JsonValue value) => new(value, IsReference: false);
}
