using System.IO.Compression;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Objects;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>
/// Reads the rows of the files that a manifest of S3 Inventory lists, one file after the other. The cursor is the number of the file, its version, and the
/// cursor within its rows; a compressed file is read from its start each time, as a place in it cannot be gone to.
/// </summary>
/// <param name="objects">Where the files are.</param>
/// <param name="manifest">The manifest.</param>
/// <param name="bounds">How much is read.</param>
internal sealed class InventoryItems(IObjectStore objects, InventoryManifest manifest, ReadBounds bounds)
{
    private const string Compressed = ".gz";

    /// <summary>Reads the next items, of one file; there may be none in it although more follow in the next.</summary>
    /// <param name="cursor">The cursor; null for the start.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<ItemsAnswer> ReadAsync(string? cursor, CancellationToken cancellation)
    {
        (int number, string? version, string? row) = Parse(cursor);
        if (number >= manifest.Files.Count)
        {
            return new ItemsAnswer(JsonArray.Empty, null, null);
        }

        ObjectPlace place = manifest.Files[number];
        bool compressed = place.Key.EndsWith(Compressed, StringComparison.Ordinal);
        long offset = CsvRows.OffsetOf(row);
        await using OpenObject opened = await objects.OpenAsync(place, compressed ? 0 : offset, cancellation)
            ?? throw new ItemReadException($"There is no object \"{place.Key}\" in the bucket \"{place.Bucket}\", which the manifest lists.");
        if (version is not null && version != opened.Record.ETag)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" has changed while it was read.");
        }

        FileItems rows = compressed
            ? await ReadCompressedAsync(place, opened.Content, row, offset, cancellation)
            : await RowsAsync(opened.Content, row, cancellation);
        string? next = rows.Cursor is not null ? Write(number, opened.Record.ETag, rows.Cursor)
            : number + 1 < manifest.Files.Count ? Write(number + 1, null, null)
            : null;
        return new ItemsAnswer(rows.Items, next, null)
        {
            Origins = ItemOrigins.Of(rows.Items.Count, ItemOrigins.Uri(place.Bucket, place.Key)),
        };
    }

    private async ValueTask<FileItems> ReadCompressedAsync(ObjectPlace place, Stream content, string? row, long offset, CancellationToken cancellation)
    {
        try
        {
            await using var text = new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
            await SkipAsync(text, offset, cancellation);
            return await RowsAsync(text, row, cancellation);
        }
        catch (InvalidDataException)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" is not compressed as its name says, or is cut off.");
        }
    }

    private ValueTask<FileItems> RowsAsync(Stream text, string? row, CancellationToken cancellation) =>
        CsvRows.ReadAsync(text, row, new ItemFormat(false, "CSV", null, manifest.Columns, ','), bounds, cancellation);

    private static async ValueTask SkipAsync(Stream text, long offset, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Math.Min(offset, 64 * 1024)];
        for (long left = offset; left > 0;)
        {
            int read = await text.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellation);
            left = read > 0 ? left - read : throw new InvalidDataException("The text is shorter than what was read of it before.");
        }
    }

    private static (int Number, string? Version, string? Row) Parse(string? cursor) =>
        cursor is null ? (0, null, null)
        : JsonValue.Parse(cursor) is JsonArray parts && parts[0] is JsonNumber number && number.TryGetInt64(out long value)
            ? ((int)value, (parts[1] as JsonString)?.Value, (parts[2] as JsonString)?.Value)
        : throw new InvalidOperationException("The cursor within a manifest is malformed.");

    private static string Write(int number, string? version, string? row) =>
        JsonArray.Of(JsonNumber.Of(number), OrNull(version), OrNull(row)).ToString();

    private static JsonValue OrNull(string? text) => text is null ? JsonNull.Instance : JsonString.Of(text);
}
