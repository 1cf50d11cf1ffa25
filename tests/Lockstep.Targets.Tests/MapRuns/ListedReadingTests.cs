using System.IO.Compression;
using System.Text;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Storage;
using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.MapRuns;
using Lockstep.Targets.MapRuns.Reading;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Time;

namespace Lockstep.Targets.Tests.MapRuns;

/// <summary>Items of several files: the objects of a bucket, and the data files that a manifest of Athena lists.</summary>
public sealed class ListedReadingTests
{
    private const string Flattened = """{"ListsObjects":true,"Flattens":true,"InputType":"JSON","CSVDelimiter":","}""";
    private const string AthenaLines = """{"InputType":"JSONL","AthenaData":true,"CSVDelimiter":","}""";

    private readonly CountingObjects _objects;
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private OpenFiles _open;

    public ListedReadingTests()
    {
        var azure = new MemoryAzure();
        _objects = new CountingObjects(
            new TableObjectStore(azure.Tables, azure.Blobs, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System));
        _open = new OpenFiles(2, TimeSpan.FromMinutes(1), _time);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Items_of_listed_objects_follow_each_other_and_tell_their_object(int most)
    {
        await PutAsync("in/", "");
        await PutAsync("in/a.json", "[1,2,3]");
        await PutAsync("in/b/", "");
        await PutAsync("in/b/c.json", "[]");
        await PutAsync("in/d.json", """{"k":4}""");
        await PutAsync("other.json", "[5]");
        (List<JsonValue> items, List<string> sources) = await ReadAllAsync(Flattened, """{"Bucket":"lists","Prefix":"in/"}""", most);
        Assert.Equal(JsonValue.Parse("""[1,2,3,{"Key":"k","Value":4}]"""), JsonArray.Of([.. items]));
        Assert.Equal(["S3://lists/in/a.json", "S3://lists/in/a.json", "S3://lists/in/a.json", "S3://lists/in/d.json"], sources);
    }

    [Fact]
    public async Task Each_listed_file_has_its_own_names_of_columns()
    {
        await PutAsync("a.csv", "x,y\n1,2\n3,4");
        await PutAsync("b.csv", "z\n5\n");
        (List<JsonValue> items, _) = await ReadAllAsync(
            """{"ListsObjects":true,"Flattens":true,"InputType":"CSV","CSVDelimiter":","}""", """{"Bucket":"lists"}""", 1);
        Assert.Equal(JsonValue.Parse("""[{"x":"1","y":"2"},{"x":"3","y":"4"},{"z":"5"}]"""), JsonArray.Of([.. items]));
    }

    [Fact]
    public async Task Many_small_files_are_read_in_several_reads()
    {
        for (int i = 0; i < 230; i++)
        {
            await PutAsync($"{i:000}.json", i % 2 == 0 ? "[]" : $"[{i}]");
        }

        (List<JsonValue> items, _) = await ReadAllAsync(Flattened, """{"Bucket":"lists"}""", 1_000);
        Assert.Equal(Enumerable.Range(0, 115).Select(i => (JsonValue)JsonNumber.Of((2 * i) + 1)), items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task The_data_files_of_an_athena_manifest_are_read(int most)
    {
        await PutAsync("q/1.gz", "{\"a\":1}\n{\"a\":2}\n");
        await PutAsync("q/2", "{\"a\":3}");
        await PutAsync("manifest.csv", "s3://lists/q/1.gz\r\n\n\"s3://lists/q/2\"\n");
        (List<JsonValue> items, List<string> sources) = await ReadAllAsync(AthenaLines, """{"Bucket":"lists","Key":"manifest.csv"}""", most);
        Assert.Equal(JsonValue.Parse("""[{"a":1},{"a":2},{"a":3}]"""), JsonArray.Of([.. items]));
        Assert.Equal(["S3://lists/q/1.gz", "S3://lists/q/1.gz", "S3://lists/q/2"], sources);
    }

    [Theory]
    [InlineData("s3://lists/q\nlists/x", "Line 2 of the manifest")]
    [InlineData("s3://lists", "Line 1 of the manifest")]
    [InlineData("s3://Lists/x", "lower-case")]
    [InlineData("s3://lists/none", "no object \"none\"")]
    public async Task What_is_wrong_with_an_athena_manifest_is_said(string manifest, string expected)
    {
        await PutAsync("manifest.csv", manifest);
        TaskRefused refused = Assert.IsType<TaskRefused>(await ReadAsync(AthenaLines, """{"Bucket":"lists","Key":"manifest.csv"}""", 10, null));
        Assert.Equal("States.ItemReaderFailed", refused.Error);
        Assert.Contains(expected, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_without_objects_is_refused() => Assert.Contains(
        "no object in a bucket", Assert.IsType<TaskRefused>(await ReadAsync(Flattened, """{"Bucket":"lists"}""", 10, null)).Cause, StringComparison.Ordinal);

    [Fact]
    public async Task A_compressed_file_is_decompressed_once_over_a_map_run_and_again_after_a_restart()
    {
        await PutAsync("q/1.gz", string.Concat(Enumerable.Range(0, 500).Select(i => $"{i}\n")));
        await PutAsync("manifest.csv", "s3://lists/q/1.gz");
        const string Source = """{"Bucket":"lists","Key":"manifest.csv"}""";
        (List<JsonValue> items, _) = await ReadAllAsync(AthenaLines, Source, 10);
        Assert.Equal(500, items.Count);
        Assert.Equal((1, 0), (_objects.Opened["q/1.gz"], _open.Count));

        // What is kept is not of the essence: without it, the same read gives the same items.
        JsonObject first = Output(await ReadAsync(AthenaLines, Source, 10, null));
        Assert.Equal(1, _open.Count);
        string expected = Output(await ReadAsync(AthenaLines, Source, 10, first)).ToString();
        _open = new OpenFiles(0, TimeSpan.FromMinutes(1), _time);
        Assert.Equal(expected, Output(await ReadAsync(AthenaLines, Source, 10, first)).ToString());
        Assert.Equal(expected, Output(await ReadAsync(AthenaLines, Source, 10, first)).ToString());
        Assert.Equal((4, 0), (_objects.Opened["q/1.gz"], _open.Count));
    }

    [Fact]
    public async Task Files_that_stay_open_are_bounded_in_number_and_in_time()
    {
        const string Source = """{"Bucket":"lists","Key":"manifest.csv"}""";
        await PutAsync("q/1.gz", "1\n2\n3\n4\n5\n6\n7\n");
        await PutAsync("manifest.csv", "s3://lists/q/1.gz");
        JsonObject? at = null;
        for (int i = 1; i <= 3; i++)
        {
            // A read that ends elsewhere keeps a file of its own.
            at = Output(await ReadAsync(AthenaLines, Source, i, null));
        }

        Assert.Equal(2, _open.Count);
        await PutAsync("q/1.gz", "8\n9\n");
        Assert.Contains("has changed", Assert.IsType<TaskRefused>(await ReadAsync(AthenaLines, Source, 1, at)).Cause, StringComparison.Ordinal);
        Assert.Equal(1, _open.Count);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _open.Count);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _open.Count);
    }

    private static JsonObject Output(TaskOutcome outcome) => (JsonObject)Assert.IsType<TaskAnswered>(outcome).Output;

    private async Task<(List<JsonValue> Items, List<string> Sources)> ReadAllAsync(string format, string source, int most)
    {
        List<JsonValue> items = [];
        List<string> sources = [];
        JsonObject? at = null;
        do
        {
            at = Output(await ReadAsync(format, source, most, at));
            items.AddRange((JsonArray?)at["Items"] ?? JsonArray.Empty);
            foreach (JsonArray origin in ((JsonArray?)at["Origins"] ?? JsonArray.Empty).Cast<JsonArray>())
            {
                sources.AddRange(Enumerable.Repeat(((JsonString)origin[1]).Value, (int)((JsonNumber)origin[0]).ToDouble()));
            }
        }
        while (at["Cursor"] is JsonString);
        return (items, sources);
    }

    private async Task<TaskOutcome> ReadAsync(string format, string source, int most, JsonObject? before)
    {
        JsonObjectBuilder request = new JsonObjectBuilder()
            .Add("MaxItems", JsonNumber.Of(most)).Add("Source", JsonValue.Parse(source)).Add("Format", JsonValue.Parse(format));
        foreach (string name in (string[])["Cursor", "Version"])
        {
            if (before?[name] is JsonString text)
            {
                request.Add(name, text);
            }
        }

        return await new ItemsTarget(_objects, _open, maxItemBytes: 1_000)
            .InvokeAsync(Invocations.OfService("states", "mapRunRead", request.Build().ToString()), CancellationToken.None);
    }

    private async Task PutAsync(string key, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (key.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var compressed = new MemoryStream();
            await using (var packing = new GZipStream(compressed, CompressionLevel.Fastest))
            {
                await packing.WriteAsync(bytes);
            }

            bytes = compressed.ToArray();
        }

        await _objects.PutAsync(new ObjectPlace(Invocations.Tenant, "lists", key), "text/plain", new MemoryStream(bytes), CancellationToken.None);
    }

    /// <summary>Counts how often each object is opened.</summary>
    private sealed class CountingObjects(IObjectStore objects) : IObjectStore
    {
        public Dictionary<string, int> Opened { get; } = [];

        public ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation) =>
            objects.PutAsync(place, contentType, content, cancellation);

        public ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation) => objects.FindAsync(place, cancellation);

        public ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation)
        {
            Opened[place.Key] = Opened.GetValueOrDefault(place.Key) + 1;
            return objects.OpenAsync(place, offset, cancellation);
        }

        public ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation) => objects.DeleteAsync(place, cancellation);

        public ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation) =>
            objects.ListAsync(tenant, bucket, prefix, page, cancellation);
    }
}
