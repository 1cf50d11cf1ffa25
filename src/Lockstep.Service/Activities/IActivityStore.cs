using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Activities;

/// <summary>An activity: a named queue of tasks that workers poll.</summary>
public sealed record ActivityRecord(TenantId Tenant, string Name, string Arn, DateTimeOffset CreatedAt);

/// <summary>A task handed to a worker.</summary>
/// <param name="TaskToken">The credential with which its outcome is reported.</param>
/// <param name="Input">The input as JSON text.</param>
public sealed record ActivityTask(string TaskToken, string Input);

/// <summary>Keeps activities and hands out their tasks.</summary>
public interface IActivityStore
{
    /// <summary>Creates an activity, or answers with the one that has the name.</summary>
    ValueTask<ActivityRecord> CreateAsync(ActivityRecord activity, CancellationToken cancellation);

    /// <summary>Finds one; null when there is none.</summary>
    ValueTask<ActivityRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Removes one; true when it existed.</summary>
    ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Lists by name.</summary>
    ValueTask<Page<ActivityRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>Activities that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>
    /// Takes the oldest waiting task of an activity, waiting up to <paramref name="wait"/> for one; null when none came. The task
    /// is recorded as taken by the worker before it is handed out, to one worker only, and its heartbeat counts from then; a cancelled call takes
    /// nothing. A task that is no longer waited for is not handed out.
    /// </summary>
    ValueTask<ActivityTask?> PollAsync(TenantId tenant, string name, string? workerName, TimeSpan wait, CancellationToken cancellation);
}
