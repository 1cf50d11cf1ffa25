using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>Makes items of what an ItemReader reads: an array in a JSON document, lines of JSON, or the rows of a CSV file; of an
/// object in a JSON document its members.</summary>
internal static class ItemReaderData
{
    /// <summary>Reads the items.</summary>
    /// <param name="reader">How the data is to be read.</param>
    /// <param name="data">The data as it stands at its source.</param>
    /// <param name="maxItems">Items at most; null or 0 for no cap.</param>
    /// <param name="read">What was found: the items, or the object whose members they are.</param>
    /// <param name="items">The items.</param>
    /// <param name="problem">Why there are none.</param>
    public static bool TryRead(
        ItemReaderFields reader,
        string data,
        long? maxItems,
        out JsonValue? read,
        [NotNullWhen(true)] out JsonArray? items,
        [NotNullWhen(false)] out string? problem)
    {
        read = reader.InputType switch
        {
            "JSONL" => OfLines(data, out problem),
            "CSV" => CsvItems.Of(reader, data, out problem),
            _ => OfDocument(reader, data, out problem),
        };
        items = read is JsonObject members ? ItemOrigins.Members(members) : read as JsonArray;
        if (items is null)
        {
            problem ??= "Attempting to map over non-iterable node.";
            return false;
        }

        problem = null;
        if (maxItems is > 0 and long most && items.Count > most)
        {
            items = JsonArray.Of([.. items.Take((int)most)]);
        }

        return true;
    }

    private static JsonValue? OfDocument(ItemReaderFields reader, string data, out string? problem)
    {
        if (!JsonReader.Read(data).TryGetValue(out JsonValue? document, out JsonReadError? error))
        {
            problem = $"Failed to parse the data of the ItemReader as JSON: {error.Message}";
            return null;
        }

        problem = null;
        return reader.ItemsPointer is string pointer ? At(document, pointer, out problem) : document;
    }

    private static JsonArray? OfLines(string data, out string? problem)
    {
        var items = new JsonArrayBuilder();
        int number = 0;
        foreach (string line in data.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            if (!JsonReader.Read(line).TryGetValue(out JsonValue? item, out JsonReadError? error))
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"Failed to parse line {number} of the data of the ItemReader as JSON: {error.Message}");
                return null;
            }

            items.Add(item);
        }

        problem = null;
        return items.ToArray();
    }

    /// <summary>The value at a JSON Pointer (RFC 6901).</summary>
    private static JsonValue? At(JsonValue document, string pointer, out string? problem)
    {
        JsonValue? at = document;
        foreach (string token in pointer.Split('/').Skip(1))
        {
            string name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at switch
            {
                JsonObject json => json[name],
                JsonArray array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < array.Count =>
                    array[index],
                _ => null,
            };
        }

        problem = at is null ? $"The ItemsPointer {pointer} leads to nothing in the data of the ItemReader." : null;
        return at;
    }
}
