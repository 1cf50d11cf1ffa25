using System.Collections.Immutable;

namespace Lockstep.Service.Connections;

/// <summary>
/// What a connection adds to a call (Amazon EventBridge API reference, CreateConnection, "AuthParameters"). It holds secrets: no part of it shows them as text.
/// </summary>
/// <param name="Description">For people; null when there is none.</param>
/// <param name="Authorization">Who calls.</param>
/// <param name="Parameters">What goes along with every call.</param>
public sealed record ConnectionSettings(string? Description, ConnectionAuthorization Authorization, ConnectionParameters Parameters)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ConnectionSettings);
}

/// <summary>How a call proves who makes it. The set is closed.</summary>
public abstract record ConnectionAuthorization
{
    /// <summary>The kind, as EventBridge names it.</summary>
    public abstract string Type { get; }

    /// <summary>The kind only: one that reaches a log by mistake says nothing.</summary>
    public sealed override string ToString() => Type;
}

/// <summary>A header field with a key.</summary>
/// <param name="Name">The name of the field.</param>
/// <param name="Value">The key. Secret.</param>
public sealed record ApiKeyAuthorization(string Name, string Value) : ConnectionAuthorization
{
    /// <summary>What this kind is called.</summary>
    public const string TypeName = "API_KEY";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>A user name and a password (RFC 7617).</summary>
/// <param name="Username">The user name, without a colon.</param>
/// <param name="Password">The password. Secret.</param>
public sealed record BasicAuthorization(string Username, string Password) : ConnectionAuthorization
{
    /// <summary>What this kind is called.</summary>
    public const string TypeName = "BASIC";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>A token that is fetched for the credentials of a client (RFC 6749, section 4.4).</summary>
/// <param name="Endpoint">Where tokens are fetched.</param>
/// <param name="Method">GET, POST or PUT.</param>
/// <param name="ClientId">The client.</param>
/// <param name="ClientSecret">Its secret.</param>
/// <param name="Parameters">What goes along with the request for a token.</param>
public sealed record OAuthAuthorization(Uri Endpoint, string Method, string ClientId, string ClientSecret, ConnectionParameters Parameters) : ConnectionAuthorization
{
    /// <summary>What this kind is called.</summary>
    public const string TypeName = "OAUTH_CLIENT_CREDENTIALS";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>Parameters by where they go. No name is there twice in one place.</summary>
/// <param name="Headers">Header fields.</param>
/// <param name="Query">Parameters of the query.</param>
/// <param name="Body">Members of the body.</param>
public sealed record ConnectionParameters(
    ImmutableArray<ConnectionParameter> Headers, ImmutableArray<ConnectionParameter> Query, ImmutableArray<ConnectionParameter> Body)
{
    /// <summary>No parameters.</summary>
    public static ConnectionParameters None { get; } = new([], [], []);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Headers.IsEmpty && Query.IsEmpty && Body.IsEmpty;
}

/// <summary>A parameter.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsSecret">Whether the value is never shown.</param>
public sealed record ConnectionParameter(string Key, string Value, bool IsSecret)
{
    /// <summary>The name only.</summary>
    public override string ToString() => Key;
}
