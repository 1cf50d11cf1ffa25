using Microsoft.Extensions.Configuration;

namespace Lockstep.Functions.Composition;

/// <summary>
/// How to reach one Azure resource, in the form that the platform's own connections have: a section of addresses, or, for emulators only, one value
/// with a connection string.
/// </summary>
internal sealed class ConnectionSettings
{
    private const string ManagedIdentity = "managedidentity";

    private readonly string _name;
    private readonly IConfigurationSection _section;

    private ConnectionSettings(string name, IConfigurationSection section)
    {
        _name = name;
        _section = section;
    }

    /// <summary>The connection string of an emulator; null where there is an identity.</summary>
    public string? ConnectionString => string.IsNullOrWhiteSpace(_section.Value) ? null : _section.Value;

    /// <summary>Whether the credential is a managed identity, and not that of whoever is logged in.</summary>
    public bool HasManagedIdentity => _section["credential"] is not null;

    /// <summary>The client id of the identity; null for the system's own.</summary>
    public string? ClientId => _section["clientId"];

    /// <summary>Reads a connection.</summary>
    /// <exception cref="InvalidSettingsException">It names a credential of another kind.</exception>
    public static ConnectionSettings Read(IConfiguration configuration, string name)
    {
        var connection = new ConnectionSettings(name, configuration.GetSection(name));
        return connection._section["credential"] is { } credential && !string.Equals(credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidSettingsException($"{name}__credential has to be {ManagedIdentity}, or absent.")
            : connection;
    }

    /// <summary>An address that has to be there.</summary>
    /// <exception cref="InvalidSettingsException">It is missing or none.</exception>
    public Uri UriOf(string key) => Uri.TryCreate(_section[key], UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps
        ? uri
        : throw new InvalidSettingsException($"{_name}__{key} has to be an https address.");

    /// <summary>A text that has to be there.</summary>
    /// <exception cref="InvalidSettingsException">It is missing.</exception>
    public string TextOf(string key) => _section[key] is { Length: > 0 } text ? text : throw new InvalidSettingsException($"{_name}__{key} is missing.");
}
