using System.Globalization;
using System.Text;
using Lockstep.Asl.Compiled;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>The rows of a CSV file (RFC 4180) as objects: each value is a string under the name of its column.</summary>
internal static class CsvItems
{
    private const char Quote = '"';

    /// <summary>The items; null with a problem when the text is not such a file.</summary>
    public static JsonArray? Of(ItemReaderFields reader, string text, out string? problem)
    {
        List<List<string>>? rows = Rows(text, reader.CsvDelimiter);
        if (rows is null)
        {
            problem = "A quoted value in the data of the ItemReader does not end.";
            return null;
        }

        string[] headers = reader.CsvHeaders is JsonArray given
            ? [.. given.OfType<JsonString>().Select(name => name.Value)]
            : [.. rows.FirstOrDefault() ?? []];
        var items = new JsonArrayBuilder();
        foreach (List<string> row in rows.Skip(reader.CsvHeaders is null ? 1 : 0))
        {
            if (row.Count > headers.Length)
            {
                problem = string.Create(
                    CultureInfo.InvariantCulture, $"A row in the data of the ItemReader has {row.Count} values, but there are {headers.Length} columns.");
                return null;
            }

            var item = new JsonObjectBuilder();
            for (int i = 0; i < headers.Length; i++)
            {
                item.Set(headers[i], JsonString.Of(i < row.Count ? row[i] : ""));
            }

            items.Add(item.Build());
        }

        problem = null;
        return items.ToArray();
    }

    /// <summary>The values of each row that is not empty; null when a quote is left open.</summary>
    private static List<List<string>>? Rows(string text, char delimiter)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var value = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char at = text[i];
            if (quoted)
            {
                if (at != Quote)
                {
                    value.Append(at);
                }
                else if (i + 1 < text.Length && text[i + 1] == Quote)
                {
                    value.Append(Quote);
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (at == Quote && value.Length == 0)
            {
                quoted = true;
            }
            else if (at == delimiter)
            {
                EndValue();
            }
            else if (at is '\n' or '\r')
            {
                EndRow();
            }
            else
            {
                value.Append(at);
            }
        }

        EndRow();
        return quoted ? null : rows;

        void EndValue()
        {
            row.Add(value.ToString());
            value.Clear();
        }

        void EndRow()
        {
            if (row.Count == 0 && value.Length == 0)
            {
                return;
            }

            EndValue();
            rows.Add(row);
            row = [];
        }
    }
}
