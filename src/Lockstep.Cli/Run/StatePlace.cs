using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Cli.Run;

/// <summary>Finds a state in a definition by its name, which is unique in the machine, however deep in branches and processors it lies.</summary>
internal static class StatePlace
{
    /// <summary>The JSON pointer of a state; null when the definition has none of the name.</summary>
    public static string? PointerOf(ReadOnlySpan<byte> definition, string state) =>
        JsonReader.Read(definition, JsonReadLimits.Default).Value is JsonObject machine ? Find(machine, state, "") : null;

    private static string? Find(JsonObject scope, string state, string pointer)
    {
        if (scope["States"] is not JsonObject states)
        {
            return null;
        }

        foreach (JsonProperty candidate in states)
        {
            string path = $"{pointer}/States/{Escaped(candidate.Name)}";
            string? found = candidate.Name == state ? path
                : candidate.Value is JsonObject inner ? FindWithin(inner, state, path)
                : null;
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static string? FindWithin(JsonObject owner, string state, string pointer)
    {
        if (owner["Branches"] is JsonArray branches)
        {
            for (int index = 0; index < branches.Count; index++)
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"{pointer}/Branches/{index}");
                if (branches[index] is JsonObject branch && Find(branch, state, path) is { } found)
                {
                    return found;
                }
            }
        }

        foreach (string processor in (ReadOnlySpan<string>)["ItemProcessor", "Iterator"])
        {
            if (owner[processor] is JsonObject scope && Find(scope, state, $"{pointer}/{processor}") is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // RFC 6901, section 3.
    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
