using System.Collections.Immutable;
using Lockstep.Azure.Activities;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Work;

/// <summary>
/// What follows an append: tasks reach those who carry them out, children hear of a parent that has given them up, parents of children that have
/// ended. May be repeated at any time; what is done already is found done.
/// </summary>
public sealed class ExecutionFollowUps(
    ActivityRecords activities, ActivityTaskQueue queue, IMessages messages, InboxDelivery inbox, ChildEnds children, IIntents intents, TimeProvider time)
    : IExecutionFollowUps
{
    /// <summary>Children that are stopped at a time: a map run may give up thousands at once.</summary>
    private const int StopsAtOnce = 32;

    /// <inheritdoc/>
    public async ValueTask OpenedAsync(
        ExecutionKey key, string instanceId, ImmutableArray<OpenTaskRow> opened, CancellationToken cancellation)
    {
        OutgoingMessage[] queued =
            [.. opened.Where(row => row.Kind == OpenTaskKind.Queued).Select(row => new WorkMessage(key, row.Task).ToMessage())];
        if (queued.Length > 0)
        {
            await messages.SendAsync(MessageRoute.Tasks, queued, cancellation);
        }

        List<OpenTaskRow> offered = [];
        foreach (OpenTaskRow row in opened.Where(row => row.Kind == OpenTaskKind.Activity))
        {
            if (await activities.FindAsync(key.Tenant, row.Activity ?? "", cancellation) is not null)
            {
                offered.Add(row);
            }
            else
            {
                await RefuseAsync(key, row, cancellation);
            }
        }

        await queue.OfferAsync(key, offered, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask GivenUpAsync(ExecutionKey key, ImmutableArray<CommandId> tasks, CancellationToken cancellation)
    {
        foreach (CommandId[] some in tasks.Chunk(StopsAtOnce))
        {
            await Task.WhenAll(some.Select(task => children.StopAsync(key, task, cancellation).AsTask()));
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndedAsync(ExecutionKey key, CancellationToken cancellation)
    {
        if (await children.ReportAsync(key, cancellation) is { StoppedAt: { } stopped })
        {
            // Whoever waited knows of the end, so the sweep need not look after it.
            await intents.RemoveAsync(new Intent(IntentKind.End, key, stopped + TableExecutionLedger.EndPatience), cancellation);
        }
    }

    private async ValueTask RefuseAsync(ExecutionKey key, OpenTaskRow row, CancellationToken cancellation)
    {
        string resource = row.Invocation is { } invocation ? InvocationCodec.Read(invocation.Span).Resource.Text : row.Activity ?? "";
        Result<Accepted> reported = await inbox.ReportAsync(
            key,
            row.Task,
            new TaskFailed(
                time.GetUtcNow(), row.Task, ErrorCodes.ActivityDoesNotExist, $"The activity {resource} does not exist.", TaskFailureStage.Schedule),
            cancellation);
        if (!reported.Succeeded && reported.Error.Code is not (ErrorCodes.TaskTimedOut or ErrorCodes.TaskDoesNotExist))
        {
            throw new InvalidOperationException($"The refusal of task {row.Task} of '{key.Id}' was refused: {reported.Error.Message}");
        }
    }
}
