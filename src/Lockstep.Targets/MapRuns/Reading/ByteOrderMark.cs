namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>The mark with which a UTF-8 text may begin, and which is no part of it.</summary>
internal static class ByteOrderMark
{
    /// <summary>Lets go of the mark, if the source begins with one.</summary>
    public static async ValueTask SkipAsync(SourceBuffer source, CancellationToken cancellation)
    {
        if (source.Position != 0)
        {
            return;
        }

        while (source.Bytes.Length < Mark.Length && !source.IsFinal)
        {
            await source.FillAsync(cancellation);
        }

        if (source.Bytes.StartsWith(Mark))
        {
            source.Drop(Mark.Length);
        }
    }

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];
}
