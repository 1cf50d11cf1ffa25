using System.Globalization;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Fuzz.Targets;

/// <summary>JSON Lines: read at once and in pieces, which have to be the same items.</summary>
internal sealed class JsonLinesTarget : IFuzzTarget
{
    private static readonly ReadBounds Whole = new(long.MaxValue, 1_000_000, int.MaxValue);

    private static readonly ReadBounds Pieces = new(2, 1_000_000, 64);

    public string Name => "jsonl";

    public bool IsJson => false;

    public IReadOnlyList<string> Tokens { get; } =
        ["\n", "\r\n", "\n\n", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\n", "\\u0000", "null", "true", "1", "1e5", "-", " ", "\t", "{}\n", "[[[[", "é", "\uFEFF", "\0"];

    public IEnumerable<byte[]> Corpus() => FuzzTargets.Parts("jsonl.txt");

    public bool Run(byte[] input) => ItemReading.Agree(() => Read(input, null, Whole), cursor => Read(input, cursor, Pieces));

    private static FileItems Read(byte[] input, string? cursor, ReadBounds bounds)
    {
        long offset = cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);
        return ItemReading.Done(JsonLines.ReadAsync(new SourceBuffer(new MemoryStream(input[(int)offset..]), offset, bounds.MaxItemBytes + 2), bounds, CancellationToken.None));
    }
}
