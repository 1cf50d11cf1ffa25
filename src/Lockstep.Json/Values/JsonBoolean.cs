namespace Lockstep.Json;

/// <summary>The JSON literals <c>true</c> and <c>false</c>.</summary>
public sealed class JsonBoolean : JsonValue
{
    private JsonBoolean(bool value)
        : base(utf8Length: value ? 4 : 5, depth: 0)
    {
        Value = value;
    }

    /// <summary>The literal <c>true</c>.</summary>
    public static JsonBoolean True { get; } = new(true);

    /// <summary>The literal <c>false</c>.</summary>
    public static JsonBoolean False { get; } = new(false);

    /// <summary>The truth value.</summary>
    public bool Value { get; }

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.Boolean;

    /// <summary>The literal for a truth value.</summary>
    public static JsonBoolean Of(bool value) => value ? True : False;
}
