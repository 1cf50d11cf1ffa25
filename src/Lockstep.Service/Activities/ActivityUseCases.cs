using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Activities;

/// <summary>Activities and the polls of their workers.</summary>
public sealed class ActivityUseCases(
    IActivityStore store, ArnFormat arns, ResourceNames names, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    private const string ListQuery = "activities";

    /// <summary>Creates an activity; one that has the name already is the answer.</summary>
    public async ValueTask<Result<CreateActivityOutcome>> CreateAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.Check(name, "/name") is { } badName)
        {
            return badName;
        }

        if (await store.FindAsync(tenant, name, cancellation) is { } existing)
        {
            return new CreateActivityOutcome(existing, Created: false);
        }

        if (await store.CountAsync(tenant, cancellation) >= limits.MaxActivities)
        {
            return new ServiceError(
                ErrorCodes.ActivityLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxActivities} activities, which is its limit. Delete one first."));
        }

        var activity = new ActivityRecord(tenant, name, arns.Activity(tenant, name), time.GetUtcNow());
        return new CreateActivityOutcome(await store.CreateAsync(activity, cancellation), Created: true);
    }

    /// <summary>Finds an activity.</summary>
    public async ValueTask<Result<ActivityRecord>> DescribeAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.Check(name, "name") is { } badName)
        {
            return badName;
        }

        return await store.FindAsync(tenant, name, cancellation) is { } activity ? activity : DoesNotExist(name);
    }

    /// <summary>Lists a tenant's activities by name.</summary>
    public ValueTask<Result<Page<ActivityRecord>>> ListAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, ListQuery, asked, page => store.ListAsync(tenant, page, cancellation));

    /// <summary>Deletes an activity; one that is not there counts as deleted.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.Check(name, "name") is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(tenant, name, cancellation);
        return default(Accepted);
    }

    /// <summary>Takes the oldest waiting task, waiting for one if need be.</summary>
    /// <param name="tenant">The owner of the activity.</param>
    /// <param name="name">The activity.</param>
    /// <param name="workerName">Shown in history; null when the worker says none.</param>
    /// <param name="waitSeconds">How long to wait; null for the longest allowed.</param>
    /// <param name="cancellation">Ends the wait; a cancelled poll takes nothing.</param>
    public async ValueTask<Result<PollOutcome>> PollAsync(
        TenantId tenant, string name, string? workerName, int? waitSeconds, CancellationToken cancellation)
    {
        if (workerName is not null && names.Check(workerName, "/workerName") is { } badWorker)
        {
            return badWorker;
        }

        int wait = waitSeconds ?? limits.MaxLongPollSeconds;
        if (wait < 0 || wait > limits.MaxLongPollSeconds)
        {
            return new ServiceError(
                ErrorCodes.Validation, string.Create(CultureInfo.InvariantCulture, $"waitSeconds is {wait}, but has to be from 0 to {limits.MaxLongPollSeconds}."))
            {
                Target = "/waitSeconds",
            };
        }

        Result<ActivityRecord> activity = await DescribeAsync(tenant, name, cancellation);
        return activity.Succeeded
            ? new PollOutcome(await store.PollAsync(tenant, name, workerName, TimeSpan.FromSeconds(wait), cancellation))
            : activity.Error;
    }

    private static ServiceError DoesNotExist(string name) =>
        new(ErrorCodes.ActivityDoesNotExist, $"There is no activity named \"{name}\".") { Target = "name" };
}

/// <summary>How a creation was answered.</summary>
/// <param name="Activity">The activity that has the name.</param>
/// <param name="Created">False when it was there already.</param>
public sealed record CreateActivityOutcome(ActivityRecord Activity, bool Created);

/// <summary>What a poll got.</summary>
/// <param name="Task">The task; null when none came in time.</param>
public sealed record PollOutcome(ActivityTask? Task);
