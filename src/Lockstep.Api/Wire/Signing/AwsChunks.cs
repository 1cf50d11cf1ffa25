using System.Buffers.Text;

namespace Lockstep.Api.Wire.Signing;

/// <summary>
/// A body in <c>aws-chunked</c> encoding: chunks of a length in hexadecimal digits, perhaps with a signature, and their bytes; a chunk of length 0 ends
/// it, and trailing headers may follow.
/// </summary>
internal static class AwsChunks
{
    private const int MaxLineLength = 1_024;
    private const string SignatureExtension = "chunk-signature=";

    /// <summary>Takes the body out of its chunks; null when it is not well formed, or a chunk is not the right one.</summary>
    /// <param name="body">As it was sent.</param>
    /// <param name="isRight">Whether a chunk is the one that was signed; told its bytes and its signature, which is empty when there is none.</param>
    public static byte[]? Decode(ReadOnlySpan<byte> body, ChunkCheck isRight)
    {
        var decoded = new MemoryStream(body.Length);
        while (TryReadLine(ref body, out ReadOnlySpan<byte> line))
        {
            int semicolon = line.IndexOf((byte)';');
            ReadOnlySpan<byte> digits = semicolon < 0 ? line : line[..semicolon];
            string extension = semicolon < 0 ? "" : System.Text.Encoding.ASCII.GetString(line[(semicolon + 1)..]);
            if (!Utf8Parser.TryParse(digits, out int length, out int read, 'x') || read != digits.Length || length < 0 || length > body.Length)
            {
                return null;
            }

            string signature = extension.StartsWith(SignatureExtension, StringComparison.Ordinal) ? extension[SignatureExtension.Length..] : "";
            ReadOnlySpan<byte> chunk = body[..length];
            if (!isRight(chunk, signature))
            {
                return null;
            }

            if (length == 0)
            {
                return decoded.ToArray();
            }

            decoded.Write(chunk);
            body = body[length..];
            if (!body.StartsWith("\r\n"u8))
            {
                return null;
            }

            body = body[2..];
        }

        return null;
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> line)
    {
        int end = body[..Math.Min(body.Length, MaxLineLength)].IndexOf("\r\n"u8);
        line = end < 0 ? default : body[..end];
        body = end < 0 ? body : body[(end + 2)..];
        return end >= 0;
    }
}

/// <summary>Whether a chunk is the one that was signed.</summary>
internal delegate bool ChunkCheck(ReadOnlySpan<byte> chunk, string signature);
