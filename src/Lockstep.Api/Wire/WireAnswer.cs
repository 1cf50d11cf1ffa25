using System.Text.Json;

namespace Lockstep.Api.Wire;

/// <summary>What an operation answers: the members of its output, or an error. Exactly one is set.</summary>
public readonly struct WireAnswer
{
    private WireAnswer(Action<Utf8JsonWriter>? write, WireError? error)
    {
        Write = write;
        Error = error;
    }

    /// <summary>An output without members.</summary>
    public static WireAnswer Empty { get; } = Of(static _ => { });

    /// <summary>Writes the members of the output.</summary>
    public Action<Utf8JsonWriter>? Write { get; }

    /// <summary>Why there is no output.</summary>
    public WireError? Error { get; }

    /// <summary>An output.</summary>
    /// <param name="write">Writes its members; the braces stand already.</param>
    public static WireAnswer Of(Action<Utf8JsonWriter> write) => new(write, null);

    /// <summary>A refusal.</summary>
    public static implicit operator WireAnswer(WireError error) => new(null, error);
}
