using System.IO.Compression;
using System.Text;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Storage;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;
using Lockstep.Targets.MapRuns;
using Lockstep.Targets.MapRuns.Reading;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit.Azure;

namespace Lockstep.Targets.Tests.MapRuns;

/// <summary>The lists of objects that S3 Inventory writes: a manifest, and files of CSV, compressed or not.</summary>
public sealed class InventoryTests
{
    private const string Manifest = """
        {"sourceBucket":"shop","destinationBucket":"arn:aws:s3:::lists","version":"2016-11-30","fileFormat":"CSV","fileSchema":"Bucket, Key, Size",
         "files":[{"key":"data/1.csv.gz","size":1},{"key":"data/none.csv","size":0},{"key":"data/2.csv","size":1}]}
        """;

    private readonly TableObjectStore _objects;
    private readonly OpenFiles _open = new(2, TimeSpan.FromMinutes(1), TimeProvider.System);

    public InventoryTests()
    {
        var azure = new MemoryAzure();
        _objects = new TableObjectStore(azure.Tables, azure.Blobs, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Rows_of_all_files_are_items(int most)
    {
        await PutAsync("data/1.csv.gz", "\"shop\",\"a%20b\",\"1\"\n\"shop\",\"c\",\"22\"\n\"shop\",\"d\",\"3\"\n");
        await PutAsync("data/none.csv", "");
        await PutAsync("data/2.csv", "shop,e,4");
        await PutAsync("manifest.json", Manifest);
        List<JsonValue> items = [];
        ItemsAnswer? answer = null;
        do
        {
            TaskAnswered answered = Assert.IsType<TaskAnswered>(await ReadAsync(most, answer));
            var json = (JsonObject)answered.Output;
            Assert.True(((JsonArray?)json["Items"])?.Count <= most);
            items.AddRange((JsonArray?)json["Items"] ?? JsonArray.Empty);
            answer = new ItemsAnswer(JsonArray.Empty, (json["Cursor"] as JsonString)?.Value, (json["Version"] as JsonString)?.Value);
        }
        while (answer.Cursor is not null);
        Assert.Equal(
            JsonValue.Parse("""
                [{"Bucket":"shop","Key":"a%20b","Size":"1"},{"Bucket":"shop","Key":"c","Size":"22"},{"Bucket":"shop","Key":"d","Size":"3"},
                 {"Bucket":"shop","Key":"e","Size":"4"}]
                """),
            JsonArray.Of([.. items]));
    }

    [Theory]
    [InlineData("[]", "as S3 Inventory writes it")]
    [InlineData("""{"files":[],"fileSchema":"Key","fileFormat":"ORC"}""", "the format ORC")]
    [InlineData("""{"files":[],"fileSchema":" , "}""", "names no column")]
    [InlineData("""{"files":[{"size":1}],"fileSchema":"Key"}""", "with a \"key\"")]
    [InlineData("""{"files":[{"key":"none.csv"}],"fileSchema":"Key"}""", "no object \"none.csv\" in the bucket \"lists\"")]
    [InlineData("""{"files":[{"key":"plain.gz"}],"fileSchema":"Key"}""", "not compressed")]
    [InlineData("{", "not JSON")]
    public async Task What_is_wrong_with_a_manifest_is_said(string manifest, string expected)
    {
        await _objects.PutAsync(PlaceOf("plain.gz"), "text/csv", new MemoryStream("this is plain text, not compressed"u8.ToArray()), CancellationToken.None);
        await PutAsync("manifest.json", manifest);
        TaskRefused refused = Assert.IsType<TaskRefused>(await ReadAsync(10, null));
        Assert.Equal("States.ItemReaderFailed", refused.Error);
        Assert.Contains(expected, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_noticed()
    {
        await PutAsync("data/1.csv.gz", "shop,a,1\nshop,b,2\n");
        await PutAsync("manifest.json", Manifest);
        var first = (JsonObject)Assert.IsType<TaskAnswered>(await ReadAsync(1, null)).Output;
        await PutAsync("data/1.csv.gz", "shop,x,1\nshop,y,2\n");
        var at = new ItemsAnswer(JsonArray.Empty, (first["Cursor"] as JsonString)?.Value, (first["Version"] as JsonString)?.Value);
        Assert.Contains("has changed", Assert.IsType<TaskRefused>(await ReadAsync(1, at)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000)]
    public async Task A_compressed_file_that_is_cut_off_is_refused_instead_of_ending_early(int bytesMissing)
    {
        byte[] whole = await CompressAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(row => $"shop,{row * 7_919 % 10_007},1\n"))));
        await _objects.PutAsync(PlaceOf("data/1.csv.gz"), "application/octet-stream", new MemoryStream(whole[..^bytesMissing]), CancellationToken.None);
        await PutAsync("manifest.json", Manifest);
        TaskOutcome outcome = await ReadAsync(1_000, null);
        while (outcome is TaskAnswered { Output: JsonObject read } && read["Cursor"] is JsonString)
        {
            outcome = await ReadAsync(1_000, new ItemsAnswer(JsonArray.Empty, (read["Cursor"] as JsonString)?.Value, (read["Version"] as JsonString)?.Value));
        }

        TaskRefused refused = Assert.IsType<TaskRefused>(outcome);
        Assert.Equal("States.ItemReaderFailed", refused.Error);
        Assert.Contains("is cut off", refused.Cause, StringComparison.Ordinal);
    }

    private static ObjectPlace PlaceOf(string key) => new(Invocations.Tenant, "lists", key);

    private async Task PutAsync(string key, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (key.EndsWith(".gz", StringComparison.Ordinal))
        {
            bytes = await CompressAsync(bytes);
        }

        await _objects.PutAsync(PlaceOf(key), "application/octet-stream", new MemoryStream(bytes), CancellationToken.None);
    }

    private static async Task<byte[]> CompressAsync(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        await using (var packing = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            await packing.WriteAsync(bytes);
        }

        return compressed.ToArray();
    }

    private async Task<TaskOutcome> ReadAsync(int most, ItemsAnswer? before)
    {
        JsonObjectBuilder request = new JsonObjectBuilder()
            .Add("MaxItems", JsonNumber.Of(most))
            .Add("Source", JsonValue.Parse("""{"Bucket":"lists","Key":"manifest.json"}"""))
            .Add("Format", JsonValue.Parse("""{"InputType":"MANIFEST","CSVDelimiter":","}"""));
        if (before is { Cursor: string cursor, Version: string version })
        {
            request.Add("Cursor", JsonString.Of(cursor)).Add("Version", JsonString.Of(version));
        }

        return await new ItemsTarget(_objects, _open, maxItemBytes: 1_000)
            .InvokeAsync(Invocations.OfService("states", "mapRunRead", request.Build().ToString()), CancellationToken.None);
    }
}
