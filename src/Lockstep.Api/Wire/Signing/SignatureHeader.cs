using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Api.Wire.Signing;

/// <summary>The Authorization header of Signature Version 4, taken apart.</summary>
/// <param name="AccessKeyId">Whose signature it is said to be.</param>
/// <param name="Date">The day of the scope, <c>YYYYMMDD</c>.</param>
/// <param name="Region">The region of the scope; any will do.</param>
/// <param name="Service">The service of the scope.</param>
/// <param name="Terminator">The end of the scope.</param>
/// <param name="SignedHeaders">Names of the signed headers, lower case, in order.</param>
/// <param name="Signature">64 hexadecimal digits, or whatever stands there.</param>
public sealed record SignatureHeader(
    string AccessKeyId, string Date, string Region, string Service, string Terminator, ImmutableArray<string> SignedHeaders, string Signature)
{
    /// <summary>The algorithm.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly ImmutableArray<string> Required = ["Credential", "Signature", "SignedHeaders"];

    private const int MaxLength = 4_096;
    private const int CredentialParts = 5;

    /// <summary>The scope, as it goes into the text that is signed.</summary>
    public string Scope => $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>Reads the header; says in the words of AWS what is missing. The header itself is never repeated.</summary>
    public static bool TryRead(string? header, [NotNullWhen(true)] out SignatureHeader? read, [NotNullWhen(false)] out WireError? error)
    {
        read = null;
        error = null;
        if (string.IsNullOrEmpty(header))
        {
            error = WireErrors.MissingAuthenticationToken;
            return false;
        }

        int space = header.IndexOf(' ', StringComparison.Ordinal);
        if (header.Length > MaxLength || space < 0 || header[..space] != Algorithm)
        {
            error = WireErrors.IncompleteSignature($"Authorization header requires the algorithm {Algorithm}.");
            return false;
        }

        Dictionary<string, string> parts = PartsOf(header[(space + 1)..]);
        string[] missing = [.. Required.Where(name => !parts.ContainsKey(name))];
        if (missing.Length > 0)
        {
            error = WireErrors.IncompleteSignature(string.Join(' ', missing.Select(name => $"Authorization header requires '{name}' parameter.")));
            return false;
        }

        string[] credential = parts["Credential"].Split('/');
        if (credential.Length < CredentialParts)
        {
            error = WireErrors.IncompleteSignature("Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
            return false;
        }

        read = new SignatureHeader(
            string.Join('/', credential[..^4]),
            credential[^4],
            credential[^3],
            credential[^2],
            credential[^1],
            [.. parts["SignedHeaders"].Split(';')],
            parts["Signature"]);
        return true;
    }

    private static Dictionary<string, string> PartsOf(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < part.Length - 1)
            {
                parts[part[..equals]] = part[(equals + 1)..];
            }
        }

        return parts;
    }
}
