using System.Buffers;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// An immutable JSON value. The hierarchy is closed: <see cref="JsonNull"/>, <see cref="JsonBoolean"/>, <see cref="JsonNumber"/>, <see
/// cref="JsonString"/>, <see cref="JsonArray"/> and <see cref="JsonObject"/>. Values share structure freely and may be used from any
/// thread.
/// </summary>
/// <remarks>
/// Equality is that of the JSON data model: numbers compare by value (<c>1</c> equals <c>1.0</c>), objects regardless of the order of their
/// names. No member recurses, so that a value nested however deep is safe to measure, compare and print.
/// </remarks>
public abstract class JsonValue : IEquatable<JsonValue>
{
    /// <summary>Zero stands for "not measured yet": the shortest text, one digit, has one byte.</summary>
    private int _utf8Length;

    private protected JsonValue(int utf8Length, int depth)
    {
        _utf8Length = utf8Length;
        Depth = depth;
    }

    /// <summary>Which of the six kinds this value is.</summary>
    public abstract JsonKind Kind { get; }

    /// <summary>
    /// The bytes of this value's compact UTF-8 text, known without printing it; <see cref="int.MaxValue"/> when it would be more than that.
    /// </summary>
    public int Utf8Length => _utf8Length != 0 ? _utf8Length : _utf8Length = Measure();

    /// <summary>Levels of nesting: 0 for a scalar, 1 for an array or object that holds at most scalars, and so on.</summary>
    public int Depth { get; }

    /// <summary>Reads one JSON text with default limits; for literals and tests.</summary>
    /// <param name="text">The JSON text.</param>
    /// <exception cref="FormatException">The text is not valid JSON; anticipated failures use <see cref="JsonReader"/>.</exception>
    public static JsonValue Parse(string text)
    {
        JsonReadResult result = JsonReader.Read(text);
        return result.TryGetValue(out JsonValue? value, out JsonReadError? error) ? value : throw new FormatException(error.ToString());
    }

    /// <summary>Structural equality; numbers by value, objects regardless of order.</summary>
    public bool Equals(JsonValue? other) => JsonEquality.AreEqual(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is JsonValue other && Equals(other);

    /// <summary>A hash consistent with <see cref="Equals(JsonValue)"/>; it looks only at the top levels of a nested value.</summary>
    public sealed override int GetHashCode() => JsonEquality.Hash(this);

    /// <summary>The compact JSON text.</summary>
    /// <exception cref="InvalidOperationException">The text would exceed what a string can hold.</exception>
    public sealed override string ToString() => JsonWriter.ToText(this);

    /// <summary>The compact JSON text in UTF-8, exactly <see cref="Utf8Length"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The text would exceed what an array can hold.</exception>
    public byte[] ToUtf8() => JsonWriter.ToUtf8(this);

    /// <summary>Appends the compact JSON text in UTF-8.</summary>
    /// <param name="output">Receives exactly <see cref="Utf8Length"/> bytes.</param>
    public void WriteTo(IBufferWriter<byte> output) => JsonWriter.Write(this, output);

    /// <summary>Appends the compact JSON text.</summary>
    /// <param name="output">Receives the text.</param>
    public void WriteTo(StringBuilder output) => JsonWriter.Write(this, output);

    /// <summary>The length of a value that was made without knowing it; only scalars are.</summary>
    private protected virtual int Measure() => throw new InvalidOperationException("This kind of value knows its length from the start.");
}
