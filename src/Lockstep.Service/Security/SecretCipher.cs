using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Service.Security;

/// <summary>
/// Keeps bytes secret at rest: AES-256-GCM under the newest key of a ring, whose id stands in front, so that what an older key has sealed stays readable for
/// as long as that key is kept. What is sealed is bound to a context that whoever opens it has to know: elsewhere it opens to nothing.
/// </summary>
public sealed class SecretCipher(KeyRing ring)
{
    private const byte Version = 1;
    private const int HeaderBytes = 2;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private static readonly byte[] KeyUse = "lockstep secret cipher 1"u8.ToArray();

    /// <summary>Seals bytes. The same bytes are sealed differently each time.</summary>
    /// <param name="context">Where they belong; it is not kept with them.</param>
    /// <param name="plain">The bytes.</param>
    public byte[] Seal(string context, ReadOnlySpan<byte> plain)
    {
        SigningKey key = ring.Current;
        int header = HeaderBytes + key.KeyId.Length;
        byte[] all = new byte[header + NonceBytes + TagBytes + plain.Length];
        all[0] = Version;
        all[1] = (byte)key.KeyId.Length;
        Encoding.ASCII.GetBytes(key.KeyId, all.AsSpan(HeaderBytes));
        Span<byte> nonce = all.AsSpan(header, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = CipherOf(key);
        cipher.Encrypt(
            nonce,
            plain,
            all.AsSpan(header + NonceBytes + TagBytes),
            all.AsSpan(header + NonceBytes, TagBytes),
            Associated(all.AsSpan(0, header), context));
        return all;
    }

    /// <summary>The bytes that were sealed for the context; null when they were not, were altered, or the key is not there any more.</summary>
    public byte[]? Open(string context, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < HeaderBytes || sealedBytes[0] != Version)
        {
            return null;
        }

        int header = HeaderBytes + sealedBytes[1];
        if (sealedBytes.Length < header + NonceBytes + TagBytes
            || !ring.TryFind(Encoding.ASCII.GetString(sealedBytes[HeaderBytes..header]), out SigningKey? key))
        {
            return null;
        }

        byte[] plain = new byte[sealedBytes.Length - header - NonceBytes - TagBytes];
        using AesGcm cipher = CipherOf(key);
        try
        {
            cipher.Decrypt(
                sealedBytes.Slice(header, NonceBytes),
                sealedBytes[(header + NonceBytes + TagBytes)..],
                sealedBytes.Slice(header + NonceBytes, TagBytes),
                plain,
                Associated(sealedBytes[..header], context));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm CipherOf(SigningKey key)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret.Span, derived, salt: [], info: KeyUse);
        var cipher = new AesGcm(derived, TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }

    private static byte[] Associated(ReadOnlySpan<byte> header, string context)
    {
        // The context comes first with its length, so no header can pose as part of another context.
        int contextBytes = Encoding.UTF8.GetByteCount(context);
        byte[] all = new byte[sizeof(int) + contextBytes + header.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, contextBytes);
        Encoding.UTF8.GetBytes(context, all.AsSpan(sizeof(int)));
        header.CopyTo(all.AsSpan(sizeof(int) + contextBytes));
        return all;
    }
}
