using Lockstep.Json;

namespace Lockstep.Engine.Testing.Mocks;

/// <summary>What stands for the outcome of a tested state's work. The set is closed.</summary>
public abstract record StateMock;

/// <summary>The work succeeds.</summary>
/// <param name="Result">The state's raw result.</param>
/// <param name="Validation">How the result is compared with what the API answers.</param>
public sealed record MockedResult(JsonValue Result, FieldValidationMode Validation = FieldValidationMode.Strict) : StateMock;

/// <summary>The work fails.</summary>
/// <param name="Error">The name of the error.</param>
/// <param name="Cause">Its cause; null when it has none.</param>
public sealed record MockedError(string Error, string? Cause) : StateMock;

/// <summary>How a mocked result is compared with the response of the API that it stands for.</summary>
public enum FieldValidationMode
{
    /// <summary>Required fields have to be there, and those that are there have to be of their type.</summary>
    Strict,

    /// <summary>Fields that are there have to be of their type.</summary>
    Present,

    /// <summary>Anything goes.</summary>
    None,
}
