using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Security;

namespace Lockstep.Service.Tenancy;

/// <summary>
/// Access keys: an identifier and a secret with which requests of the Step Functions protocol are signed. Each API key has one. Its secret is
/// derived from the stored record of the API key and a key that is kept outside the database, so nothing is stored for it, it goes when the API key goes,
/// and whoever reads the database alone can sign nothing.
/// </summary>
public sealed class AccessKeys(ITenantStore store, KeyRing ring, TimeProvider time)
{
    /// <summary>Characters of an identifier at most (AWS's own have 16 to 128).</summary>
    public const int MaxIdLength = 128;

    private const string Context = "access-key-secret\n";
    private const string DrawnPrefix = "LKIA";
    private const string ChosenPrefix = "LKTA";
    private const string ChosenIdentifier = "text-";
    private const int PrefixLength = 4;
    private const int IdentifierLength = 16;

    // As base64, the 40 characters that secrets of AWS have.
    private const int SecretBytes = 30;

    private readonly ConcurrentDictionary<string, Remembered> _memory = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccessKey> _adopted = new(StringComparer.Ordinal);

    /// <summary>Makes a given identifier and secret an access key of a tenant while this process runs: for development, where the environment chooses them.</summary>
    public void Adopt(AccessKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _adopted[key.Id] = key;
    }

    /// <summary>The identifier of the access key that belongs to an API key; null when the API key's own identifier is of an unusual shape.</summary>
    /// <param name="apiKeyId">See <see cref="ApiKeyText.IdentifierOf"/>.</param>
    public static string? IdOf(string apiKeyId)
    {
        ArgumentNullException.ThrowIfNull(apiKeyId);
        bool chosen = apiKeyId.StartsWith(ChosenIdentifier, StringComparison.Ordinal);
        string digits = chosen ? apiKeyId[ChosenIdentifier.Length..] : apiKeyId;
        return digits.Length == IdentifierLength && digits.All(char.IsAsciiHexDigitLower)
            ? (chosen ? ChosenPrefix : DrawnPrefix) + digits.ToUpperInvariant()
            : null;
    }

    /// <summary>The access key that belongs to the text of an API key; null when there is no such API key, or it is of an unusual shape.</summary>
    public ValueTask<AccessKey?> OfApiKeyAsync(string apiKey, CancellationToken cancellation) => IdOf(ApiKeyText.IdentifierOf(apiKey)) is { } id
        ? FindAsync(id, cancellation)
        : ValueTask.FromResult<AccessKey?>(null);

    /// <summary>Finds an access key that was asked for a moment ago, without asking the store.</summary>
    public bool TryRecall(string accessKeyId, [NotNullWhen(true)] out AccessKey? key) =>
        _adopted.TryGetValue(accessKeyId, out key)
        || (_memory.TryGetValue(accessKeyId, out Remembered remembered) && time.GetUtcNow() < remembered.Until && (key = remembered.Key) is not null);

    /// <summary>Finds an access key; null when there is none.</summary>
    public async ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellation)
    {
        if (TryRecall(accessKeyId, out AccessKey? recalled))
        {
            return recalled;
        }

        if (_memory.TryGetValue(accessKeyId, out Remembered remembered) && time.GetUtcNow() < remembered.Until)
        {
            return remembered.Key;
        }

        if (ApiKeyIdOf(accessKeyId) is not { } apiKeyId)
        {
            return null;
        }

        AccessKey? key = await store.FindKeyAsync(apiKeyId, cancellation) is { } record && SecretOf(record) is { } secret
            ? new AccessKey(accessKeyId, record.Tenant, secret)
            : null;
        if (_memory.Count >= ApiKeys.MaxRemembered)
        {
            _memory.Clear();
        }

        _memory[accessKeyId] = new Remembered(key, time.GetUtcNow().AddSeconds(ApiKeys.MemorySeconds));
        return key;
    }

    private static string? ApiKeyIdOf(string accessKeyId)
    {
        if (accessKeyId.Length != PrefixLength + IdentifierLength || !accessKeyId.Skip(PrefixLength).All(char.IsAsciiHexDigitUpper))
        {
            return null;
        }

        string digits = accessKeyId[PrefixLength..].ToLowerInvariant();
        return accessKeyId[..PrefixLength] switch
        {
            DrawnPrefix => digits,
            ChosenPrefix => ChosenIdentifier + digits,
            _ => null,
        };
    }

    private string? SecretOf(ApiKeyRecord record)
    {
        if (!ApiKeys.TryFindHashKey(ring, record.Hash, out SigningKey? key))
        {
            return null;
        }

        byte[] info = [.. Encoding.UTF8.GetBytes(Context + record.KeyId + "\n"), .. record.Hash];
        return Convert.ToBase64String(HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret.ToArray(), SecretBytes, salt: null, info));
    }

    private readonly record struct Remembered(AccessKey? Key, DateTimeOffset Until);
}

/// <summary>An access key.</summary>
/// <param name="Id">Its identifier, which requests show.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Secret">What signs. Never logged, never part of an error.</param>
public sealed record AccessKey(string Id, TenantId Tenant, string Secret)
{
    /// <summary>The identifier only: a key that reaches a log by mistake says nothing.</summary>
    public override string ToString() => $"AccessKey {Id}";
}
