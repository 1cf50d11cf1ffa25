using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;
using Lockstep.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// Map runs that read their items from the objects of the host, with the targets of the product: whatever is read, a process that dies while it is read, and a
/// redrive of a map run that has read a part of it, leave out no item and repeat none that had succeeded.
/// </summary>
public abstract class MapRunReadingContract : HarnessContract
{
    private const int Items = 10;
    private const int Broken = 4;
    private const string Bucket = "items";

    private static readonly ServiceLimits _limits = ServiceLimits.Default with { MaxMapRunItemsAtOnce = 3, MaxMapRunOpenFiles = 1 };

    private static readonly Dictionary<string, ItemReader> _readers = new(StringComparer.Ordinal)
    {
        ["members of an object"] = new(
            "getObject",
            """ "Key":"all.json" """,
            """ "InputType":"JSON","ItemsPointer":"/of/1" """,
            number => $"\"k{number}\":{number}",
            files => [("all.json", $$"""{"of":[0,{{{string.Join(',', files.SelectMany(file => file))}}}],"more":1}""")],
            number => ($"\"Key\":\"k{number}\",\"Value\":{number}", "all.json")),
        ["listed objects"] = new(
            "listObjectsV2",
            """ "Prefix":"in/" """,
            """ "InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN" """,
            number => $"{number}\n",
            files => [("in/", ""), .. files.Select((file, at) => ($"in/{at}.jsonl", string.Concat(file))), ("other.jsonl", "99\n")],
            number => ($"\"Value\":{number}", $"in/{FileOf(number)}.jsonl")),
        ["compressed lines"] = new(
            "getObject",
            """ "Key":"manifest.csv" """,
            """ "InputType":"JSONL","ManifestType":"ATHENA_DATA" """,
            number => $"{number}\n",
            files => [ManifestOf(files), .. files.Select((file, at) => ($"data/{at}.gz", string.Concat(file)))],
            number => ($"\"Value\":{number}", $"data/{FileOf(number)}.gz")),
        ["compressed rows"] = new(
            "getObject",
            """ "Key":"manifest.csv" """,
            """ "InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["n"],"ManifestType":"ATHENA_DATA" """,
            number => $"{number}\n",
            files => [ManifestOf(files), .. files.Select((file, at) => ($"data/{at}.gz", string.Concat(file)))],
            number => ($$"""
                "Value":{"n":"{{number}}"}
                """, $"data/{FileOf(number)}.gz")),
    };

    /// <summary>Every reader, by name.</summary>
    public static TheoryData<string> Readers => [.. _readers.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Whenever_the_process_dies_while_items_are_read_none_is_lost_and_none_is_repeated(string reader)
    {
        await using IDriverHarness harness = await OpenAsync();
        World world = await World.NewAsync(harness, _readers[reader]);
        world.HoldReadsAfter(1, hasRead: false);
        ExecutionKey key = await harness.RunAsync(Map(_readers[reader], """ "MaxConcurrency":4 """), "{}");
        for (int life = 1; life < 4; life++)
        {
            // What was held is read again, by a process that has no file open; what it has read the one before it may not have told.
            Assert.Equal(1, harness.Targets.Held);
            world.HoldReadsAfter(1, hasRead: life % 2 == 1);
            await harness.CrashAndRestartAsync();
            await harness.RunUntilIdleAsync();
        }

        world.HoldReadsAfter(int.MaxValue, hasRead: false);
        await harness.CrashAndRestartAsync();
        await AssertDoneAsync(harness, key, _readers[reader]);
        Assert.Equal(Enumerable.Repeat(1, Items), world.Calls);
        Assert.Equal(Items, harness.Targets.Calls.Where(IsFunction).Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_redrive_reads_on_and_calls_only_what_failed_again_also_when_the_process_dies(string reader)
    {
        await using IDriverHarness harness = await OpenAsync();
        World world = await World.NewAsync(harness, _readers[reader]);
        world.IsBroken = number => number == Broken;
        ExecutionKey key = await harness.RunAsync(Map(_readers[reader], """ "MaxConcurrency":1 """), "{}");
        Assert.Equal(ExecutionStatus.Failed, (await harness.WaitForEndAsync(key)).Status);
        Assert.Equal(Enumerable.Range(0, Items).Select(number => number <= Broken ? 1 : 0), world.Calls);

        world.IsBroken = _ => false;
        world.HoldReadsAfter(1, hasRead: true);
        await harness.CrashAndRestartAsync();
        await harness.RedriveAsync(key);
        Assert.Equal(1, harness.Targets.Held);
        world.HoldReadsAfter(int.MaxValue, hasRead: false);
        await harness.CrashAndRestartAsync();
        await AssertDoneAsync(harness, key, _readers[reader]);
        Assert.Equal(1, (await harness.TheRunAsync(key)).RedriveCount);
        Assert.Equal(Enumerable.Range(0, Items).Select(number => number == Broken ? 2 : 1), world.Calls);
    }

    [Fact]
    public async Task A_redrive_of_a_map_run_that_has_read_everything_reads_nothing_and_calls_what_failed()
    {
        const string Reader = "compressed rows";
        await using IDriverHarness harness = await OpenAsync();
        World world = await World.NewAsync(harness, _readers[Reader]);
        world.IsBroken = number => number is Broken or Items - 1;
        ExecutionKey key = await harness.RunAsync(Map(_readers[Reader], """ "MaxConcurrency":1,"ToleratedFailureCount":1 """), "{}");
        Assert.Equal(ExecutionStatus.Failed, (await harness.WaitForEndAsync(key)).Status);
        int reads = harness.Targets.Calls.Count(IsRead);
        world.IsBroken = _ => false;
        await harness.RedriveAsync(key);
        await AssertDoneAsync(harness, key, _readers[Reader]);
        Assert.Equal(Enumerable.Range(0, Items).Select(number => number is Broken or Items - 1 ? 2 : 1), world.Calls);
        Assert.Equal(reads, harness.Targets.Calls.Count(IsRead));
    }

    private static async Task AssertDoneAsync(IDriverHarness harness, ExecutionKey key, ItemReader reader)
    {
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        IEnumerable<string> expected = Enumerable.Range(0, Items).Select(index =>
        {
            (string shown, string source) = reader.Shown(index);
            return $$$"""{"i":{"Index":{{{index}}},{{{shown.Trim()}}},"Source":"S3://{{{Bucket}}}/{{{source}}}"}}""";
        });
        Assert.Equal(JsonValue.Parse($"[{string.Join(',', expected)}]"), JsonValue.Parse(ended.Output ?? "null"));
        Assert.Equal(new MapRunCounts(0, 0, Items, 0, 0, 0, 0), (await harness.TheRunAsync(key)).Progress.Items);
    }

    private static string Map(ItemReader reader, string fields) => $$$"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"l","End":true,{{{fields}}},"ItemSelector":{"i.$":"$$.Map.Item"},
          "ItemReader":{"Resource":"arn:aws:states:::s3:{{{reader.Action}}}","Parameters":{"Bucket":"{{{Bucket}}}",{{{reader.Parameters}}}},
            "ReaderConfig":{{{{reader.Config}}}} },
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true} } } } } }
        """;

    /// <summary>The items are in two files, where there are several.</summary>
    private static int FileOf(int number) => number < 7 ? 0 : 1;

    private static (string Key, string Text) ManifestOf(IReadOnlyList<string[]> files) =>
        ("manifest.csv", string.Concat(files.Select((_, at) => $"s3://{Bucket}/data/{at}.gz\n")));

    private static bool IsFunction(TaskInvocation call) => call.Resource.Kind == ResourceKind.Function;

    private static bool IsRead(TaskInvocation call) => call.Resource.Action == MapRunResources.Read.Action;

    /// <summary>A way to read items.</summary>
    /// <param name="Action">The action of S3.</param>
    /// <param name="Parameters">Its arguments besides the bucket.</param>
    /// <param name="Config">The ReaderConfig.</param>
    /// <param name="Written">How the item with a number is written.</param>
    /// <param name="Objects">The objects, from the items that each file has.</param>
    /// <param name="Shown">What the context object shows of the item with a number between its index and its source, and the key of the object that has it.</param>
    private sealed record ItemReader(
        string Action,
        string Parameters,
        string Config,
        Func<int, string> Written,
        Func<IReadOnlyList<string[]>, IReadOnlyList<(string Key, string Text)>> Objects,
        Func<int, (string Shown, string Source)> Shown);

    /// <summary>Serves map runs as the product does, and a function that gets an item.</summary>
    private sealed class World : ITaskTarget
    {
        private readonly IDriverHarness _harness;
        private readonly CallGate _gate;
        private readonly Lock _lock = new();
        private readonly ConcurrentDictionary<int, int> _calls = new();
        private (ServicePorts Ports, ITaskTargets Targets)? _life;
        private int _readsLeft = int.MaxValue;
        private bool _holdsWhatItRead;

        private World(IDriverHarness harness)
        {
            _harness = harness;
            _gate = harness.Targets.NewGate();
            harness.Targets.Answer = AnswerAsync;
        }

        public Func<int, bool> IsBroken { get; set; } = _ => false;

        /// <summary>How often the function was called with each item.</summary>
        public IEnumerable<int> Calls => Enumerable.Range(0, Items).Select(number => _calls.GetValueOrDefault(number));

        public static async Task<World> NewAsync(IDriverHarness harness, ItemReader reader)
        {
            string[][] files = [.. Enumerable.Range(0, Items).GroupBy(FileOf).Select(file => file.Select(reader.Written).ToArray())];
            foreach ((string key, string text) in reader.Objects(files))
            {
                using Stream content = ContentOf(key, text);
                await harness.Ports.Objects.PutAsync(new ObjectPlace(HarnessSteps.Anna, Bucket, key), "text/plain", content, CancellationToken.None);
            }

            return new World(harness);
        }

        /// <summary>From now on, holds the reads after so many, before they read or with what they have read.</summary>
        public void HoldReadsAfter(int reads, bool hasRead)
        {
            _holdsWhatItRead = hasRead;
            Volatile.Write(ref _readsLeft, reads);
        }

        /// <summary>The function.</summary>
        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
        {
            int number = NumberOf(((JsonObject)((JsonObject)invocation.Parameters)["i"]!)["Value"]!);
            _calls.AddOrUpdate(number, 1, static (_, count) => count + 1);
            return ValueTask.FromResult<TaskOutcome>(IsBroken(number) ? new TaskRefused("E", "C") : new TaskAnswered(invocation.Parameters));
        }

        private async ValueTask<TaskOutcome> AnswerAsync(TaskInvocation call, CancellationToken cancellation)
        {
            ITaskTarget target = Targets().Find(call.Resource) ?? throw new InvalidOperationException($"Nothing serves {call.Resource}.");
            bool isHeld = IsRead(call) && Volatile.Read(ref _readsLeft) != int.MaxValue && Interlocked.Decrement(ref _readsLeft) < 0;
            if (isHeld && !_holdsWhatItRead)
            {
                await _gate.PassAsync(cancellation);
            }

            TaskOutcome outcome = await target.InvokeAsync(call, cancellation);
            if (isHeld && _holdsWhatItRead)
            {
                await _gate.PassAsync(cancellation);
            }

            return outcome;
        }

        /// <summary>The targets of the process that lives now: what they keep open goes with it.</summary>
        private ITaskTargets Targets()
        {
            lock (_lock)
            {
                if (_life is not { } life || life.Ports != _harness.Ports)
                {
                    life = (_harness.Ports, new TaskTargetRegistry(this, [], new MapRunTargets(_harness.Runs(), _harness.Ports.Objects, _limits, _harness.Time)));
                    _life = life;
                }

                return life.Targets;
            }
        }

        private static int NumberOf(JsonValue value) => value switch
        {
            JsonNumber number => (int)number.ToDouble(),
            JsonObject row when row["n"] is JsonString text => int.Parse(text.Value, CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"{value} is no item."),
        };

        private static MemoryStream ContentOf(string key, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (!key.EndsWith(".gz", StringComparison.Ordinal))
            {
                return new MemoryStream(bytes);
            }

            using var compressed = new MemoryStream();
            using (var packing = new GZipStream(compressed, CompressionLevel.Fastest))
            {
                packing.Write(bytes);
            }

            return new MemoryStream(compressed.ToArray());
        }
    }
}
