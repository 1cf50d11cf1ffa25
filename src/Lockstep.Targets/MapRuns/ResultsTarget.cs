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
/// manifest last. Repeated, it writes the same objects again.
/// </summary>
/// <param name="runs">Knows the children.</param>
/// <param name="objects">Where results are written.</param>
internal sealed class ResultsTarget(IMapRunDriver runs, IObjectStore objects) : ITaskTarget
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
        var results = new JsonArrayBuilder();
        long bytes = 0;
        for (long index = 0; index < request.Children; index++)
        {
            // A child whose start was refused is in no store: it counts as failed, and has nothing to show.
            if (await runs.FindChildAsync(run, index, cancellation) is not { Status: ExecutionStatus.Succeeded } child)
            {
                continue;
            }

            foreach (JsonValue result in ChildResult.Of(child, request.Transformation))
            {
                results.Add(result);
                bytes += result.Utf8Length + 1;
            }

            if (bytes > request.MaxBytes)
            {
                return new TaskRefused(
                    StatesErrorNames.DataLimitExceeded,
                    "The results of the map run have more bytes than the result of a state may have; have them written by a ResultWriter.");
            }
        }

        JsonArray array = results.ToArray();
        JsonValue output = request.OutputType == "JSONL" ? JsonString.Of(string.Join('\n', array)) : array;
        return new TaskAnswered(new ResultsAnswer(output, 0).ToJson());
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

        var files = new ResultFiles(objects, run.Tenant, bucket, folder, request.OutputType);
        long written = 0;
        for (long index = 0; index < request.Children; index++)
        {
            if (await runs.FindChildAsync(run, index, cancellation) is not { } child)
            {
                continue;
            }

            written++;
            bool succeeded = child.Status == ExecutionStatus.Succeeded;
            foreach (JsonValue result in ChildResult.Of(child, succeeded ? request.Transformation : "NONE"))
            {
                await files.AddAsync(succeeded, result, cancellation);
            }
        }

        await files.CompleteAsync(request.MapRunArn, cancellation);
        JsonObject output = JsonObject.Of(
            new JsonProperty("MapRunArn", JsonString.Of(request.MapRunArn)),
            new JsonProperty("ResultWriterDetails", JsonObject.Of(
                new JsonProperty("Bucket", JsonString.Of(bucket)), new JsonProperty("Key", JsonString.Of(folder + ResultFiles.Manifest)))));
        return new TaskAnswered(new ResultsAnswer(output, written).ToJson());
    }
}
