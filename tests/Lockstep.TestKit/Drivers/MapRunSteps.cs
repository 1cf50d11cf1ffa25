using System.Globalization;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Xunit;

namespace Lockstep.TestKit.Drivers;

/// <summary>The steps that tests of map runs are made of. Reading items and forming results are targets, and tested with those.</summary>
public static class MapRunSteps
{
    /// <summary>Children whose results one call goes over.</summary>
    private const int ResultsAtOnce = 25;

    /// <summary>Children that one call looks for.</summary>
    private const int PastAtOnce = 3;

    /// <summary>The driver of map runs.</summary>
    public static IMapRunDriver Runs(this IDriverHarness harness) => harness.Ports.MapRuns ?? throw new InvalidOperationException("No map runs.");

    /// <summary>What knows the children of map runs.</summary>
    public static IMapRunChildren Children(this IDriverHarness harness) => harness.Runs();

    /// <summary>Serves what Map states in DISTRIBUTED mode call; any other call is answered as before.</summary>
    public static void ServeMapRuns(this IDriverHarness harness)
    {
        Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> answer = harness.Targets.Answer;
        harness.Targets.Answer = async (call, cancellation) =>
            await harness.ServeMapRunAsync(call, readable: 0, cancellation) ?? await answer(call, cancellation);
    }

    /// <summary>Answers the calls of Map states in DISTRIBUTED mode and of their map runs; null for other calls.</summary>
    /// <param name="harness">The host.</param>
    /// <param name="call">The call.</param>
    /// <param name="readable">Items that a reader reads: the numbers from 0 on.</param>
    /// <param name="cancellation">Gives the call up.</param>
    public static async ValueTask<TaskOutcome?> ServeMapRunAsync(this IDriverHarness harness, TaskInvocation call, int readable, CancellationToken cancellation) =>
        call.Resource.Action switch
        {
            "mapRun.sync" => Answer(await harness.Runs().StartRunAsync(
                call.Execution, call.Task, new MapRunRequest((JsonObject)call.Parameters).Within(10, 9), null, cancellation)),
            "mapRunChild.sync" => Answer(await harness.Runs().StartChildAsync(
                call.Execution, call.Task, MapChildRequest.Read(call.Parameters), null, cancellation)),
            "mapRunRead" => new TaskAnswered(Read(ItemsRequest.Read(call.Parameters), readable)),
            "mapRunPast" => new TaskAnswered((await harness.Children().FindPastChildrenAsync(
                call.Execution, PastChildrenRequest.Read(call.Parameters) with { MaxChildren = PastAtOnce }, cancellation))?.ToJson() ?? JsonObject.Empty),
            "mapRunResults" => new TaskAnswered(await CollectAsync(harness, call, cancellation)),
            _ => null,
        };

    /// <summary>The only map run that an execution has started.</summary>
    public static async Task<MapRunRecord> TheRunAsync(this IDriverHarness harness, ExecutionKey key)
    {
        MapRunRecord only = Assert.Single(await harness.RunsOfAsync(key));
        Assert.Equal(only, await harness.Runs().FindAsync(only.Key, CancellationToken.None));
        return only;
    }

    /// <summary>The map runs that an execution has started, the newest first.</summary>
    public static async Task<IReadOnlyList<MapRunRecord>> RunsOfAsync(this IDriverHarness harness, ExecutionKey key) =>
        (await harness.Runs().ListAsync(key, new PageRequest(10, null), CancellationToken.None))?.Items ?? [];

    /// <summary>The child of a map run with an index.</summary>
    public static async Task<ExecutionRecord> ChildAsync(this IDriverHarness harness, MapRunRecord run, long index) =>
        await harness.Runs().FindChildAsync(run.Key, index, CancellationToken.None)
        ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The map run has no child {index}."));

    private static TaskOutcome Answer(Result<Accepted> started) =>
        started.Succeeded ? new TaskAnswered(JsonNull.Instance) : new TaskRefused(started.Error.Code, started.Error.Message);

    private static JsonObject Read(ItemsRequest request, int readable)
    {
        int from = request.Cursor is null ? 0 : int.Parse(request.Cursor, CultureInfo.InvariantCulture);
        int to = Math.Min(from + (int)request.MaxItems, readable);
        JsonArray items = JsonArray.Of([.. Enumerable.Range(from, to - from).Select(i => (JsonValue)JsonNumber.Of(i))]);
        return new ItemsAnswer(items, to < readable ? to.ToString(CultureInfo.InvariantCulture) : null, "v").ToJson();
    }

    /// <summary>Collects some outputs at a time, as the target does.</summary>
    private static async Task<JsonObject> CollectAsync(IDriverHarness harness, TaskInvocation call, CancellationToken cancellation)
    {
        ResultsRequest request = ResultsRequest.Read(call.Parameters);
        ResultsCursor cursor = request.Cursor ?? ResultsCursor.Start;
        long next = Math.Min(request.Children, cursor.Next + ResultsAtOnce);
        var outputs = new JsonArrayBuilder();
        for (long index = cursor.Next; index < next; index++)
        {
            ExecutionRecord? child = await harness.Runs().FindChildAsync(call.Execution, index, cancellation);
            outputs.Add(JsonValue.Parse(child?.Output ?? "null"));
        }

        return new ResultsAnswer(null, 0)
        {
            Collected = outputs.ToArray(),
            Next = next < request.Children ? cursor with { Next = next } : null,
        }.ToJson();
    }
}
