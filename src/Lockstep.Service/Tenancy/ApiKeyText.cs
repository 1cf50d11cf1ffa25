using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Service.Tenancy;

/// <summary>
/// The text of an API key: <c>lsk_</c>, a public identifier of 16 hexadecimal digits, <c>_</c>, a secret of 64. A text of another
/// shape that an operator has chosen for development is known by a digest of itself.
/// </summary>
public static class ApiKeyText
{
    /// <summary>Characters of a key at most.</summary>
    public const int MaxLength = 256;

    private const string Prefix = "lsk_";
    private const int IdentifierLength = 16;
    private const int SecretLength = 64;
    private const int Length = 4 + IdentifierLength + 1 + SecretLength;

    /// <summary>Draws a new key.</summary>
    public static string Draw() =>
        $"{Prefix}{RandomNumberGenerator.GetHexString(IdentifierLength, lowercase: true)}_{RandomNumberGenerator.GetHexString(SecretLength, lowercase: true)}";

    /// <summary>The public identifier of a key: safe to store and to show.</summary>
    public static string IdentifierOf(string key)
    {
        if (key.Length == Length
            && key.StartsWith(Prefix, StringComparison.Ordinal)
            && key[Prefix.Length + IdentifierLength] == '_')
        {
            return key.Substring(Prefix.Length, IdentifierLength);
        }

        return "text-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..IdentifierLength];
    }
}
