using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Lockstep.Service.Security;

/// <summary>The signing keys of one purpose, loaded once: the newest signs, every one verifies. There is always at least one.</summary>
public sealed class KeyRing
{
    /// <summary>Bytes of a key that is drawn here.</summary>
    public const int SecretBytes = 32;

    private const int KeyIdBytes = 4;
    private readonly FrozenDictionary<string, SigningKey> _keys;

    /// <summary>Composes a ring; at least one key.</summary>
    public KeyRing(IReadOnlyList<SigningKey> keys)
    {
        if (keys.Count == 0)
        {
            throw new ArgumentException("A key ring has at least one key.", nameof(keys));
        }

        _keys = keys.ToFrozenDictionary(key => key.KeyId, StringComparer.Ordinal);
        Current = keys.MaxBy(key => (key.CreatedAt, key.KeyId)) ?? keys[0];
    }

    /// <summary>The key that signs.</summary>
    public SigningKey Current { get; }

    /// <summary>Loads the keys of a purpose; draws the first one when there is none.</summary>
    public static async ValueTask<KeyRing> LoadAsync(ISigningKeyStore store, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        IReadOnlyList<SigningKey> keys = await store.LoadAsync(purpose, cancellation);
        if (keys.Count == 0)
        {
            var drawn = new SigningKey(
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyIdBytes)), RandomNumberGenerator.GetBytes(SecretBytes), time.GetUtcNow());
            keys = await store.AddFirstAsync(purpose, drawn, cancellation);
        }

        return new KeyRing(keys);
    }

    /// <summary>Finds a key by its id.</summary>
    public bool TryFind(string keyId, [NotNullWhen(true)] out SigningKey? key) => _keys.TryGetValue(keyId, out key);
}
