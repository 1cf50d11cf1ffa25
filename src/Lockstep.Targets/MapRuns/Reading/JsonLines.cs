using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>Reads JSON Lines: an item a line, empty lines left out. The cursor is the byte at which the next line begins.</summary>
internal static class JsonLines
{
    /// <summary>Reads the next items.</summary>
    /// <param name="source">The source from the place of the cursor on.</param>
    /// <param name="bounds">How much is read.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<FileItems> ReadAsync(SourceBuffer source, ReadBounds bounds, CancellationToken cancellation)
    {
        await ByteOrderMark.SkipAsync(source, cancellation);
        var items = new JsonArrayBuilder();
        long bytes = 0;
        while (true)
        {
            int end = source.Bytes.IndexOf((byte)'\n');
            if (end < 0 && !source.IsFinal)
            {
                await source.FillAsync(cancellation);
                continue;
            }

            int length = end < 0 ? source.Bytes.Length : end;
            if (end < 0 && IsBlank(source.Bytes))
            {
                return new FileItems(items.ToArray(), null);
            }

            if (!IsBlank(source.Bytes[..length]))
            {
                if (bounds.IsReached(items.Count, bytes))
                {
                    return new FileItems(items.ToArray(), source.Position.ToString(CultureInfo.InvariantCulture));
                }

                items.Add(ItemJson.Read(source.Bytes[..length], source.Position));
                bytes += length;
            }

            source.Drop(end < 0 ? length : end + 1);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
