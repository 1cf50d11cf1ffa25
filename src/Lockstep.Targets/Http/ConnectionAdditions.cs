using System.Collections.Immutable;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Connections;

namespace Lockstep.Targets.Http;

/// <summary>
/// What a connection adds to a request (Step Functions, "Merging EventBridge connection and HTTP Task definition data"): what the connection says wins over what the
/// definition says under the same name.
/// </summary>
/// <param name="Headers">Header fields, the authorization among them.</param>
/// <param name="Query">Parameters of the query.</param>
/// <param name="Body">Members of the body.</param>
internal sealed record ConnectionAdditions(
    ImmutableArray<KeyValuePair<string, string>> Headers, ImmutableArray<KeyValuePair<string, string>> Query, ImmutableArray<KeyValuePair<string, string>> Body)
{
    /// <summary>What is shown in place of a value. AWS names no text for it in its documentation of TestState; this is the one of its CloudTrail.</summary>
    public const string Redaction = "HIDDEN_DUE_TO_SECURITY_REASONS";

    /// <summary>Nothing, as without a connection.</summary>
    public static ConnectionAdditions None { get; } = new([], [], []);

    /// <summary>What a connection adds.</summary>
    /// <param name="settings">The connection.</param>
    /// <param name="accessToken">The token, where the connection fetches one; null where it has not been fetched, or there is none.</param>
    public static ConnectionAdditions Of(ConnectionSettings settings, string? accessToken)
    {
        KeyValuePair<string, string>? authorization = settings.Authorization switch
        {
            ApiKeyAuthorization key => new(key.Name, key.Value),
            BasicAuthorization basic => new("Authorization", BasicOf(basic.Username, basic.Password)),
            OAuthAuthorization when accessToken is not null => new("Authorization", $"Bearer {accessToken}"),
            _ => null,
        };
        ImmutableArray<KeyValuePair<string, string>> headers = PairsOf(settings.Parameters.Headers);
        if (authorization is { } proof)
        {
            headers = [.. headers.Where(field => !field.Key.Equals(proof.Key, StringComparison.OrdinalIgnoreCase)), proof];
        }

        return new ConnectionAdditions(headers, PairsOf(settings.Parameters.Query), PairsOf(settings.Parameters.Body));
    }

    /// <summary>The value of an Authorization field for a user and a password (RFC 7617, section 2.1: UTF-8).</summary>
    public static string BasicOf(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>The names with nothing of the values.</summary>
    public ConnectionAdditions Redacted()
    {
        return new ConnectionAdditions(Hide(Headers), Hide(Query), Hide(Body));

        static ImmutableArray<KeyValuePair<string, string>> Hide(ImmutableArray<KeyValuePair<string, string>> pairs) =>
            [.. pairs.Select(pair => new KeyValuePair<string, string>(pair.Key, Redaction))];
    }

    /// <summary>The parameters of the call with query and body of the connection; null when the body of the definition cannot take them.</summary>
    public JsonValue? MergeInto(JsonValue parameters)
    {
        if (parameters is not JsonObject given)
        {
            return parameters;
        }

        if (!Query.IsEmpty && given["QueryParameters"] is null or JsonObject)
        {
            given = given.With("QueryParameters", Merge(given["QueryParameters"] as JsonObject, Query));
        }

        if (Body.IsEmpty)
        {
            return given;
        }

        return given["RequestBody"] is null or JsonObject ? given.With("RequestBody", Merge(given["RequestBody"] as JsonObject, Body)) : null;
    }

    /// <summary>The call with the header fields of the connection.</summary>
    public HttpInvokeParameters AddTo(HttpInvokeParameters call)
    {
        if (Headers.IsEmpty)
        {
            return call;
        }

        var names = new HashSet<string>(Headers.Select(field => field.Key), StringComparer.OrdinalIgnoreCase);
        string? contentType = Headers.FirstOrDefault(IsContentType).Value;
        return call with
        {
            Headers = [.. call.Headers.Where(field => !names.Contains(field.Key)), .. Headers.Where(field => !IsContentType(field))],
            ContentType = contentType ?? call.ContentType,
        };
    }

    private static bool IsContentType(KeyValuePair<string, string> field) => field.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);

    private static JsonObject Merge(JsonObject? given, ImmutableArray<KeyValuePair<string, string>> pairs)
    {
        JsonObject merged = given ?? JsonObject.Empty;
        foreach ((string key, string value) in pairs)
        {
            merged = merged.With(key, JsonString.Of(value));
        }

        return merged;
    }

    private static ImmutableArray<KeyValuePair<string, string>> PairsOf(ImmutableArray<ConnectionParameter> parameters) =>
        [.. parameters.Select(parameter => new KeyValuePair<string, string>(parameter.Key, parameter.Value))];
}
