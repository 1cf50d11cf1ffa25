using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Activities;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Activities;

/// <summary>
/// What activities there are: table <c>activities</c>, partition the tenant, rows <c>a|name</c>. Their tasks wait in partitions of their own, which
/// are not this class's. The methods do what <see cref="IActivityStore"/> says of them.
/// </summary>
public sealed class ActivityRecords(ITables tables, StorageRetry retry)
{
    private const string NameName = "name";
    private const string ArnName = "arn";
    private const string CreatedName = "created";

    private readonly CountedRows _rows = new(tables[TableName.Activities], "a", retry);

    /// <inheritdoc cref="IActivityStore.CreateAsync"/>
    public ValueTask<ActivityRecord> CreateAsync(ActivityRecord activity, CancellationToken cancellation)
    {
        Entity row = new Entity(_rows.KeyOf(activity.Tenant, activity.Name))
            .With(NameName, activity.Name).With(ArnName, activity.Arn).With(CreatedName, activity.CreatedAt);
        return retry.RunAsync<ActivityRecord>(
            async () =>
            {
                WriteOutcome outcome = await _rows.AddAsync(activity.Tenant, row, [], cancellation);
                if (outcome.Succeeded)
                {
                    return activity;
                }

                bool isTaken = outcome.FailedIndex == CountedRows.RowIndex;
                return isTaken && await _rows.FindAsync(activity.Tenant, activity.Name, cancellation) is { } found
                    ? Read(activity.Tenant, found)
                    : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc cref="IActivityStore.FindAsync"/>
    public ValueTask<ActivityRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => retry.RunAsync<ActivityRecord?>(
        async () => await _rows.FindAsync(tenant, name, cancellation) is { } row ? Read(tenant, row) : null, cancellation);

    /// <inheritdoc cref="IActivityStore.DeleteAsync"/>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        _rows.DeleteAsync(tenant, name, cancellation);

    /// <inheritdoc cref="IActivityStore.ListAsync"/>
    public ValueTask<Page<ActivityRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, page, row => Read(tenant, row), activity => activity.Name, cancellation);

    /// <inheritdoc cref="IActivityStore.CountAsync"/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        _rows.CountAsync(tenant, cancellation);

    private static ActivityRecord Read(TenantId tenant, Entity row) => new(
        tenant, row.Get<string>(NameName), row.Get<string>(ArnName), row.Get<DateTimeOffset>(CreatedName));
}
