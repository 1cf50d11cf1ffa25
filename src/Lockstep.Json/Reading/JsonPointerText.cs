namespace Lockstep.Json;

/// <summary>The text of JSON pointers (RFC 6901).</summary>
internal static class JsonPointerText
{
    /// <summary>One reference token with its slash.</summary>
    public static string Token(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The name a reference token (without slash) stands for.</summary>
    public static string Name(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
