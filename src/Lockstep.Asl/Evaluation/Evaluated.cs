using System.Diagnostics.CodeAnalysis;
using Lockstep.Json;

namespace Lockstep.Asl.Evaluation;

/// <summary>The outcome of evaluating an expression: a value, or the error that the state fails with. Exactly one is set.</summary>
public readonly struct Evaluated
{
    private Evaluated(JsonValue? value, StatesError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value, when the evaluation succeeded.</summary>
    public JsonValue? Value { get; }

    /// <summary>The error, when it did not.</summary>
    public StatesError? Error { get; }

    /// <summary>Whether the evaluation gave a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>A successful outcome.</summary>
    public static Evaluated Of(JsonValue value) => new(value, null);

    /// <summary>A failed outcome.</summary>
    public static Evaluated Failed(StatesError error) => new(null, error);

    /// <summary>A failed outcome with a predefined or user-defined error name.</summary>
    public static Evaluated Failed(string name, string cause) => new(null, new StatesError(name, cause));
}
