namespace Lockstep.Json;

/// <summary>
/// A JSON string. Its content is a .NET string, kept exactly; a surrogate without its partner is legal content and is printed as
/// <c>\uXXXX</c>.
/// </summary>
public sealed class JsonString : JsonValue
{
    private JsonString(string value, int utf8Length)
        : base(utf8Length, depth: 0)
    {
        Value = value;
    }

    /// <summary>The string without characters.</summary>
    public static JsonString Empty { get; } = new("", 2);

    /// <summary>The content.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.String;

    /// <summary>The string with this content.</summary>
    public static JsonString Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length == 0 ? Empty : new JsonString(value, 0);
    }

    /// <summary>The string with this content, whose printed length is already known to the reader.</summary>
    internal static JsonString OfMeasured(string value, int utf8Length) => new(value, utf8Length);

    private protected override int Measure() => JsonStringText.QuotedLength(Value);
}
