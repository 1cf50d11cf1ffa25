using System.IO.Compression;
using System.Text;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.MapRuns;
using Lockstep.Targets.MapRuns.Reading;
using Lockstep.TestKit.Time;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// Reading the items of several files, the objects of a bucket and the data files that a manifest of Athena lists, from whatever keeps objects. An adapter
/// derives from this class and supplies a new, empty store.
/// </summary>
public abstract class ListedReadingContract
{
    private const string Flattened = """{"ListsObjects":true,"Flattens":true,"InputType":"JSON","CSVDelimiter":","}""";
    private const string AthenaLines = """{"InputType":"JSONL","AthenaData":true,"CSVDelimiter":","}""";

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<IObjectStore>> OpenAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Items_of_listed_objects_follow_each_other_and_tell_their_object(int most)
    {
        await using Reading reading = await BeginAsync();
        await reading.PutAsync("in/", "");
        await reading.PutAsync("in/a.json", "[1,2,3]");
        await reading.PutAsync("in/b/", "");
        await reading.PutAsync("in/b/c.json", "[]");
        await reading.PutAsync("in/d.json", """{"k":4}""");
        await reading.PutAsync("other.json", "[5]");
        (List<JsonValue> items, List<string> sources) = await reading.ReadAllAsync(Flattened, """{"Bucket":"lists","Prefix":"in/"}""", most);
        Assert.Equal(JsonValue.Parse("""[1,2,3,{"Key":"k","Value":4}]"""), JsonArray.Of([.. items]));
        Assert.Equal(["S3://lists/in/a.json", "S3://lists/in/a.json", "S3://lists/in/a.json", "S3://lists/in/d.json"], sources);
    }

    [Fact]
    public async Task Each_listed_file_has_its_own_names_of_columns()
    {
        await using Reading reading = await BeginAsync();
        await reading.PutAsync("a.csv", "x,y\n1,2\n3,4");
        await reading.PutAsync("b.csv", "z\n5\n");
        (List<JsonValue> items, _) = await reading.ReadAllAsync(
            """{"ListsObjects":true,"Flattens":true,"InputType":"CSV","CSVDelimiter":","}""", """{"Bucket":"lists"}""", 1);
        Assert.Equal(JsonValue.Parse("""[{"x":"1","y":"2"},{"x":"3","y":"4"},{"z":"5"}]"""), JsonArray.Of([.. items]));
    }

    [Fact]
    public async Task Many_small_files_are_read_in_several_reads()
    {
        await using Reading reading = await BeginAsync();
        for (int i = 0; i < 130; i++)
        {
            await reading.PutAsync($"{i:000}.json", i % 2 == 0 ? "[]" : $"[{i}]");
        }

        (List<JsonValue> items, _) = await reading.ReadAllAsync(Flattened, """{"Bucket":"lists"}""", 1_000);
        Assert.Equal(Enumerable.Range(0, 65).Select(i => (JsonValue)JsonNumber.Of((2 * i) + 1)), items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task The_data_files_of_an_athena_manifest_are_read(int most)
    {
        await using Reading reading = await BeginAsync();
        await reading.PutAsync("q/1.gz", "{\"a\":1}\n{\"a\":2}\n");
        await reading.PutAsync("q/2", "{\"a\":3}");
        await reading.PutAsync("manifest.csv", "s3://lists/q/1.gz\r\n\n\"s3://lists/q/2\"\n");
        (List<JsonValue> items, List<string> sources) = await reading.ReadAllAsync(AthenaLines, """{"Bucket":"lists","Key":"manifest.csv"}""", most);
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
        await using Reading reading = await BeginAsync();
        await reading.PutAsync("manifest.csv", manifest);
        TaskRefused refused = Assert.IsType<TaskRefused>(await reading.ReadAsync(AthenaLines, """{"Bucket":"lists","Key":"manifest.csv"}""", 10, null));
        Assert.Equal("States.ItemReaderFailed", refused.Error);
        Assert.Contains(expected, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_without_objects_is_refused()
    {
        await using Reading reading = await BeginAsync();
        TaskRefused refused = Assert.IsType<TaskRefused>(await reading.ReadAsync(Flattened, """{"Bucket":"lists"}""", 10, null));
        Assert.Contains("no object in a bucket", refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_file_is_decompressed_once_over_a_map_run_and_again_after_a_restart()
    {
        await using Reading reading = await BeginAsync();
        await reading.PutAsync("q/1.gz", string.Concat(Enumerable.Range(0, 500).Select(i => $"{i}\n")));
        await reading.PutAsync("manifest.csv", "s3://lists/q/1.gz");
        const string Source = """{"Bucket":"lists","Key":"manifest.csv"}""";
        (List<JsonValue> items, _) = await reading.ReadAllAsync(AthenaLines, Source, 10);
        Assert.Equal(500, items.Count);
        Assert.Equal((1, 0), (reading.Opened["q/1.gz"], reading.OpenCount));

        // What is kept is not of the essence: without it, the same read gives the same items.
        JsonObject first = Output(await reading.ReadAsync(AthenaLines, Source, 10, null));
        Assert.Equal(1, reading.OpenCount);
        string expected = Output(await reading.ReadAsync(AthenaLines, Source, 10, first)).ToString();
        reading.KeepsOpen(0);
        Assert.Equal(expected, Output(await reading.ReadAsync(AthenaLines, Source, 10, first)).ToString());
        Assert.Equal(expected, Output(await reading.ReadAsync(AthenaLines, Source, 10, first)).ToString());
        Assert.Equal((4, 0), (reading.Opened["q/1.gz"], reading.OpenCount));
    }

    [Fact]
    public async Task Files_that_stay_open_are_bounded_in_number_and_in_time()
    {
        await using Reading reading = await BeginAsync();
        const string Source = """{"Bucket":"lists","Key":"manifest.csv"}""";
        await reading.PutAsync("q/1.gz", "1\n2\n3\n4\n5\n6\n7\n");
        await reading.PutAsync("manifest.csv", "s3://lists/q/1.gz");
        JsonObject? at = null;
        for (int i = 1; i <= 3; i++)
        {
            // A read that ends elsewhere keeps a file of its own.
            at = Output(await reading.ReadAsync(AthenaLines, Source, i, null));
        }

        Assert.Equal(2, reading.OpenCount);
        await reading.PutAsync("q/1.gz", "8\n9\n");
        Assert.Contains("has changed", Assert.IsType<TaskRefused>(await reading.ReadAsync(AthenaLines, Source, 1, at)).Cause, StringComparison.Ordinal);
        Assert.Equal(1, reading.OpenCount);
        reading.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, reading.OpenCount);
        reading.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, reading.OpenCount);
    }

    private static JsonObject Output(TaskOutcome outcome) => (JsonObject)Assert.IsType<TaskAnswered>(outcome).Output;

    private async Task<Reading> BeginAsync() => new(await OpenAsync());

    /// <summary>Reads in a bucket named lists, with two files at most that stay open for a minute.</summary>
    private sealed class Reading : IAsyncDisposable
    {
        private readonly CountingObjects _objects;
        private readonly StoreLease<IObjectStore> _lease;
        private OpenFiles _open;

        public Reading(StoreLease<IObjectStore> lease)
        {
            _lease = lease;
            _objects = new CountingObjects(lease.Store);
            _open = new OpenFiles(2, TimeSpan.FromMinutes(1), Time);
        }

        public ManualTimeProvider Time { get; } = new();

        public int OpenCount => _open.Count;

        /// <summary>How often each object was opened.</summary>
        public Dictionary<string, int> Opened => _objects.Opened;

        /// <summary>As after a restart: nothing is open, and so many files stay open from now on.</summary>
        public void KeepsOpen(int most) => _open = new OpenFiles(most, TimeSpan.FromMinutes(1), Time);

        public ValueTask DisposeAsync() => _lease.DisposeAsync();

        public async Task<(List<JsonValue> Items, List<string> Sources)> ReadAllAsync(string format, string source, int most)
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

        public async Task<TaskOutcome> ReadAsync(string format, string source, int most, JsonObject? before)
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
                .InvokeAsync(CallOf(request.Build()), CancellationToken.None);
        }

        public async Task PutAsync(string key, string text)
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

            await _objects.PutAsync(new ObjectPlace(Tenants.Of(1), "lists", key), "text/plain", new MemoryStream(bytes), CancellationToken.None);
        }

        private static TaskInvocation CallOf(JsonObject request) => new(
            Tenants.Of(1), new ExecutionKey(Tenants.Of(1), "m:one"), new CommandId(1), MapRunResources.Read, request, 0, "m:one/1", null);
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
