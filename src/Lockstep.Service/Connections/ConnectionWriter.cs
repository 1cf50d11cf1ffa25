using System.Collections.Immutable;
using Lockstep.Json;

namespace Lockstep.Service.Connections;

/// <summary>Writes settings under the names that a request has: all of them to be sealed, or those that may be shown.</summary>
internal static class ConnectionWriter
{
    /// <summary>Everything, secrets included: only to be sealed.</summary>
    public static JsonObject Whole(ConnectionSettings settings) => Write(settings, withSecrets: true);

    /// <summary>What anybody of the tenant may see.</summary>
    public static JsonObject Shown(ConnectionSettings settings) => Write(settings, withSecrets: false);

    private static JsonObject Write(ConnectionSettings settings, bool withSecrets)
    {
        var whole = new JsonObjectBuilder();
        if (settings.Description is { } description)
        {
            whole.Add(ConnectionFields.Description, JsonString.Of(description));
        }

        var parameters = new JsonObjectBuilder();
        (string name, JsonObject authorization) = settings.Authorization switch
        {
            ApiKeyAuthorization key => (ConnectionFields.ApiKey, Texts(
                withSecrets, (ConnectionFields.ApiKeyName, key.Name, false), (ConnectionFields.ApiKeyValue, key.Value, true))),
            BasicAuthorization basic => (ConnectionFields.Basic, Texts(
                withSecrets, (ConnectionFields.Username, basic.Username, false), (ConnectionFields.Password, basic.Password, true))),
            OAuthAuthorization client => (ConnectionFields.OAuth, OAuth(client, withSecrets)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        parameters.Add(name, authorization);
        if (!settings.Parameters.IsEmpty)
        {
            parameters.Add(ConnectionFields.InvocationParameters, Parameters(settings.Parameters, withSecrets));
        }

        return whole
            .Add(ConnectionFields.AuthorizationType, JsonString.Of(settings.Authorization.Type))
            .Add(ConnectionFields.AuthParameters, parameters.Build())
            .Build();
    }

    private static JsonObject OAuth(OAuthAuthorization client, bool withSecrets)
    {
        JsonObjectBuilder written = new JsonObjectBuilder()
            .Add(ConnectionFields.AuthorizationEndpoint, JsonString.Of(client.Endpoint.OriginalString))
            .Add(ConnectionFields.HttpMethod, JsonString.Of(client.Method))
            .Add(ConnectionFields.ClientParameters, Texts(
                withSecrets, (ConnectionFields.ClientId, client.ClientId, false), (ConnectionFields.ClientSecret, client.ClientSecret, true)));
        if (!client.Parameters.IsEmpty)
        {
            written.Add(ConnectionFields.OAuthParameters, Parameters(client.Parameters, withSecrets));
        }

        return written.Build();
    }

    private static JsonObject Parameters(ConnectionParameters parameters, bool withSecrets)
    {
        var written = new JsonObjectBuilder();
        Add(ConnectionFields.Headers, parameters.Headers);
        Add(ConnectionFields.Query, parameters.Query);
        Add(ConnectionFields.Body, parameters.Body);
        return written.Build();

        void Add(string name, ImmutableArray<ConnectionParameter> list)
        {
            if (list.IsEmpty)
            {
                return;
            }

            var items = new JsonArrayBuilder(list.Length);
            foreach (ConnectionParameter parameter in list)
            {
                JsonObject texts = Texts(
                    withSecrets, (ConnectionFields.Key, parameter.Key, false), (ConnectionFields.Value, parameter.Value, parameter.IsSecret));
                items.Add(texts.With(ConnectionFields.IsSecret, JsonBoolean.Of(parameter.IsSecret)));
            }

            written.Add(name, items.ToArray());
        }
    }

    private static JsonObject Texts(bool withSecrets, params ReadOnlySpan<(string Name, string Value, bool IsSecret)> members)
    {
        var written = new JsonObjectBuilder();
        foreach ((string name, string value, bool isSecret) in members)
        {
            if (withSecrets || !isSecret)
            {
                written.Add(name, JsonString.Of(value));
            }
        }

        return written.Build();
    }
}
