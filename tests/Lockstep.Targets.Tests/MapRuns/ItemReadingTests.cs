using System.Text;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Targets.Tests.MapRuns;

/// <summary>Reads sources to their end, with every size of a read and with streams that give a few bytes at a time: it must never show.</summary>
public sealed class ItemReadingTests
{
    private static readonly ItemFormat _firstRow = new(false, "CSV", null, null, ',');

    [Theory]
    [InlineData("", "[]")]
    [InlineData("\n\r\n \t\n", "[]")]
    [InlineData("1\n{\"a\":[1]}\r\n\n\"x\u00e9\"", "[1,{\"a\":[1]},\"x\u00e9\"]")]
    [InlineData("\ufeff{\"a\":1}\n2\n", "[{\"a\":1},2]")]
    public async Task Json_lines(string text, string expected) =>
        await ReadsAsync(text, expected, (stream, cursor, bounds) => JsonLines.ReadAsync(new SourceBuffer(stream, OffsetOf(cursor), bounds.MaxItemBytes + 2), bounds, CancellationToken.None));

    [Theory]
    [InlineData("[]", null, "[]")]
    [InlineData(" [ 1 , \"a,b]\" , {\"c\":[2,{}]} , null, -1.5e3 ] ", null, "[1,\"a,b]\",{\"c\":[2,{}]},null,-1.5e3]")]
    [InlineData("\ufeff[\"\u00e9\u4e2d\"]", null, "[\"\u00e9\u4e2d\"]")]
    [InlineData("{\"x\":{\"a\":[9],\"b\":1},\"a\":[[0],{\"b\":[3,4]}],\"z\":[]}", "/a/1/b", "[3,4]")]
    [InlineData("{\"a/b\":{\"~\":[1]}}", "/a~1b/~0", "[1]")]
    [InlineData("{\"a\":{\"a\":{\"a\":[7]}}}", "/a/a/a", "[7]")]
    [InlineData("[[1],[2,3]]", "/1", "[2,3]")]
    public async Task Json_arrays(string text, string? pointer, string expected) => await ReadsAsync(
        text, expected, (stream, cursor, bounds) => JsonElements.ReadAsync(stream, cursor, pointer, bounds, CancellationToken.None));

    [Theory]
    [InlineData("{}", null, "[]")]
    [InlineData(
        " { \"b\" : 1 , \"a\\n\":[2,{\"c\":3}], \"\":{\"d\":[]} , \"b\\u00e9\":null } ",
        null,
        "[{\"Key\":\"b\",\"Value\":1},{\"Key\":\"a\\n\",\"Value\":[2,{\"c\":3}]},{\"Key\":\"\",\"Value\":{\"d\":[]}},{\"Key\":\"b\u00e9\",\"Value\":null}]")]
    [InlineData("\ufeff[0,{\"x\":{\"\u00e9\":\"\u4e2d\",\"y\":2}}]", "/1/x", "[{\"Key\":\"\u00e9\",\"Value\":\"\u4e2d\"},{\"Key\":\"y\",\"Value\":2}]")]
    public async Task Json_objects(string text, string? pointer, string expected) => await ReadsAsync(
        text, expected, (stream, cursor, bounds) => JsonElements.ReadAsync(stream, cursor, pointer, bounds, CancellationToken.None), JsonElements.OffsetOf);

    [Theory]
    [InlineData("a,b\n1,2\n", "[{\"a\":\"1\",\"b\":\"2\"}]")]
    [InlineData("\ufeffa,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n3", "[{\"a\":\"1\",\"b\":\"x, \\\"y\\\"\\nz\"},{\"a\":\"3\",\"b\":\"\"}]")]
    [InlineData("a,b\r1,2,3,4\r,,,\r   ", "[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"\",\"b\":\"\"},{\"a\":\"   \",\"b\":\"\"}]")]
    [InlineData("a\n5\"\"\n\"\"\n\u00e9", "[{\"a\":\"5\\\"\\\"\"},{\"a\":\"\"},{\"a\":\"\u00e9\"}]")]
    [InlineData("a,b\n", "[]")]
    [InlineData("", "[]")]
    public async Task Csv_with_the_names_in_the_first_row(string text, string expected) =>
        await ReadsAsync(text, expected, (stream, cursor, bounds) => CsvRows.ReadAsync(new SourceBuffer(stream, CsvRows.OffsetOf(cursor), bounds.MaxItemBytes + 2), cursor, _firstRow, bounds, CancellationToken.None), CsvRows.OffsetOf);

    [Theory]
    [InlineData('|', "1|2\n3|4", "[{\"x\":\"1\",\"y\":\"2\"},{\"x\":\"3\",\"y\":\"4\"}]")]
    [InlineData('\t', "1\t2", "[{\"x\":\"1\",\"y\":\"2\"}]")]
    [InlineData(';', "\"a;b\";2", "[{\"x\":\"a;b\",\"y\":\"2\"}]")]
    [InlineData(' ', "1 2", "[{\"x\":\"1\",\"y\":\"2\"}]")]
    public async Task Csv_with_given_names_and_other_delimiters(char delimiter, string text, string expected)
    {
        ItemFormat format = _firstRow with { CsvHeaders = JsonArray.Of(JsonString.Of("x"), JsonString.Of("y")), CsvDelimiter = delimiter };
        await ReadsAsync(text, expected, (stream, cursor, bounds) => CsvRows.ReadAsync(new SourceBuffer(stream, CsvRows.OffsetOf(cursor), bounds.MaxItemBytes + 2), cursor, format, bounds, CancellationToken.None), CsvRows.OffsetOf);
    }

    [Theory]
    [InlineData("JSON", "5", null, "no array and no object")]
    [InlineData("JSON", "{\"a\":1", null, "ends before|not JSON")]
    [InlineData("JSON", "[1,", null, "ends before|not JSON")]
    [InlineData("JSON", "[1 2]", null, "not JSON")]
    [InlineData("JSON", "{\"a\":{\"b\":1}}", "/a/c", "nothing at")]
    [InlineData("JSON", "{\"a\":5}", "/a/c", "nothing at")]
    [InlineData("JSON", "{\"a\":5}", "/a", "no array")]
    [InlineData("JSON", "[[1]]", "/1", "nothing at")]
    [InlineData("JSONL", "1\n{", null, "at byte 2 is not JSON")]
    [InlineData("CSV", "a\n\"1", null, "does not end")]
    public async Task What_cannot_be_read_is_said(string type, string text, string? pointer, string expected)
    {
        ItemReadException failure = await Assert.ThrowsAsync<ItemReadException>(async () => await ReadAllAsync(
            Encoding.UTF8.GetBytes(text),
            Reader(type, pointer),
            type == "CSV" ? CsvRows.OffsetOf : OffsetOf,
            new ReadBounds(10, 1_000, 1_000),
            3));
        Assert.Matches(expected, failure.Message);
    }

    [Theory]
    [InlineData("JSON", "[\"{0}\"]", 100_000, true)]
    [InlineData("JSON", "[\"{0}\"]", 100_001, false)]
    [InlineData("JSONL", "\"{0}\"\n", 100_000, true)]
    [InlineData("JSONL", "\"{0}\"\n", 100_003, false)]
    public async Task An_item_may_have_as_many_bytes_as_the_limit_says(string type, string text, int bytes, bool fits)
    {
        byte[] content = Encoding.UTF8.GetBytes(text.Replace("{0}", new string('x', bytes - 2), StringComparison.Ordinal));
        var bounds = new ReadBounds(10, 100_000, 1_000_000);
        Func<Task<List<JsonValue>>> read = () => ReadAllAsync(content, Reader(type, null), OffsetOf, bounds, int.MaxValue);
        if (fits)
        {
            Assert.Single(await read());
        }
        else
        {
            await Assert.ThrowsAsync<ItemReadException>(read);
        }
    }

    private static Func<Stream, string?, ReadBounds, ValueTask<FileItems>> Reader(string type, string? pointer) => type switch
    {
        "JSON" => (stream, cursor, bounds) => JsonElements.ReadAsync(stream, cursor, pointer, bounds, CancellationToken.None),
        "JSONL" => (stream, cursor, bounds) => JsonLines.ReadAsync(new SourceBuffer(stream, OffsetOf(cursor), bounds.MaxItemBytes + 2), bounds, CancellationToken.None),
        _ => (stream, cursor, bounds) => CsvRows.ReadAsync(new SourceBuffer(stream, CsvRows.OffsetOf(cursor), bounds.MaxItemBytes + 2), cursor, _firstRow, bounds, CancellationToken.None),
    };

    private static long OffsetOf(string? cursor) => JsonElements.OffsetOf(cursor);

    private static async Task ReadsAsync(
        string text, string expected, Func<Stream, string?, ReadBounds, ValueTask<FileItems>> read, Func<string?, long>? offsetOf = null)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        var items = (JsonArray)JsonValue.Parse(expected);
        for (int step = 1; step <= content.Length + 1; step++)
        {
            for (int most = 1; most <= items.Count + 1; most++)
            {
                List<JsonValue> found = await ReadAllAsync(content, read, offsetOf ?? OffsetOf, new ReadBounds(most, 1_000, 1_000), step);
                Assert.Equal(items, JsonArray.Of([.. found]));
            }
        }
    }

    private static async Task<List<JsonValue>> ReadAllAsync(
        byte[] content,
        Func<Stream, string?, ReadBounds, ValueTask<FileItems>> read,
        Func<string?, long> offsetOf,
        ReadBounds bounds,
        int step)
    {
        List<JsonValue> found = [];
        string? cursor = null;
        do
        {
            int offset = (int)offsetOf(cursor);
            FileItems answer = await read(new SlowStream(content[offset..], step), cursor, bounds);
            Assert.True(answer.Items.Count <= bounds.MaxItems);
            Assert.True(answer.Items.Count > 0 || answer.Cursor is null);
            found.AddRange(answer.Items);
            cursor = answer.Cursor;
        }
        while (cursor is not null);
        return found;
    }

    /// <summary>Gives at most so many bytes at a time.</summary>
    private sealed class SlowStream(byte[] content, int step) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, step)], cancellationToken);
    }
}
