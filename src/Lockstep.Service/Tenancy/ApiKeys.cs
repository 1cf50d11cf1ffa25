using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Security;

namespace Lockstep.Service.Tenancy;

/// <summary>
/// Issues and verifies API keys. Stored is a keyed hash, never the key. A verified key is remembered for a short while under a hash
/// keyed with a secret of this process, so that a busy client costs no look-up; a removed key therefore works on for up to
/// <see cref="MemorySeconds"/>.
/// </summary>
public sealed class ApiKeys(ITenantStore store, KeyRing ring, TimeProvider time)
{
    /// <summary>The purpose under which the hash keys are kept.</summary>
    public const string Purpose = "api-key";

    /// <summary>Seconds for which a verification, or a refusal, is remembered.</summary>
    public const int MemorySeconds = 30;

    /// <summary>Verifications remembered at most; when there are more, all are forgotten.</summary>
    public const int MaxRemembered = 10_000;

    private readonly byte[] _memoryKey = RandomNumberGenerator.GetBytes(KeyRing.SecretBytes);
    private readonly ConcurrentDictionary<Fingerprint, Remembered> _memory = new();

    /// <summary>Draws a key for a tenant and stores its hash. The answer is the only copy of the text.</summary>
    public async ValueTask<string> IssueAsync(TenantId tenant, CancellationToken cancellation)
    {
        string key = ApiKeyText.Draw();
        await AdoptAsync(tenant, key, cancellation);
        return key;
    }

    /// <summary>Makes a given text a key of a tenant: for development, where the environment chooses it.</summary>
    public async ValueTask AdoptAsync(TenantId tenant, string key, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, ApiKeyText.MaxLength);
        await store.EnsureAsync(tenant, cancellation);
        await store.PutKeyAsync(new ApiKeyRecord(ApiKeyText.IdentifierOf(key), tenant, Hash(ring.Current, key), time.GetUtcNow()), cancellation);
        _memory.Clear();
    }

    /// <summary>Removes a key of a tenant; false when it has none of the identifier.</summary>
    public async ValueTask<bool> RemoveAsync(TenantId tenant, string keyId, CancellationToken cancellation)
    {
        bool removed = await store.RemoveKeyAsync(tenant, keyId, cancellation);
        _memory.Clear();
        return removed;
    }

    /// <summary>The tenant whose key the text is, if that was verified a moment ago: without asking the store.</summary>
    public bool TryRecall(string key, out TenantId tenant)
    {
        tenant = default;
        if (key.Length is 0 or > ApiKeyText.MaxLength
            || !_memory.TryGetValue(FingerprintOf(key), out Remembered remembered)
            || time.GetUtcNow() >= remembered.Until
            || remembered.Tenant is not { } owner)
        {
            return false;
        }

        tenant = owner;
        return true;
    }

    /// <summary>The tenant whose key the text is; null when it is nobody's.</summary>
    public ValueTask<TenantId?> VerifyAsync(string key, CancellationToken cancellation)
    {
        if (key.Length is 0 or > ApiKeyText.MaxLength)
        {
            return new ValueTask<TenantId?>((TenantId?)null);
        }

        Fingerprint fingerprint = FingerprintOf(key);
        return _memory.TryGetValue(fingerprint, out Remembered remembered) && time.GetUtcNow() < remembered.Until
            ? new ValueTask<TenantId?>(remembered.Tenant)
            : LookUpAsync(key, fingerprint, cancellation);
    }

    private static byte[] Hash(SigningKey hashKey, string key)
    {
        // The stored form names its hash key, so that a newer one may come into use: length, id, hash.
        byte[] id = Encoding.ASCII.GetBytes(hashKey.KeyId);
        return [(byte)id.Length, .. id, .. HMACSHA256.HashData(hashKey.Secret.Span, Encoding.UTF8.GetBytes(key))];
    }

    private async ValueTask<TenantId?> LookUpAsync(string key, Fingerprint fingerprint, CancellationToken cancellation)
    {
        ApiKeyRecord? record = await store.FindKeyAsync(ApiKeyText.IdentifierOf(key), cancellation);
        TenantId? tenant = record is not null && TryFindHashKey(ring, record.Hash, out SigningKey? hashKey)
            && CryptographicOperations.FixedTimeEquals(Hash(hashKey, key), record.Hash)
            ? record.Tenant
            : null;
        if (_memory.Count >= MaxRemembered)
        {
            _memory.Clear();
        }

        _memory[fingerprint] = new Remembered(tenant, time.GetUtcNow().AddSeconds(MemorySeconds));
        return tenant;
    }

    /// <summary>Finds the key under which a stored hash was made.</summary>
    internal static bool TryFindHashKey(KeyRing ring, byte[] stored, [NotNullWhen(true)] out SigningKey? hashKey)
    {
        hashKey = null;
        return stored.Length > 1 + stored[0] && ring.TryFind(Encoding.ASCII.GetString(stored, 1, stored[0]), out hashKey);
    }

    private Fingerprint FingerprintOf(string key)
    {
        Span<byte> text = stackalloc byte[3 * ApiKeyText.MaxLength];
        int length = Encoding.UTF8.GetBytes(key, text);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_memoryKey, text[..length], hash);
        return new Fingerprint(
            BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]), BitConverter.ToUInt64(hash[16..]), BitConverter.ToUInt64(hash[24..]));
    }

    private readonly record struct Fingerprint(ulong A, ulong B, ulong C, ulong D);

    private readonly record struct Remembered(TenantId? Tenant, DateTimeOffset Until);
}
