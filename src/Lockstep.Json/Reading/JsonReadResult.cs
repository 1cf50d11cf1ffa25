using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json;

/// <summary>Either the value of a text or the reason why there is none; never both, never neither.</summary>
public readonly record struct JsonReadResult
{
    internal JsonReadResult(JsonValue value) => Value = value;

    internal JsonReadResult(JsonReadError error) => Error = error;

    /// <summary>The value, or null when the text was refused.</summary>
    public JsonValue? Value { get; }

    /// <summary>The reason of the refusal, or null when there is a value.</summary>
    public JsonReadError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Value is not null;

    /// <summary>The value, or else the error.</summary>
    public bool TryGetValue([NotNullWhen(true)] out JsonValue? value, [NotNullWhen(false)] out JsonReadError? error)
    {
        value = Value;
        error = Error;
        return IsSuccess;
    }
}
