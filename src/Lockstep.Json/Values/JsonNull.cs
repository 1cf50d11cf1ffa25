namespace Lockstep.Json;

/// <summary>The JSON literal <c>null</c>.</summary>
public sealed class JsonNull : JsonValue
{
    private JsonNull()
        : base(utf8Length: 4, depth: 0)
    {
    }

    /// <summary>The one instance.</summary>
    public static JsonNull Instance { get; } = new();

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.Null;
}
