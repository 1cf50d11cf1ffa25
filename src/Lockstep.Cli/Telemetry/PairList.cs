using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Reads <c>name=value,name=value</c> as the environment variables of OpenTelemetry have it: a W3C Baggage without properties, values
/// percent-encoded. Stricter than its exporter, which passes over what it cannot read.
/// </summary>
internal static class PairList
{
    /// <summary>The characters of a token, which names of header fields are made of (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Reads a list; on failure says what is wrong without repeating any value.</summary>
    public static bool TryParse(string text, out ImmutableArray<KeyValuePair<string, string>> pairs, [NotNullWhen(false)] out string? problem)
    {
        ImmutableArray<KeyValuePair<string, string>>.Builder read = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        pairs = [];
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                problem = $"number {read.Count + 1} has no =";
                return false;
            }

            string name = item[..equals].TrimEnd();
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                problem = $"the name of number {read.Count + 1} is empty or has a character that a name cannot have";
                return false;
            }

            string value = Uri.UnescapeDataString(item[(equals + 1)..].TrimStart());
            if (value.Any(char.IsControl))
            {
                problem = $"the value of {name} has a control character";
                return false;
            }

            read.Add(new(name, value));
        }

        problem = null;
        pairs = read.ToImmutable();
        return true;
    }
}
