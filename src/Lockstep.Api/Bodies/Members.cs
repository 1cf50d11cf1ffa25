using Lockstep.Json;
using Lockstep.Service.Errors;

namespace Lockstep.Api.Bodies;

/// <summary>
/// Takes the members of a request's object one by one and remembers the first thing that is wrong, so that a handler reads straight
/// through and asks once. A member that nobody knows is wrong as well: it is a misspelling more often than not.
/// </summary>
public sealed class Members
{
    private readonly JsonObject _body;

    /// <summary>Begins to read.</summary>
    public Members(JsonObject body, params ReadOnlySpan<string> known)
    {
        _body = body;
        foreach (JsonProperty property in body)
        {
            if (!known.Contains(property.Name))
            {
                Refuse(Escape(property.Name), $"There is no member \"{property.Name}\" here. Known are: {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public ServiceError? Error { get; private set; }

    /// <summary>Any value; null when absent.</summary>
    public JsonValue? Any(string name) => _body[name];

    /// <summary>A string; null when absent.</summary>
    public string? OptionalText(string name)
    {
        switch (_body[name])
        {
            case null or JsonNull:
                return null;
            case JsonString text:
                return text.Value;
            default:
                Refuse(name, $"\"{name}\" has to be a string.");
                return null;
        }
    }

    /// <summary>A string that has to be there.</summary>
    public string Text(string name)
    {
        string? text = OptionalText(name);
        if (text is null)
        {
            Refuse(name, $"\"{name}\" is missing; it has to be a string.");
        }

        return text ?? "";
    }

    /// <summary>A whole number; null when absent.</summary>
    public int? OptionalInteger(string name)
    {
        switch (_body[name])
        {
            case null or JsonNull:
                return null;
            case JsonNumber number when number.TryGetInt64(out long value) && value is >= int.MinValue and <= int.MaxValue:
                return (int)value;
            default:
                Refuse(name, $"\"{name}\" has to be a whole number.");
                return null;
        }
    }

    /// <summary>True or false; false when absent.</summary>
    public bool Flag(string name)
    {
        switch (_body[name])
        {
            case null or JsonNull:
                return false;
            case JsonBoolean flag:
                return flag.Value;
            default:
                Refuse(name, $"\"{name}\" has to be true or false.");
                return false;
        }
    }

    /// <summary>An object whose values are strings; empty when absent.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (_body[name])
        {
            case null or JsonNull:
                break;
            case JsonObject members:
                foreach (JsonProperty property in members)
                {
                    if (property.Value is JsonString text)
                    {
                        map.Add(property.Name, text.Value);
                    }
                    else
                    {
                        Refuse($"{name}/{Escape(property.Name)}", $"The value of \"{property.Name}\" has to be a string.");
                    }
                }

                break;
            default:
                Refuse(name, $"\"{name}\" has to be an object of strings.");
                break;
        }

        return map;
    }

    /// <summary>Remembers what is wrong with a member, unless something is already.</summary>
    public void Refuse(string name, string message) => Error ??= new ServiceError(ErrorCodes.Validation, message) { Target = "/" + name };

    // RFC 6901, section 3.
    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
