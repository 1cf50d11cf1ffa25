using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Service.Errors;

/// <summary>The outcome of a use case: a value, or an anticipated failure. Exactly one is set.</summary>
public readonly struct Result<T>
    where T : notnull
{
    private Result(T? value, ServiceError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value on success.</summary>
    public T? Value { get; }

    /// <summary>The failure otherwise.</summary>
    public ServiceError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>Wraps a value.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>Wraps a failure.</summary>
    public static implicit operator Result<T>(ServiceError error) => new(default, error);
}
