using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Api.Wire.Signing;

/// <summary>
/// What of a request is signed (AWS General Reference, "Signature Version 4"): method, path, query, the signed headers with their values as they came,
/// and a hash of the body or the words that stand for one.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path as it was sent, percent-encoded.</param>
/// <param name="Query">The query as it was sent, without the question mark.</param>
/// <param name="Headers">Names in lower case and values, sorted by name.</param>
/// <param name="PayloadHash">The last line of the canonical request.</param>
public sealed record SignedParts(string Method, string Path, string Query, ImmutableArray<KeyValuePair<string, string>> Headers, string PayloadHash);

/// <summary>The arithmetic of Signature Version 4, a pure function of what is signed.</summary>
public static class SignatureV4
{
    private const string KeyPrefix = "AWS4";

    /// <summary>The signature of a request, in hexadecimal digits.</summary>
    /// <param name="secret">The secret of the access key.</param>
    /// <param name="header">The scope.</param>
    /// <param name="time">When it was signed, as it stands in the request: <c>YYYYMMDD'T'HHMMSS'Z'</c>.</param>
    /// <param name="parts">What was signed.</param>
    public static string Sign(string secret, SignatureHeader header, string time, SignedParts parts) => Hex(Hmac(
        KeyOf(secret, header), $"{SignatureHeader.Algorithm}\n{time}\n{header.Scope}\n{HashOf(Encoding.UTF8.GetBytes(CanonicalRequest(parts)))}"));

    /// <summary>The signature of one chunk of a body that is sent in signed chunks ("Signature calculations: transferring a payload in multiple chunks").</summary>
    public static string SignChunk(string secret, SignatureHeader header, string time, string previous, ReadOnlySpan<byte> chunk) => Hex(Hmac(
        KeyOf(secret, header), $"{SignatureHeader.Algorithm}-PAYLOAD\n{time}\n{header.Scope}\n{previous}\n{HashOf([])}\n{HashOf(chunk)}"));

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Hex(SHA256.HashData(bytes));

    /// <summary>The canonical request.</summary>
    internal static string CanonicalRequest(SignedParts parts)
    {
        var text = new StringBuilder()
            .Append(parts.Method).Append('\n')
            .Append(CanonicalPath(parts.Path)).Append('\n')
            .Append(CanonicalQuery(parts.Query)).Append('\n');
        foreach ((string name, string value) in parts.Headers)
        {
            text.Append(name).Append(':');
            AppendTrimmed(text, value);
            text.Append('\n');
        }

        return text.Append('\n').AppendJoin(';', parts.Headers.Select(header => header.Key)).Append('\n').Append(parts.PayloadHash).ToString();
    }

    private static byte[] KeyOf(string secret, SignatureHeader header)
    {
        byte[] date = Hmac(Encoding.UTF8.GetBytes(KeyPrefix + secret), header.Date);
        return Hmac(Hmac(Hmac(date, header.Region), header.Service), header.Terminator);
    }

    // The path is encoded once more than it was sent, segment by segment: so do all services but S3.
    private static string CanonicalPath(string path) =>
        path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Recoded(pair[0]), Value: pair.Length > 1 ? Recoded(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Recoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static void AppendTrimmed(StringBuilder text, string value)
    {
        bool wasSpace = false;
        foreach (char c in value.Trim())
        {
            if (c != ' ' || !wasSpace)
            {
                text.Append(c);
            }

            wasSpace = c == ' ';
        }
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
