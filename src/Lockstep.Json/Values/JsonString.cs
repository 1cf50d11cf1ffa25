namespace Lockstep.Json;

/// <summary>
/// A JSON string. Its content is a .NET string, kept exactly; a surrogate without its partner is legal content and is printed as <c>\uXXXX</c>.
/// </summary>
public sealed class JsonString : JsonValue
{
    private int _utf8Length;

    private JsonString(string value, int utf8Length)
    {
        Value = value;
        _utf8Length = utf8Length;
    }

    /// <summary>The string without characters.</summary>
    public static JsonString Empty { get; } = new("", 2);

    /// <summary>The content.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.String;

    /// <inheritdoc/>
    public override int Utf8Length
    {
        get
        {
            // Zero stands for "not measured yet": the shortest text, two quotes, has two bytes.
            if (_utf8Length == 0)
            {
                _utf8Length = JsonStringText.QuotedLength(Value);
            }

            return _utf8Length;
        }
    }

    /// <summary>The string with this content.</summary>
    public static JsonString Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length == 0 ? Empty : new JsonString(value, 0);
    }

    /// <summary>The string with this content, whose printed length is already known to the reader.</summary>
    internal static JsonString OfMeasured(string value, int utf8Length) => new(value, utf8Length);
}
