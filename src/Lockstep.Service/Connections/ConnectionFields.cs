namespace Lockstep.Service.Connections;

/// <summary>What the members of a connection are called: the names of EventBridge's API, beginning with a small letter.</summary>
internal static class ConnectionFields
{
    public const string Description = "description";
    public const string AuthorizationType = "authorizationType";
    public const string AuthParameters = "authParameters";
    public const string ApiKey = "apiKeyAuthParameters";
    public const string ApiKeyName = "apiKeyName";
    public const string ApiKeyValue = "apiKeyValue";
    public const string Basic = "basicAuthParameters";
    public const string Username = "username";
    public const string Password = "password";
    public const string OAuth = "oauthParameters";
    public const string AuthorizationEndpoint = "authorizationEndpoint";
    public const string HttpMethod = "httpMethod";
    public const string ClientParameters = "clientParameters";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string OAuthParameters = "oauthHttpParameters";
    public const string InvocationParameters = "invocationHttpParameters";
    public const string Headers = "headerParameters";
    public const string Query = "queryStringParameters";
    public const string Body = "bodyParameters";
    public const string Key = "key";
    public const string Value = "value";
    public const string IsSecret = "isValueSecret";
}
