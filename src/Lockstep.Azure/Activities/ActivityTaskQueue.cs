using System.Collections.Concurrent;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Activities;

/// <summary>
/// The tasks that wait for workers, oldest first: a partition for each activity, a row for each offer. A worker leases an offer, the taking goes into the
/// execution's inbox, then the offer is removed, and only then the task is handed out; a lease that runs out passes the offer on. Offers of
/// tasks that are over stay until a worker meets them.
/// </summary>
public sealed class ActivityTaskQueue
{
    /// <summary>How long a worker has for taking a task before another one may.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause between two looks of a worker that waits.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _offered = new(StringComparer.Ordinal);
    private readonly ActivityOffers _offers;
    private readonly LedgerTasks _tasks;
    private readonly ActivityQueueParts _parts;

    /// <summary>The queues of the deployment.</summary>
    public ActivityTaskQueue(ITables tables, IBlobs blobs, ActivityQueueParts parts)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        ArgumentNullException.ThrowIfNull(parts);
        _offers = new ActivityOffers(tables, parts.Retry, parts.Time);
        _tasks = new LedgerTasks(new LedgerStore(tables, blobs));
        _parts = parts;
    }

    /// <summary>
    /// Offers tasks of kind <see cref="OpenTaskKind.Activity"/> to workers; others are passed over. Called once their rows are durable, again when it
    /// is not known whether it succeeded. Workers of this process that wait look at once; those of others within <see cref="LongestPause"/>.
    /// </summary>
    public async ValueTask OfferAsync(ExecutionKey execution, IReadOnlyList<OpenTaskRow> opened, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(opened);
        foreach (IGrouping<string, OpenTaskRow> activity in opened
            .Where(row => row is { Kind: OpenTaskKind.Activity, Activity: not null }).GroupBy(row => row.Activity ?? "", StringComparer.Ordinal))
        {
            string partition = ActivityOffers.PartitionOf(execution.Tenant, activity.Key);
            await _offers.AddAsync(partition, execution, [.. activity], cancellation);
            if (_offered.TryRemove(partition, out TaskCompletionSource? waiting))
            {
                waiting.TrySetResult();
            }
        }
    }

    /// <summary>See <see cref="IActivityStore.PollAsync"/>.</summary>
    public async ValueTask<ActivityTask?> PollAsync(
        TenantId tenant, string activity, string? workerName, TimeSpan wait, CancellationToken cancellation)
    {
        string partition = ActivityOffers.PartitionOf(tenant, activity);
        long began = _parts.Time.GetTimestamp();
        TimeSpan pause = _firstPause;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            TaskCompletionSource signal = _offered.GetOrAdd(
                partition, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (await TakeOldestAsync(tenant, partition, workerName, cancellation) is { } task)
            {
                return task;
            }

            TimeSpan left = wait - _parts.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await signal.Task.WaitAsync(pause < left ? pause : left, _parts.Time, cancellation);
            }
            catch (TimeoutException)
            {
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async ValueTask<ActivityTask?> TakeOldestAsync(TenantId tenant, string partition, string? workerName, CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            (IReadOnlyList<ActivityOffer> offers, continuation) = await _offers.ReadAsync(tenant, partition, continuation, cancellation);
            foreach (ActivityOffer offer in offers)
            {
                DateTimeOffset now = _parts.Time.GetUtcNow();
                if (offer.LeasedUntil > now || await _offers.LeaseAsync(offer, now + Lease, cancellation) is not { } leased)
                {
                    continue;
                }

                if (await TakeAsync(leased, workerName, now, cancellation) is { } task)
                {
                    return task;
                }
            }
        }
        while (continuation is not null);
        return null;
    }

    /// <summary>Takes the task of an offer that is leased; null when it is none any more, and then the offer is gone as well.</summary>
    private async ValueTask<ActivityTask?> TakeAsync(ActivityOffer leased, string? workerName, DateTimeOffset now, CancellationToken cancellation)
    {
        await _parts.Intents.AddAsync(new Intent(IntentKind.Wake, leased.Execution, now + _parts.WakeAgainAfter), cancellation);
        Result<string> taker = await _tasks.TakeAsync(leased.Execution, new ActivityTaken(now, leased.Task, workerName), leased.Id, cancellation);
        if (!taker.Succeeded && taker.Error.Code == ErrorCodes.Conflict)
        {
            // Quarantined: the offer stays, for the day on which an operator has set the execution right.
            return null;
        }

        // From here on the taking is durable, and the task is this worker's, unless the lease runs out first.
        bool isTaken = taker.Succeeded && taker.Value == leased.Id;
        OpenTaskRow? open = isTaken ? await _tasks.FindOpenAsync(leased.Execution, leased.Task, cancellation) : null;
        if (open is not null)
        {
            await WakeAsync(leased.Execution, now);
        }

        if (cancellation.IsCancellationRequested)
        {
            await _offers.ReleaseAsync(leased, CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
        }

        bool isOurs = await _offers.RemoveAsync(leased, cancellation);
        if (open?.Invocation is not { } invocation || !isOurs)
        {
            return null;
        }

        InvokeTask command = InvocationCodec.Read(invocation.Span);
        return new ActivityTask(
            command.TaskToken ?? throw new InvalidOperationException("An activity task has no token."), command.Parameters.ToString());
    }

    /// <summary>A wake that cannot be sent is one that got lost: the sweep sends another one.</summary>
    private async ValueTask WakeAsync(ExecutionKey execution, DateTimeOffset now)
    {
        try
        {
            await _parts.Messages.SendAsync(
                MessageRoute.Callbacks, [WakeMessage.For(execution, Guid.CreateVersion7(now).ToString())], CancellationToken.None);
        }
        catch (StorageUnavailableException unavailable)
        {
            _parts.Warn("The wake after an activity task was taken could not be sent; the sweep sends it", unavailable);
        }
    }
}

/// <summary>What the queues of activities work with.</summary>
/// <param name="Intents">Remembers whom to wake again.</param>
/// <param name="Messages">Carries wakes.</param>
/// <param name="Time">The clock.</param>
/// <param name="WakeAgainAfter">When the sweep looks whether a wake has got lost.</param>
/// <param name="Retry">How often the removal of an offer is tried, without which its task is nobody's.</param>
/// <param name="Warn">Tells the operator what needs attention.</param>
public sealed record ActivityQueueParts(
    IIntents Intents, IMessages Messages, TimeProvider Time, TimeSpan WakeAgainAfter, StorageRetry Retry, Action<string, Exception?> Warn);
