using Lockstep.Service.Activities;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Activities;

/// <summary>Activities on Azure: which there are, and the queues of their tasks.</summary>
public sealed class AzureActivityStore(ActivityRecords records, ActivityTaskQueue queue) : IActivityStore
{
    /// <inheritdoc/>
    public ValueTask<ActivityRecord> CreateAsync(ActivityRecord activity, CancellationToken cancellation) => records.CreateAsync(activity, cancellation);

    /// <inheritdoc/>
    public ValueTask<ActivityRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        records.FindAsync(tenant, name, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => records.DeleteAsync(tenant, name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<ActivityRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        records.ListAsync(tenant, page, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => records.CountAsync(tenant, cancellation);

    /// <inheritdoc/>
    public ValueTask<ActivityTask?> PollAsync(
        TenantId tenant, string name, string? workerName, TimeSpan wait, CancellationToken cancellation) =>
        queue.PollAsync(tenant, name, workerName, wait, cancellation);
}
