using Lockstep.Service.Errors;

namespace Lockstep.Azure.Ports;

/// <summary>
/// The vault. It cannot write "only if there is none", so whoever needs a winner among several finds one elsewhere, and gives each secret a name
/// of its own. A vault that cannot be reached throws <see cref="StorageUnavailableException"/>.
/// </summary>
public interface ISecrets
{
    /// <summary>Reads a secret; null when there is none.</summary>
    ValueTask<string?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Writes a secret. A name is never written with another value, so repeating a write changes nothing that is seen.</summary>
    ValueTask PutAsync(string name, string value, CancellationToken cancellation);
}

/// <summary>
/// What Key Vault accepts (Azure documentation, "About Azure Key Vault secrets"). Whoever breaks a rule has a defect: every adapter checks here before
/// it sends, and throws.
/// </summary>
public static class SecretRules
{
    /// <summary>Characters of a name.</summary>
    public const int MaxNameLength = 127;

    /// <summary>Characters of a value.</summary>
    public const int MaxValueLength = 25_000;

    /// <summary>Checks a name: ASCII letters, digits and hyphens.</summary>
    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public static void CheckName(string name)
    {
        if (name.Length is < 1 or > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new ArgumentException($"'{name}' is no name for a secret.", nameof(name));
        }
    }

    /// <summary>Checks a secret that is to be written.</summary>
    /// <exception cref="ArgumentException">The name or the size of the value breaks a rule.</exception>
    public static void Check(string name, string value)
    {
        CheckName(name);
        if (value.Length is < 1 or > MaxValueLength)
        {
            throw new ArgumentException($"The value of the secret '{name}' is empty or too long.", nameof(value));
        }
    }
}
