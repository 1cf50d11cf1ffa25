using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Printing;

/// <summary>Writes the fields of one object of a definition; a value that is null leaves its field out.</summary>
internal sealed class FieldWriter
{
    /// <summary>How the query language JSONata is named.</summary>
    public const string Jsonata = "JSONata";

    private readonly JsonObjectBuilder _fields = new();

    public JsonObject Build() => _fields.Build();

    public FieldWriter Value(string name, JsonValue? value)
    {
        if (value is not null)
        {
            _fields.Add(name, value);
        }

        return this;
    }

    public FieldWriter All(JsonObject fields)
    {
        foreach (JsonProperty field in fields)
        {
            _fields.Add(field.Name, field.Value);
        }

        return this;
    }

    public FieldWriter Text(string name, string? text) => Value(name, text is null ? null : JsonString.Of(text));

    public FieldWriter Number(string name, long? number) => Value(name, number is long value ? JsonNumber.Of(value) : null);

    public FieldWriter Texts(string name, ImmutableArray<string> texts) => Value(name, JsonArray.Of([.. texts.Select(JsonString.Of)]));

    /// <summary>A field that takes a value, and a path with <c>Path</c> behind its name.</summary>
    public FieldWriter ValueOrPath(string name, ValueExpression? expression) =>
        expression?.Written is { } written ? Value(written.IsReference ? name + "Path" : name, written.Value) : this;

    /// <summary>A payload template, or a field that takes nothing but a path.</summary>
    public FieldWriter Template(string name, ValueExpression? template) => Value(name, template?.Written.Value);

    /// <summary><c>InputPath</c> and <c>OutputPath</c>, where the empty object is what null stands for.</summary>
    public FieldWriter PathOrNull(string name, ValueExpression? path) =>
        path?.Written is { } written ? Value(name, written.IsReference ? written.Value : JsonNull.Instance) : this;

    /// <summary><c>ResultPath</c>.</summary>
    public FieldWriter Placement(ResultPlacement? placement) =>
        placement is null ? this : Value("ResultPath", placement.Discard ? JsonNull.Instance : JsonString.Of(placement.Path?.ToString() ?? "$"));

    /// <summary><c>Assign</c>.</summary>
    public FieldWriter Assign(AssignTemplate? assign) => Template("Assign", assign?.Template);

    /// <summary>An array of objects; one without elements is left out.</summary>
    public FieldWriter Objects<T>(string name, ImmutableArray<T> items, Func<T, JsonObject> write) =>
        items.IsEmpty ? this : Value(name, JsonArray.Of([.. items.Select(write)]));
}
