using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Service.Security;

/// <summary>
/// Opaque, URL-safe texts that prove to come from us: base64url of version, key id, payload and an HMAC-SHA256 over all of it and a
/// context that the verifier has to know. Signing is a pure function; verification takes the same time whatever is wrong.
/// </summary>
public static class SignedText
{
    private const byte Version = 1;
    private const int HeaderBytes = 2;
    private const int StackBytes = 512;

    /// <summary>Signs a payload.</summary>
    /// <param name="key">The key that signs.</param>
    /// <param name="context">What the text is bound to without carrying it.</param>
    /// <param name="payload">What the text carries; readable by whoever holds it.</param>
    public static string Sign(SigningKey key, string context, ReadOnlySpan<byte> payload)
    {
        int signed = HeaderBytes + key.KeyId.Length + payload.Length;
        byte[] bytes = new byte[signed + HMACSHA256.HashSizeInBytes];
        bytes[0] = Version;
        bytes[1] = (byte)key.KeyId.Length;
        Encoding.ASCII.GetBytes(key.KeyId, bytes.AsSpan(HeaderBytes));
        payload.CopyTo(bytes.AsSpan(HeaderBytes + key.KeyId.Length));
        Mac(key, context, bytes.AsSpan(0, signed), bytes.AsSpan(signed));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The payload of a text that a key of the ring has signed for the context; null for anything else.</summary>
    public static byte[]? Verify(KeyRing ring, string context, string text)
    {
        int length = Base64Url.GetMaxDecodedLength(text.Length);
        byte[] bytes = new byte[length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out int written) != OperationStatus.Done)
        {
            return null;
        }

        ReadOnlySpan<byte> all = bytes.AsSpan(0, written);
        if (all.Length < HeaderBytes + HMACSHA256.HashSizeInBytes || all[0] != Version)
        {
            return null;
        }

        int payloadStart = HeaderBytes + all[1];
        int signed = all.Length - HMACSHA256.HashSizeInBytes;
        if (payloadStart > signed || !ring.TryFind(Encoding.ASCII.GetString(all[HeaderBytes..payloadStart]), out SigningKey? key))
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(key, context, all[..signed], expected);

        // Another spelling of the same bytes is another text: base64url's unused trailing bits must not make a second token.
        bool genuine = CryptographicOperations.FixedTimeEquals(expected, all[signed..]) && Base64Url.EncodeToString(all) == text;
        return genuine ? all[payloadStart..signed].ToArray() : null;
    }

    private static void Mac(SigningKey key, string context, ReadOnlySpan<byte> signed, Span<byte> destination)
    {
        // The context comes first with its length, so no payload can pose as another context.
        int contextBytes = Encoding.UTF8.GetByteCount(context);
        int total = sizeof(int) + contextBytes + signed.Length;
        Span<byte> input = total <= StackBytes ? stackalloc byte[total] : new byte[total];
        BinaryPrimitives.WriteInt32LittleEndian(input, contextBytes);
        Encoding.UTF8.GetBytes(context, input[sizeof(int)..]);
        signed.CopyTo(input[(sizeof(int) + contextBytes)..]);
        HMACSHA256.HashData(key.Secret.Span, input, destination);
    }
}
