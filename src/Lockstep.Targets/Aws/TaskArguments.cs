using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.Aws;

/// <summary>
/// Takes the arguments of a call one by one and remembers the first thing that is wrong. An argument that the target does not know is wrong as well,
/// so that nothing is silently left undone.
/// </summary>
internal sealed class TaskArguments
{
    private readonly JsonObject _given;

    /// <summary>Begins to read.</summary>
    public TaskArguments(JsonValue given, params ReadOnlySpan<string> known)
    {
        _given = given as JsonObject ?? JsonObject.Empty;
        if (given is not JsonObject)
        {
            Problem = "an object is needed.";
        }

        foreach (JsonProperty property in _given)
        {
            if (!known.Contains(property.Name))
            {
                Refuse($"'{property.Name}' is not supported. Supported are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Any value; null when absent or JSON null.</summary>
    public JsonValue? Any(string name) => _given[name] is JsonNull ? null : _given[name];

    /// <summary>Whether it is there, be it JSON null.</summary>
    public bool Has(string name) => _given.Contains(name);

    /// <summary>Text; null when absent.</summary>
    public string? Text(string name)
    {
        switch (Any(name))
        {
            case null:
                return null;
            case JsonString text:
                return text.Value;
            default:
                Refuse($"{name} must be a string.");
                return null;
        }
    }

    /// <summary>Text, or the JSON text of anything else: how Step Functions hands a value to a service that takes text. Null when absent.</summary>
    public string? TextOrJson(string name) => Any(name) switch
    {
        null => null,
        JsonString text => text.Value,
        { } value => value.ToString(),
    };

    /// <summary>A whole number within bounds; null when absent.</summary>
    public int? Integer(string name, int minimum, int maximum)
    {
        switch (Any(name))
        {
            case null:
                return null;
            case JsonNumber number when number.TryGetInt64(out long value) && value >= minimum && value <= maximum:
                return (int)value;
            default:
                Refuse(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {minimum} to {maximum}."));
                return null;
        }
    }

    /// <summary>A boolean; false when absent.</summary>
    public bool Flag(string name)
    {
        switch (Any(name))
        {
            case null:
                return false;
            case JsonBoolean flag:
                return flag.Value;
            default:
                Refuse($"{name} must be true or false.");
                return false;
        }
    }

    /// <summary>An object; null when absent.</summary>
    public JsonObject? Object(string name)
    {
        switch (Any(name))
        {
            case null:
                return null;
            case JsonObject value:
                return value;
            default:
                Refuse($"{name} must be an object.");
                return null;
        }
    }

    /// <summary>An array; null when absent.</summary>
    public JsonArray? Array(string name)
    {
        switch (Any(name))
        {
            case null:
                return null;
            case JsonArray value:
                return value;
            default:
                Refuse($"{name} must be an array.");
                return null;
        }
    }

    /// <summary>Remembers a problem, unless there is one already.</summary>
    public void Refuse(string problem) => Problem ??= problem;
}
