using System.Globalization;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Linting;

/// <summary>A state with the text it was read from: rules look at whichever of the two says it more plainly.</summary>
/// <param name="Definition">The state.</param>
/// <param name="Json">Its object in the definition.</param>
/// <param name="Pointer">JSON Pointer of that object.</param>
/// <param name="Groups">The groups of states inside it.</param>
internal sealed record LintedState(StateDefinition Definition, JsonObject Json, string Pointer, IReadOnlyList<LintedGroup> Groups)
{
    /// <summary>The JSON Pointer of a place in the state.</summary>
    public string At(params ReadOnlySpan<string> tokens)
    {
        string pointer = Pointer;
        foreach (string token in tokens)
        {
            pointer = Below(pointer, token);
        }

        return pointer;
    }

    /// <summary>The JSON Pointer of a member, or of an item by its number.</summary>
    public static string Below(string pointer, string token) =>
        $"{pointer}/{token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The JSON Pointer of an item.</summary>
    public static string Below(string pointer, int index) => Below(pointer, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The objects of an array field that are objects, such as those of <c>Catch</c>, with their pointers.</summary>
    public IEnumerable<(JsonObject Json, string Pointer)> Elements(string field)
    {
        if (Json[field] is not JsonArray array)
        {
            yield break;
        }

        string pointer = At(field);
        for (int i = 0; i < array.Count; i++)
        {
            if (array[i] is JsonObject element)
            {
                yield return (element, Below(pointer, i));
            }
        }
    }
}
