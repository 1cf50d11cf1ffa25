using System.Globalization;
using System.Text;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>
/// Reads the rows of a CSV file (RFC 4180, any delimiter) as objects: each value is a string under the name of its column. A row that is too short has
/// empty strings at its end, and what a row has too much is left out, as AWS does; empty rows are left out. The cursor is the byte at which the next row
/// begins, with the names of the columns.
/// </summary>
/// <remarks>The delimiter, quotes and ends of rows are ASCII, so rows are found among bytes of UTF-8, and their places are exact.</remarks>
internal static class CsvRows
{
    private const byte Quote = (byte)'"';

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the source is to be opened for a cursor.</summary>
    public static long OffsetOf(string? cursor) => cursor is not null && Parse(cursor)[0] is JsonNumber offset && offset.TryGetInt64(out long value) ? value : 0;

    /// <summary>Reads the next items.</summary>
    /// <param name="source">The source from the place of the cursor on.</param>
    /// <param name="cursor">The cursor; null for the start.</param>
    /// <param name="format">Names of the columns and the delimiter.</param>
    /// <param name="bounds">How much is read.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<FileItems> ReadAsync(
        SourceBuffer source, string? cursor, ItemFormat format, ReadBounds bounds, CancellationToken cancellation)
    {
        await ByteOrderMark.SkipAsync(source, cancellation);
        string[]? columns = cursor is not null
            ? [.. Parse(cursor).Skip(1).OfType<JsonString>().Select(name => name.Value)]
            : format.CsvHeaders is JsonArray given ? [.. given.OfType<JsonString>().Select(name => name.Value)] : null;
        var items = new JsonArrayBuilder();
        var values = new List<string>();
        long bytes = 0;
        while (true)
        {
            if (!TryEndOfRow(source.Bytes, (byte)format.CsvDelimiter, source.IsFinal, out int length, out int next))
            {
                if (source.IsFinal)
                {
                    throw new ItemReadException(string.Create(
                        CultureInfo.InvariantCulture, $"A quoted value in the row at byte {source.Position} does not end."));
                }

                await source.FillAsync(cancellation);
                continue;
            }

            if (length > 0)
            {
                if (columns is not null && bounds.IsReached(items.Count, bytes))
                {
                    return new FileItems(items.ToArray(), CursorAt(source.Position, columns));
                }

                ReadValues(source.Bytes[..length], (byte)format.CsvDelimiter, source.Position, values);
                if (columns is null)
                {
                    columns = [.. values];
                }
                else
                {
                    items.Add(ItemOf(columns, values));
                    bytes += length;
                }
            }

            source.Drop(next);
            if (next == 0 && source.IsFinal)
            {
                return new FileItems(items.ToArray(), null);
            }
        }
    }

    private static string CursorAt(long position, string[] columns)
    {
        JsonArrayBuilder cursor = new JsonArrayBuilder().Add(JsonNumber.Of(position));
        foreach (string column in columns)
        {
            cursor.Add(JsonString.Of(column));
        }

        return cursor.ToArray().ToString();
    }

    private static JsonArray Parse(string cursor) => (JsonArray)JsonValue.Parse(cursor);

    /// <summary>Finds the end of the row that the bytes begin with; false when it lies behind them. The last row needs no end.</summary>
    private static bool TryEndOfRow(ReadOnlySpan<byte> bytes, byte delimiter, bool isFinal, out int length, out int next)
    {
        length = 0;
        next = 0;
        bool quoted = false;
        bool atStart = true;
        int closed = -1;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte at = bytes[i];
            if (quoted)
            {
                quoted = at != Quote;
                closed = quoted ? closed : i;
                continue;
            }

            if (at is (byte)'\n' or (byte)'\r')
            {
                if (at == '\r' && i + 1 == bytes.Length && !isFinal)
                {
                    return false; // A line feed may follow.
                }

                length = i;
                next = i + (at == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n' ? 2 : 1);
                return true;
            }

            quoted = at == Quote && (atStart || closed == i - 1); // A doubled quote closes and opens again.
            atStart = at == delimiter;
        }

        length = bytes.Length;
        next = bytes.Length;
        return isFinal && !quoted;
    }

    private static void ReadValues(ReadOnlySpan<byte> row, byte delimiter, long position, List<string> values)
    {
        values.Clear();
        var value = new List<byte>();
        bool quoted = false;
        for (int i = 0; i <= row.Length; i++)
        {
            if (i == row.Length || (!quoted && row[i] == delimiter))
            {
                values.Add(Decode(value, position));
                value.Clear();
            }
            else if (quoted && row[i] == Quote && i + 1 < row.Length && row[i + 1] == Quote)
            {
                value.Add(Quote);
                i++;
            }
            else if (quoted && row[i] == Quote)
            {
                quoted = false;
            }
            else if (!quoted && row[i] == Quote && value.Count == 0)
            {
                quoted = true;
            }
            else
            {
                value.Add(row[i]);
            }
        }
    }

    private static string Decode(List<byte> value, long position)
    {
        try
        {
            return _strict.GetString([.. value]);
        }
        catch (DecoderFallbackException)
        {
            throw new ItemReadException(string.Create(CultureInfo.InvariantCulture, $"The row at byte {position} is not UTF-8."));
        }
    }

    private static JsonObject ItemOf(string[] columns, List<string> values)
    {
        var item = new JsonObjectBuilder(columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            item.Set(columns[i], JsonString.Of(i < values.Count ? values[i] : ""));
        }

        return item.Build();
    }
}
