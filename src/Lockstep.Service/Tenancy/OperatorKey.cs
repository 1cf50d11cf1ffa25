using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Errors;
using Lockstep.Service.Security;

namespace Lockstep.Service.Tenancy;

/// <summary>
/// The credential of whoever runs the service. In memory is a hash under a key of this process, never the text; comparing takes the same time
/// whatever is wrong.
/// </summary>
public sealed class OperatorKey
{
    /// <summary>The configuration key of the embedded service.</summary>
    public const string ConfigurationKey = "Lockstep:Operator:Key";

    /// <summary>Characters of an operator key at least: below, it could be guessed.</summary>
    public const int MinLength = 32;

    /// <summary>Characters of an operator key at most.</summary>
    public const int MaxLength = 256;

    private readonly byte[] _hashKey = RandomNumberGenerator.GetBytes(KeyRing.SecretBytes);
    private readonly byte[] _hash;

    private OperatorKey(string text) => _hash = HashOf(text);

    /// <summary>Takes a text as the operator key; refuses one that is too short or too long, without repeating it.</summary>
    public static Result<OperatorKey> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= MinLength and <= MaxLength
            ? new OperatorKey(text)
            : new ServiceError(ErrorCodes.Validation, $"The operator key ({ConfigurationKey}) has to have {MinLength} to {MaxLength} characters.")
            {
                Target = ConfigurationKey,
            };
    }

    /// <summary>Whether a text is the operator key.</summary>
    public bool Matches(string text) => text.Length <= MaxLength && CryptographicOperations.FixedTimeEquals(HashOf(text), _hash);

    /// <summary>Nothing of the key: one that reaches a log by mistake says nothing.</summary>
    public override string ToString() => nameof(OperatorKey);

    private byte[] HashOf(string text) => HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(text));
}
