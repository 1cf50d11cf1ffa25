using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>
/// Reads the items of several files, one file after the other. The cursor is the position of the file, its version, and the cursor within it; the latter
/// two are null at the start of a file.
/// </summary>
/// <param name="list">The files.</param>
/// <param name="files">Reads them.</param>
/// <param name="format">Their format.</param>
/// <param name="bounds">How much is read.</param>
internal sealed class ListedItems(ItemFileList list, ItemFiles files, ItemFormat format, ReadBounds bounds)
{
    /// <summary>Files that one read opens at most: many small ones must not keep it from coming to an end.</summary>
    private const int MaxFilesAtOnce = 100;

    /// <summary>Reads the next items; there may be none although more follow.</summary>
    /// <param name="cursor">The cursor; null for the start.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<ItemsAnswer> ReadAsync(string? cursor, CancellationToken cancellation)
    {
        (ItemFile? file, string? version, string? within) = cursor is null ? (await list.AfterAsync(null, cancellation), null, null) : Parse(cursor);
        var items = new JsonArrayBuilder();
        JsonArray origins = JsonArray.Empty;
        long bytes = 0;
        string? next = null;
        for (int opened = 0; file is not null && next is null; opened++)
        {
            if (opened == MaxFilesAtOnce || bounds.IsReached(items.Count, bytes))
            {
                next = Write(file, null, null);
                break;
            }

            ReadBounds left = bounds with { MaxItems = bounds.MaxItems - items.Count, MaxBytes = (int)Math.Max(0, bounds.MaxBytes - bytes) };
            (FileItems read, string found) = await files.ReadAsync(file.Place, format, new FilePoint(version, within), left, cancellation);
            foreach (JsonValue item in read.Items)
            {
                items.Add(item);
                bytes += item.Utf8Length;
            }

            origins = ItemOrigins.Together(
                origins, ItemOrigins.Of(read.Items.Count, ItemOrigins.Uri(file.Place.Bucket, file.Place.Key), read.AreMembers));
            next = read.Cursor is null ? null : Write(file, found, read.Cursor);
            (file, version, within) = (await list.AfterAsync(file, cancellation), null, null);
        }

        return new ItemsAnswer(items.ToArray(), next, null) { Origins = origins };
    }

    private (ItemFile File, string? Version, string? Within) Parse(string cursor) => JsonValue.Parse(cursor) is JsonArray { Count: 3 } parts
        ? (list.At(parts[0]), (parts[1] as JsonString)?.Value, (parts[2] as JsonString)?.Value)
        : throw new InvalidOperationException("The cursor within a list of files is malformed.");

    private static string Write(ItemFile file, string? version, string? within) =>
        JsonArray.Of(file.Position, OrNull(version), OrNull(within)).ToString();

    private static JsonValue OrNull(string? text) => text is null ? JsonNull.Instance : JsonString.Of(text);
}
