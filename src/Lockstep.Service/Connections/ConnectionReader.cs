using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Targets;

namespace Lockstep.Service.Connections;

/// <summary>
/// Reads settings and remembers the first thing that is wrong, with its place. No message repeats a value: it may be a secret.
/// </summary>
internal sealed class ConnectionReader
{
    private static readonly string[] Methods = ["GET", "POST", "PUT"];

    // What was accepted once stays readable when limits are lowered later.
    private static readonly ServiceLimits ForStored = ServiceLimits.Default with
    {
        MaxConnectionTextLength = int.MaxValue,
        MaxConnectionParameters = int.MaxValue,
        MaxUrlLength = int.MaxValue,
    };

    private readonly ServiceLimits _limits;
    private readonly bool _allowPlainHttp;
    private ServiceError? _error;

    private ConnectionReader(ServiceLimits limits, bool allowPlainHttp)
    {
        _limits = limits;
        _allowPlainHttp = allowPlainHttp;
    }

    /// <summary>Reads the body of a request.</summary>
    public static Result<ConnectionSettings> Read(JsonObject body, ServiceLimits limits, bool allowPlainHttp) =>
        new ConnectionReader(limits, allowPlainHttp).ReadSettings(body);

    /// <summary>Reads what <see cref="ConnectionWriter.Whole"/> wrote.</summary>
    public static Result<ConnectionSettings> ReadStored(JsonObject whole) => new ConnectionReader(ForStored, allowPlainHttp: true).ReadSettings(whole);

    private Result<ConnectionSettings> ReadSettings(JsonObject body)
    {
        Know(body, "", ConnectionFields.Description, ConnectionFields.AuthorizationType, ConnectionFields.AuthParameters);
        string? description = body[ConnectionFields.Description] is null or JsonNull ? null : Text(body, "", ConnectionFields.Description, least: 0);
        string type = Text(body, "", ConnectionFields.AuthorizationType);
        JsonObject all = Object(body, "", ConnectionFields.AuthParameters);
        const string place = "/" + ConnectionFields.AuthParameters;
        string member = type switch
        {
            ApiKeyAuthorization.TypeName => ConnectionFields.ApiKey,
            BasicAuthorization.TypeName => ConnectionFields.Basic,
            OAuthAuthorization.TypeName => ConnectionFields.OAuth,
            _ => "",
        };
        if (member.Length == 0)
        {
            Refuse(
                "/" + ConnectionFields.AuthorizationType,
                $"\"{ConnectionFields.AuthorizationType}\" has to be {ApiKeyAuthorization.TypeName}, {BasicAuthorization.TypeName} or {OAuthAuthorization.TypeName}.");
            return Failed();
        }

        Know(all, place, member, ConnectionFields.InvocationParameters);
        JsonObject given = Object(all, place, member);
        ConnectionAuthorization authorization = ReadAuthorization(member, given, $"{place}/{member}");
        ConnectionParameters parameters = ReadParameters(all, place, ConnectionFields.InvocationParameters);
        return _error is null ? new ConnectionSettings(description, authorization, parameters) : Failed();
    }

    private Result<ConnectionSettings> Failed() => _error ?? throw new InvalidOperationException("Nothing is wrong.");

    private ConnectionAuthorization ReadAuthorization(string member, JsonObject given, string place)
    {
        switch (member)
        {
            case ConnectionFields.ApiKey:
                Know(given, place, ConnectionFields.ApiKeyName, ConnectionFields.ApiKeyValue);
                string field = Text(given, place, ConnectionFields.ApiKeyName);
                CheckField(field, $"{place}/{ConnectionFields.ApiKeyName}");
                string key = Text(given, place, ConnectionFields.ApiKeyValue);
                CheckFieldValue(key, $"{place}/{ConnectionFields.ApiKeyValue}");
                return new ApiKeyAuthorization(field, key);
            case ConnectionFields.Basic:
                Know(given, place, ConnectionFields.Username, ConnectionFields.Password);
                string user = Text(given, place, ConnectionFields.Username);
                if (user.Contains(':', StringComparison.Ordinal))
                {
                    Refuse($"{place}/{ConnectionFields.Username}", "A user name must not contain a colon.");
                }

                return new BasicAuthorization(user, Text(given, place, ConnectionFields.Password));
            default:
                return ReadOAuth(given, place);
        }
    }

    private OAuthAuthorization ReadOAuth(JsonObject given, string place)
    {
        Know(
            given, place, ConnectionFields.AuthorizationEndpoint, ConnectionFields.HttpMethod, ConnectionFields.ClientParameters, ConnectionFields.OAuthParameters);
        Uri endpoint = Endpoint(given, place);
        string method = Text(given, place, ConnectionFields.HttpMethod);
        if (!Methods.Contains(method, StringComparer.Ordinal))
        {
            Refuse($"{place}/{ConnectionFields.HttpMethod}", $"\"{ConnectionFields.HttpMethod}\" has to be {string.Join(", ", Methods)}.");
        }

        JsonObject client = Object(given, place, ConnectionFields.ClientParameters);
        string clientPlace = $"{place}/{ConnectionFields.ClientParameters}";
        Know(client, clientPlace, ConnectionFields.ClientId, ConnectionFields.ClientSecret);
        ConnectionParameters parameters = ReadParameters(given, place, ConnectionFields.OAuthParameters);
        return new OAuthAuthorization(
            endpoint,
            method,
            Text(client, clientPlace, ConnectionFields.ClientId),
            Text(client, clientPlace, ConnectionFields.ClientSecret),
            parameters);
    }

    private Uri Endpoint(JsonObject given, string parent)
    {
        string place = $"{parent}/{ConnectionFields.AuthorizationEndpoint}";
        string text = Text(given, parent, ConnectionFields.AuthorizationEndpoint, most: _limits.MaxUrlLength);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0
            || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && _allowPlainHttp))
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            Refuse(place, "The authorization endpoint has to be an absolute https address without user name, password and fragment. Plain http is for development mode.");
            return new Uri("about:blank");
        }

        return url;
    }

    private ConnectionParameters ReadParameters(JsonObject parent, string parentPlace, string name)
    {
        if (parent[name] is null or JsonNull)
        {
            return ConnectionParameters.None;
        }

        JsonObject given = Object(parent, parentPlace, name);
        string place = $"{parentPlace}/{name}";
        Know(given, place, ConnectionFields.Headers, ConnectionFields.Query, ConnectionFields.Body);
        ImmutableArray<ConnectionParameter> headers = ReadList(given, place, ConnectionFields.Headers, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < headers.Length; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{place}/{ConnectionFields.Headers}/{i}");
            CheckField(headers[i].Key, $"{item}/{ConnectionFields.Key}");
            CheckFieldValue(headers[i].Value, $"{item}/{ConnectionFields.Value}");
        }

        return new ConnectionParameters(
            headers,
            ReadList(given, place, ConnectionFields.Query, StringComparer.Ordinal),
            ReadList(given, place, ConnectionFields.Body, StringComparer.Ordinal));
    }

    private ImmutableArray<ConnectionParameter> ReadList(JsonObject parent, string parentPlace, string name, StringComparer names)
    {
        string place = $"{parentPlace}/{name}";
        JsonArray items;
        switch (parent[name])
        {
            case null or JsonNull:
                return [];
            case JsonArray array:
                items = array;
                break;
            default:
                Refuse(place, $"\"{name}\" has to be an array.");
                return [];
        }

        if (items.Count > _limits.MaxConnectionParameters)
        {
            Refuse(place, string.Create(
                CultureInfo.InvariantCulture, $"\"{name}\" has {items.Count} parameters; {_limits.MaxConnectionParameters} are allowed."));
            return [];
        }

        var seen = new HashSet<string>(names);
        ImmutableArray<ConnectionParameter>.Builder read = ImmutableArray.CreateBuilder<ConnectionParameter>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{place}/{i}");
            if (items[i] is not JsonObject item)
            {
                Refuse(at, "A parameter is an object with key and value.");
                continue;
            }

            Know(item, at, ConnectionFields.Key, ConnectionFields.Value, ConnectionFields.IsSecret);
            string key = Text(item, at, ConnectionFields.Key);

            // A member of a body may be longer than a field: only the connection as a whole bounds it.
            string value = Text(
                item, at, ConnectionFields.Value, least: 0, most: name == ConnectionFields.Body ? int.MaxValue : _limits.MaxConnectionTextLength);
            if (!seen.Add(key))
            {
                Refuse($"{at}/{ConnectionFields.Key}", "There is another parameter with this key in the list.");
            }

            read.Add(new ConnectionParameter(key, value, IsSecret(item, at)));
        }

        return read.ToImmutable();
    }

    /// <summary>Whoever does not say so has meant a secret: shown by mistake it cannot be taken back.</summary>
    private bool IsSecret(JsonObject item, string place)
    {
        switch (item[ConnectionFields.IsSecret])
        {
            case null or JsonNull:
                return true;
            case JsonBoolean flag:
                return flag.Value;
            default:
                Refuse($"{place}/{ConnectionFields.IsSecret}", $"\"{ConnectionFields.IsSecret}\" has to be true or false.");
                return true;
        }
    }

    private void CheckField(string name, string place)
    {
        if (!RequestFields.MayBeSet(name))
        {
            Refuse(place, "This is no name of a header field, or of one that the service sets itself.");
        }
    }

    private void CheckFieldValue(string value, string place)
    {
        if (!RequestFields.IsValue(value))
        {
            Refuse(place, "The value of a header field is printable ASCII.");
        }
    }

    private string Text(JsonObject parent, string parentPlace, string name, int least = 1, int? most = null)
    {
        string place = $"{parentPlace}/{name}";
        int longest = most ?? _limits.MaxConnectionTextLength;
        if (parent[name] is not JsonString { Value: { } text })
        {
            Refuse(place, $"\"{name}\" has to be a string.");
            return "";
        }

        if (text.Length < least || text.Length > longest)
        {
            Refuse(place, string.Create(CultureInfo.InvariantCulture, $"\"{name}\" has {text.Length} characters; {least} to {longest} are allowed."));
        }
        else if (longest != int.MaxValue && text.Any(char.IsControl))
        {
            Refuse(place, $"\"{name}\" must not contain control characters.");
        }
        else if (!IsWellFormed(text))
        {
            Refuse(place, $"\"{name}\" has half of a surrogate pair.");
        }

        return text;
    }

    private JsonObject Object(JsonObject parent, string parentPlace, string name)
    {
        if (parent[name] is JsonObject found)
        {
            return found;
        }

        Refuse($"{parentPlace}/{name}", $"\"{name}\" has to be an object.");
        return JsonObject.Empty;
    }

    private void Know(JsonObject given, string place, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty member in given)
        {
            if (!known.Contains(member.Name))
            {
                string escaped = member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                Refuse($"{place}/{escaped}", $"There is no member \"{member.Name}\" here. Known are: {string.Join(", ", known)}.");
            }
        }
    }

    private void Refuse(string place, string message) => _error ??= new ServiceError(ErrorCodes.Validation, message) { Target = place };

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
