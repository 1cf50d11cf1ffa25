using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Http;

/// <summary>What an authorization endpoint answered.</summary>
/// <param name="AccessToken">The token; null when there is none. Secret.</param>
/// <param name="Lifetime">How long it is good for.</param>
/// <param name="Problem">Why there is none; it holds no secret.</param>
internal sealed record FetchedToken(string? AccessToken, TimeSpan Lifetime, string? Problem)
{
    /// <summary>The problem only.</summary>
    public override string ToString() => Problem ?? nameof(FetchedToken);
}

/// <summary>
/// Asks an authorization endpoint for a token (RFC 6749, section 4.4) through the same way out as every call: the client's id and secret as basic authorization
/// (section 2.3.1), <c>grant_type</c> in the form of the body, or with GET in the query, and the parameters of the connection, which win.
/// </summary>
internal sealed class OAuthTokenEndpoint(OutgoingHttp http, TargetOptions options)
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Life of a token that does not say (RFC 6749, section 5.1, leaves it open).</summary>
    private static readonly TimeSpan _unsaidLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _longestLifetime = TimeSpan.FromDays(1);

    private static readonly KeyValuePair<string, string> _grant = new("grant_type", "client_credentials");

    private readonly JsonReadLimits _limits = new() { MaxBytes = options.MaxResponseBytes };
    private readonly string _userAgent = $"Lockstep|HttpInvoke|{options.Region}";

    /// <summary>Asks once.</summary>
    /// <param name="connection">The name of the connection, for messages.</param>
    /// <param name="client">Who asks, and where.</param>
    public async Task<FetchedToken> FetchAsync(string connection, OAuthAuthorization client)
    {
        using HttpRequestMessage request = Compose(client);
        OutgoingOutcome outcome = await http.SendAsync(request, options.HttpInvokeTimeout, CancellationToken.None);
        if (outcome is OutgoingFailure failure)
        {
            return Without($"There is no token for the connection '{connection}': {failure.Message}");
        }

        using var answer = (OutgoingAnswer)outcome;
        if (!answer.IsSuccess)
        {
            return Without(FormattableString.Invariant($"The authorization endpoint of the connection '{connection}' answered with status {answer.Status}."));
        }

        if (!JsonReader.Read(answer.Body, _limits).TryGetValue(out JsonValue? body, out _)
            || (body as JsonObject)?["access_token"] is not JsonString { Value: { Length: > 0 } token }
            || token.Length > options.MaxTokenCharacters || !RequestFields.IsValue(token))
        {
            return Without(FormattableString.Invariant(
                $"The answer of the authorization endpoint of the connection '{connection}' has no access_token of at most {options.MaxTokenCharacters} printable characters."));
        }

        return new FetchedToken(token, LifetimeOf(((JsonObject)body)["expires_in"]), null);
    }

    private static FetchedToken Without(string problem) => new(null, TimeSpan.Zero, problem);

    private static TimeSpan LifetimeOf(JsonValue? expiresIn)
    {
        string? text = expiresIn switch
        {
            JsonNumber number => number.ToString(),
            JsonString said => said.Value,
            _ => null,
        };
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || double.IsNaN(seconds))
        {
            return _unsaidLifetime;
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, _longestLifetime.TotalSeconds));
    }

    private HttpRequestMessage Compose(OAuthAuthorization client)
    {
        bool inQuery = client.Method == "GET";
        JsonObject query = Merge(inQuery ? [_grant] : [], client.Parameters.Query);
        JsonObject body = Merge(inQuery ? [] : [_grant], client.Parameters.Body);
        string contentType = client.Parameters.Headers.FirstOrDefault(IsContentType)?.Value ?? FormType;
        var request = new HttpRequestMessage(new HttpMethod(client.Method), WithQuery(client.Endpoint, query))
        {
            Version = HttpVersion.Version11,
            Content = body.Count == 0 ? null : ContentOf(body, contentType),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation(
            "Authorization", ConnectionAdditions.BasicOf(Uri.EscapeDataString(client.ClientId), Uri.EscapeDataString(client.ClientSecret)));
        foreach (ConnectionParameter field in client.Parameters.Headers.Where(field => !IsContentType(field)))
        {
            request.Headers.Remove(field.Key);
            if (!request.Headers.TryAddWithoutValidation(field.Key, field.Value))
            {
                request.Content?.Headers.TryAddWithoutValidation(field.Key, field.Value);
            }
        }

        return request;
    }

    private static bool IsContentType(ConnectionParameter field) => field.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);

    private static ByteArrayContent ContentOf(JsonObject body, string contentType)
    {
        bool isForm = contentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(isForm ? FormEncoding.Encode(body, ArrayFormat.Repeat) : body.ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static Uri WithQuery(Uri endpoint, JsonObject query) => query.Count == 0
        ? endpoint
        : new Uri(endpoint.AbsoluteUri + (endpoint.Query.Length == 0 ? "?" : "&") + FormEncoding.Encode(query, ArrayFormat.Repeat));

    private static JsonObject Merge(ReadOnlySpan<KeyValuePair<string, string>> first, ImmutableArray<ConnectionParameter> parameters)
    {
        JsonObject merged = JsonObject.Empty;
        foreach ((string key, string value) in first)
        {
            merged = merged.With(key, JsonString.Of(value));
        }

        foreach (ConnectionParameter parameter in parameters)
        {
            merged = merged.With(parameter.Key, JsonString.Of(parameter.Value));
        }

        return merged;
    }
}
