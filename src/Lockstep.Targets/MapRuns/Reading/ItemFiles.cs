using System.IO.Compression;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Objects;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>Where the read of a file before ended.</summary>
/// <param name="Version">The version of the file that it found; null for the first read.</param>
/// <param name="Cursor">The cursor within the file; null for the first read.</param>
internal readonly record struct FilePoint(string? Version, string? Cursor);

/// <summary>
/// Reads the items of files. A place within a compressed file cannot be gone to: such a file stays open for its next read, and is read again from its start
/// when that read finds it closed.
/// </summary>
/// <param name="objects">Where the files are.</param>
/// <param name="open">Compressed files that stay open.</param>
internal sealed class ItemFiles(IObjectStore objects, OpenFiles open)
{
    private const string Compressed = ".gz";

    /// <summary>Whether files whose name ends in <c>.gz</c> are compressed; only those that a manifest lists.</summary>
    public bool Decompresses { get; init; }

    /// <summary>Reads the next items of a file.</summary>
    /// <param name="place">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="point">Where to go on.</param>
    /// <param name="bounds">How much is read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The items, and the version of the file that they come from.</returns>
    /// <exception cref="ItemReadException">It cannot be read.</exception>
    public async ValueTask<(FileItems Items, string Version)> ReadAsync(
        ObjectPlace place, ItemFormat format, FilePoint point, ReadBounds bounds, CancellationToken cancellation)
    {
        if (ObjectNames.Check(place) is { } badName)
        {
            throw new ItemReadException(badName.Message);
        }

        if (Decompresses && format.InputType is "CSV" or "JSONL" && place.Key.EndsWith(Compressed, StringComparison.Ordinal))
        {
            return await ReadCompressedAsync(place, format, point, bounds, cancellation);
        }

        long offset = OffsetOf(format, point.Cursor);
        await using OpenObject opened = await OpenAsync(place, offset, point.Version, cancellation);
        FileItems items = format.InputType == "JSON"
            ? await JsonElements.ReadAsync(opened.Content, point.Cursor, format.ItemsPointer, bounds, cancellation)
            : await RowsAsync(new SourceBuffer(opened.Content, offset, bounds.MaxItemBytes + 2), format, point.Cursor, bounds, cancellation);
        return (items, opened.Record.ETag);
    }

    private async ValueTask<(FileItems Items, string Version)> ReadCompressedAsync(
        ObjectPlace place, ItemFormat format, FilePoint point, ReadBounds bounds, CancellationToken cancellation)
    {
        long offset = OffsetOf(format, point.Cursor);
        OpenFile? file = point.Version is null ? null : open.Take(new OpenFileKey(place, point.Version, offset));
        try
        {
            if (file is null)
            {
                OpenObject opened = await OpenAsync(place, 0, point.Version, cancellation);
                file = new OpenFile(new GZipStream(opened.Content, CompressionMode.Decompress), opened.Record.ETag, bounds.MaxItemBytes + 2);
                await file.SkipAsync(offset, cancellation);
            }
            else
            {
                CheckVersion(place, (await objects.FindAsync(place, cancellation))?.ETag, point.Version);
            }

            FileItems items = await RowsAsync(file.Source, format, point.Cursor, bounds, cancellation);
            string version = file.Version;
            if (items.Cursor is not null)
            {
                open.Keep(new OpenFileKey(place, version, OffsetOf(format, items.Cursor)), file);
                file = null;
            }

            return (items, version);
        }
        catch (InvalidDataException)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" is not compressed as its name says, or is cut off.");
        }
        finally
        {
            file?.Dispose();
        }
    }

    private async ValueTask<OpenObject> OpenAsync(ObjectPlace place, long offset, string? version, CancellationToken cancellation)
    {
        OpenObject? opened = await objects.OpenAsync(place, offset, cancellation);
        try
        {
            CheckVersion(place, opened?.Record.ETag, version);
            return opened ?? throw Missing(place);
        }
        catch (ItemReadException) when (opened is not null)
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private static void CheckVersion(ObjectPlace place, string? found, string? expected)
    {
        if (found is null)
        {
            throw Missing(place);
        }

        if (expected is not null && expected != found)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" has changed while it was read.");
        }
    }

    private static ItemReadException Missing(ObjectPlace place) => new($"There is no object \"{place.Key}\" in the bucket \"{place.Bucket}\".");

    private static ValueTask<FileItems> RowsAsync(
        SourceBuffer source, ItemFormat format, string? cursor, ReadBounds bounds, CancellationToken cancellation) => format.InputType switch
        {
            "CSV" => CsvRows.ReadAsync(source, cursor, format, bounds, cancellation),
            "JSONL" => JsonLines.ReadAsync(source, bounds, cancellation),
            _ => throw new ItemReadException($"The InputType {format.InputType} cannot be read."),
        };

    private static long OffsetOf(ItemFormat format, string? cursor) => format.InputType == "CSV" ? CsvRows.OffsetOf(cursor) : JsonElements.OffsetOf(cursor);
}
