using Lockstep.Azure.Objects;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Targets.MapRuns;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit.Azure;

namespace Lockstep.Targets.Tests.MapRuns;

/// <summary>Results of map runs, gone over in calls of bounded length: however they are cut, what is collected is the same, and what is written names all files.</summary>
public sealed class ResultsTests
{
    private const string Arn = "arn:aws:states:local:000000000001:mapRun:m/l:run";
    private const long Room = 262_144;

    private readonly TableObjectStore _objects;
    private readonly Children _children = new();

    public ResultsTests()
    {
        var azure = new MemoryAzure();
        _objects = new TableObjectStore(azure.Tables, azure.Blobs, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    public async Task However_many_calls_it_takes_the_results_are_the_same(int atOnce, int calls)
    {
        _children.Add("[1,2]", "null", null, "\"x\"", "[]");
        (List<ResultsAnswer> answers, TaskRefused? refused) = await GoOverAsync(atOnce, destination: null, "FLATTEN");
        Assert.Null(refused);
        Assert.Equal(calls, answers.Count);
        Assert.Equal("""[1,2,null,"x"]""", JsonArray.Of([.. answers.SelectMany(answer => answer.Collected ?? JsonArray.Empty)]).ToString());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public async Task No_more_is_collected_than_the_result_of_a_state_may_have(long room, bool fits)
    {
        _children.Add("\"a\"", "1234", "1");
        (_, TaskRefused? refused) = await GoOverAsync(1, destination: null, "COMPACT", room + 1);
        Assert.Equal(fits ? null : "States.DataLimitExceeded", refused?.Error);
    }

    [Fact]
    public async Task No_child_is_nothing_to_collect()
    {
        (List<ResultsAnswer> answers, _) = await GoOverAsync(3, destination: null, "COMPACT");
        Assert.Empty(Assert.Single(answers).Collected ?? JsonArray.Of(JsonNull.Instance));
    }

    [Theory]
    [InlineData(100, "SUCCEEDED_0", "FAILED_0")]
    [InlineData(12, "SUCCEEDED_0", "FAILED_0")]
    [InlineData(11, "SUCCEEDED_0 SUCCEEDED_1", "FAILED_0")]
    [InlineData(1, "SUCCEEDED_0 SUCCEEDED_1 SUCCEEDED_2 SUCCEEDED_3 SUCCEEDED_4 SUCCEEDED_5 SUCCEEDED_6 SUCCEEDED_7 SUCCEEDED_8 SUCCEEDED_9 SUCCEEDED_10", "FAILED_0")]
    public async Task Each_call_writes_files_of_its_own_and_the_manifest_names_them_in_their_order(int atOnce, string succeeded, string failed)
    {
        _children.Add([.. Enumerable.Range(0, 12).Select(i => i == 3 ? null : $"{i}")]);
        await PutAsync("run/SUCCEEDED_99.json");
        await PutAsync("run/SUCCEEDED_00.json");
        (List<ResultsAnswer> answers, _) = await GoOverAsync(atOnce, JsonObject.Of("Bucket", JsonString.Of("out")), "COMPACT");
        Assert.Equal(12, answers[^1].Written);
        Assert.All(answers.SkipLast(1), answer => Assert.Null(answer.Output));
        Assert.Equal(
            $$$"""{"MapRunArn":"{{{Arn}}}","ResultWriterDetails":{"Bucket":"out","Key":"run/manifest.json"}}""", answers[^1].Output?.ToString());
        var manifest = (JsonObject)await ReadAsync("run/manifest.json");
        Assert.Equal(succeeded.Split(' '), NamesIn(manifest, "SUCCEEDED"));
        Assert.Equal(failed.Split(' '), NamesIn(manifest, "FAILED"));
        List<JsonValue> outputs = [];
        foreach (string file in succeeded.Split(' '))
        {
            outputs.AddRange((JsonArray)await ReadAsync($"run/{file}.json"));
        }

        Assert.Equal(Enumerable.Range(0, 12).Where(i => i != 3).Select(i => (JsonValue)JsonNumber.Of(i)), outputs);
        var lost = (JsonObject)Assert.Single((JsonArray)await ReadAsync("run/FAILED_0.json"));
        Assert.Equal("3", (lost["Name"] as JsonString)?.Value);
    }

    [Fact]
    public async Task A_call_that_has_filled_a_file_ends()
    {
        string large = JsonString.Of(new string('x', 200_000)).ToString();
        _children.Add([.. Enumerable.Repeat(large, 50)]);
        (List<ResultsAnswer> answers, _) = await GoOverAsync(1_000, JsonObject.Of("Bucket", JsonString.Of("out")), "COMPACT");
        Assert.Equal(2, answers.Count);
        Assert.Equal(["SUCCEEDED_0", "SUCCEEDED_1"], NamesIn((JsonObject)await ReadAsync("run/manifest.json"), "SUCCEEDED"));
    }

    private static IEnumerable<string> NamesIn(JsonObject manifest, string status)
    {
        var files = (JsonArray?)((JsonObject?)manifest["ResultFiles"])?[status] ?? JsonArray.Empty;
        return files.Select(file => ((JsonString?)((JsonObject)file)["Key"])?.Value.Split('/', '.')[1] ?? "");
    }

    private async Task<(List<ResultsAnswer> Answers, TaskRefused? Refused)> GoOverAsync(
        int atOnce, JsonValue? destination, string transformation, long room = Room)
    {
        var target = new ResultsTarget(_children, _objects, atOnce);
        List<ResultsAnswer> answers = [];
        var request = new ResultsRequest(_children.Count, destination, transformation, "JSON", Arn, room);
        while (true)
        {
            TaskOutcome outcome = await target.InvokeAsync(Invocations.OfService("states", "mapRunResults", request.ToJson().ToString()) with
            {
                Execution = new ExecutionKey(Invocations.Tenant, "m/l:run"),
            }, CancellationToken.None);
            if (outcome is TaskRefused refused)
            {
                return (answers, refused);
            }

            var answer = ResultsAnswer.Read(Assert.IsType<TaskAnswered>(outcome).Output);
            answers.Add(answer);
            if (answer.Next is null)
            {
                return (answers, null);
            }

            request = request with { Cursor = answer.Next };
        }
    }

    private async Task PutAsync(string key) => await _objects.PutAsync(
        new ObjectPlace(Invocations.Tenant, "out", key), "application/json", new MemoryStream("[]"u8.ToArray()), CancellationToken.None);

    private async Task<JsonValue> ReadAsync(string key)
    {
        await using OpenObject opened = await _objects.OpenAsync(new ObjectPlace(Invocations.Tenant, "out", key), 0, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no {key}.");
        using var reader = new StreamReader(opened.Content);
        return JsonValue.Parse(await reader.ReadToEndAsync());
    }

    /// <summary>Children that have ended: with an output, or, without one, failed.</summary>
    private sealed class Children : IMapRunDriver
    {
        private readonly List<string?> _outputs = [];

        public int Count => _outputs.Count;

        public void Add(params string?[] outputs) => _outputs.AddRange(outputs);

        public ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation)
        {
            string? output = _outputs[(int)index];
            return ValueTask.FromResult<ExecutionRecord?>(new ExecutionRecord
            {
                Key = run,
                Arn = Arn,
                Name = $"{index}",
                StateMachineName = "m/l",
                StateMachineArn = Arn,
                RevisionId = "r",
                Type = WorkflowType.Standard,
                Status = output is null ? ExecutionStatus.Failed : ExecutionStatus.Succeeded,
                StartedAt = DateTimeOffset.UnixEpoch,
                Output = output,
            });
        }

        public ValueTask<Result<Accepted>> StartRunAsync(
            ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation) => throw NotAsked();

        public ValueTask<Result<Accepted>> StartChildAsync(
            ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation) => throw NotAsked();

        public ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation) =>
            throw NotAsked();

        public ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(
            ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation) => throw NotAsked();

        public ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation) => throw NotAsked();

        public ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation) => throw NotAsked();

        public ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation) => throw NotAsked();

        private static InvalidOperationException NotAsked() => new("Results are read, and nothing else.");
    }
}
