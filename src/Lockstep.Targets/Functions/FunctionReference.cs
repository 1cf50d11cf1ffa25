namespace Lockstep.Targets.Functions;

/// <summary>
/// A function as a definition names it (Lambda API, FunctionName): a name, a name with qualifier, an account with name, or an ARN. Only
/// name and qualifier count: a function resolves within the tenant, whatever account and region the text shows.
/// </summary>
/// <param name="Name">1 to 140 characters.</param>
/// <param name="Qualifier">A version or alias; null when there is none.</param>
internal readonly record struct FunctionReference(string Name, string? Qualifier)
{
    private const string Marker = "function:";
    private const int MaxNameCharacters = 140;

    /// <summary>Reads a reference.</summary>
    public static bool TryParse(string text, out FunctionReference reference)
    {
        ReadOnlySpan<char> rest = text;
        int marker = rest.IndexOf(Marker);
        if (marker >= 0 && (marker == 0 || rest[marker - 1] == ':'))
        {
            rest = rest[(marker + Marker.Length)..];
        }
        else if (rest.StartsWith("arn:"))
        {
            reference = default;
            return false;
        }

        int colon = rest.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? rest : rest[..colon];
        ReadOnlySpan<char> qualifier = colon < 0 ? default : rest[(colon + 1)..];
        bool wellFormed = name.Length is > 0 and <= MaxNameCharacters
            && (colon < 0 || (qualifier.Length > 0 && !qualifier.Contains(':')));
        reference = wellFormed ? new FunctionReference(name.ToString(), colon < 0 ? null : qualifier.ToString()) : default;
        return wellFormed;
    }
}
