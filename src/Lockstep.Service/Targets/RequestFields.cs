using System.Buffers;

namespace Lockstep.Service.Targets;

/// <summary>
/// Which header fields a definition or a connection may set, and to what (RFC 9110, 5.1 and 5.5; printable ASCII only). None of them can change how the request
/// is framed, routed or attributed.
/// </summary>
public static class RequestFields
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Forwarded", "Host", "HTTP2-Settings", "Keep-Alive", "Range", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "User-Agent", "Via",
    };

    private static readonly string[] RefusedPrefixes = ["Proxy-", "X-Forwarded-", "X-Amz-", "X-Amzn-", "Lockstep-"];

    /// <summary>Whether the text is the name of a field.</summary>
    public static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>Whether the text can be the value of a field.</summary>
    public static bool IsValue(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Whether the text is the name of a field that may be set.</summary>
    public static bool MayBeSet(string name) =>
        IsName(name) && !Refused.Contains(name) && !RefusedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
