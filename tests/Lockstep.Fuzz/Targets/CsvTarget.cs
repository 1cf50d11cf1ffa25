using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Fuzz.Targets;

/// <summary>CSV: read at once and in pieces, which have to be the same items.</summary>
internal sealed class CsvTarget : IFuzzTarget
{
    private static readonly ItemFormat FirstRow = new(false, "CSV", null, null, ',');

    private static readonly ItemFormat Given = new(false, "CSV", null, JsonArray.Of(JsonString.Of("a"), JsonString.Of("b"), JsonString.Of("a")), ';');

    private static readonly ReadBounds Whole = new(long.MaxValue, 1_000_000, int.MaxValue);

    private static readonly ReadBounds Pieces = new(2, 1_000_000, 64);

    public string Name => "csv";

    public bool IsJson => false;

    public IReadOnlyList<string> Tokens { get; } =
        ["\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\n\n", ",\"", "\",", "\"\n", "a", "é", "\uFEFF", " ", "0", "\0", "\uD83D\uDE00", "\\"];

    public IEnumerable<byte[]> Corpus() => FuzzTargets.Parts("csv.txt");

    public bool Run(byte[] input) => IsAccepted(input, FirstRow) | IsAccepted(input, Given);

    private static bool IsAccepted(byte[] input, ItemFormat format) => ItemReading.Agree(
        () => Read(input, null, format, Whole),
        cursor => Read(input, cursor, format, Pieces));

    private static FileItems Read(byte[] input, string? cursor, ItemFormat format, ReadBounds bounds) => ItemReading.Done(
        CsvRows.ReadAsync(Source(input, CsvRows.OffsetOf(cursor), bounds), cursor, format, bounds, CancellationToken.None));

    private static SourceBuffer Source(byte[] input, long offset, ReadBounds bounds) =>
        new(new MemoryStream(input[(int)offset..]), offset, bounds.MaxItemBytes + 2);
}
