using Lockstep.Asl.Evaluation;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.MapRuns;

/// <summary>
/// Takes the results of a map run's children from the store, in the order of the children, and either returns them or writes them to objects, the
/// manifest last. A call goes over a bounded number of children and bytes and says where the next one goes on. Repeated, it writes the same objects again.
/// </summary>
/// <param name="runs">Knows the children.</param>
/// <param name="objects">Where results are written.</param>
/// <param name="maxChildren">Children that one call goes over.</param>
internal sealed class ResultsTarget(IMapRunDriver runs, IObjectStore objects, int maxChildren) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        ResultsRequest request = ResultsRequest.Read(invocation.Parameters);
        return request.Destination is null
            ? await CollectAsync(invocation.Execution, request, cancellation)
            : await WriteAsync(invocation.Execution, request, cancellation);
    }

    private async ValueTask<TaskOutcome> CollectAsync(ExecutionKey run, ResultsRequest request, CancellationToken cancellation)
    {
        ResultsCursor cursor = request.Cursor ?? ResultsCursor.Start;
        var results = new JsonArrayBuilder();
        await foreach ((long index, ExecutionRecord? child) in ReadAsync(run, request, cursor, cancellation))
        {
            cursor = cursor with { Next = index + 1 };
            if (child is not { Status: ExecutionStatus.Succeeded })
            {
                continue;
            }

            foreach (JsonValue result in ChildResult.Of(child, request.Transformation))
            {
                results.Add(result);
                cursor = cursor with { Bytes = cursor.Bytes + result.Utf8Length + 1 };
            }

            if (cursor.Bytes > request.MaxBytes)
            {
                return new TaskRefused(
                    StatesErrorNames.DataLimitExceeded,
                    "The results of the map run have more bytes than the result of a state may have; have them written by a ResultWriter.");
            }
        }

        var answer = new ResultsAnswer(null, 0) { Collected = results.ToArray(), Next = cursor.Next < request.Children ? cursor : null };
        return new TaskAnswered(answer.ToJson());
    }

    private async ValueTask<TaskOutcome> WriteAsync(ExecutionKey run, ResultsRequest request, CancellationToken cancellation)
    {
        var destination = request.Destination as JsonObject;
        string bucket = (destination?["Bucket"] as JsonString)?.Value ?? "";
        string prefix = (destination?["Prefix"] as JsonString)?.Value ?? "";
        string folder = ResultFiles.FolderOf(prefix, run);
        if (ObjectNames.Check(new ObjectPlace(run.Tenant, bucket, folder + ResultFiles.Manifest)) is { } badName)
        {
            return new TaskRefused(StatesErrorNames.ResultWriterFailed, badName.Message);
        }

        using var files = new ResultFiles(objects, run.Tenant, bucket, folder, request.OutputType);
        ResultsCursor cursor = request.Cursor ?? ResultsCursor.Start;
        await foreach ((long index, ExecutionRecord? child) in ReadAsync(run, request, cursor, cancellation))
        {
            cursor = cursor with { Next = index + 1 };
            if (child is null)
            {
                continue;
            }

            cursor = cursor with { Written = cursor.Written + 1 };
            bool succeeded = child.Status == ExecutionStatus.Succeeded;
            foreach (JsonValue result in ChildResult.Of(child, succeeded ? request.Transformation : "NONE"))
            {
                files.Add(succeeded, result);
            }

            if (files.AreFull)
            {
                break;
            }
        }

        cursor = await files.PutAsync(cursor, cancellation);
        if (cursor.Next < request.Children)
        {
            return new TaskAnswered(new ResultsAnswer(null, cursor.Written) { Next = cursor }.ToJson());
        }

        await files.PutManifestAsync(request.MapRunArn, cursor, cancellation);
        JsonObject output = JsonObject.Of(
            new JsonProperty("MapRunArn", JsonString.Of(request.MapRunArn)),
            new JsonProperty("ResultWriterDetails", JsonObject.Of(
                new JsonProperty("Bucket", JsonString.Of(bucket)), new JsonProperty("Key", JsonString.Of(folder + ResultFiles.Manifest)))));
        return new TaskAnswered(new ResultsAnswer(output, cursor.Written).ToJson());
    }

    private IAsyncEnumerable<(long Index, ExecutionRecord? Child)> ReadAsync(
        ExecutionKey run, ResultsRequest request, ResultsCursor cursor, CancellationToken cancellation) =>
        new ChildResults(runs, run).ReadAsync(cursor.Next, Math.Min(request.Children, cursor.Next + maxChildren), cancellation);
}
