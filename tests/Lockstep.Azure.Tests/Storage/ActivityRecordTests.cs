using Lockstep.Azure.Activities;
using Lockstep.Service.Activities;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>The records of activities; what the contract of activities says of them, without their tasks.</summary>
public sealed class ActivityRecordTests
{
    private static readonly TenantId Anna = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;
    private static readonly TenantId Bert = TenantId.TryParse("000000000002", out TenantId tenant) ? tenant : default;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activity_is_created_once_found_counted_and_deleted_within_its_tenant(bool underFaults)
    {
        ActivityRecords records = Open(underFaults);
        ActivityRecord first = New(Anna, "a");
        Assert.Equal(first, await records.CreateAsync(first, CancellationToken.None));
        Assert.Equal(first, await records.CreateAsync(first with { CreatedAt = first.CreatedAt.AddDays(1) }, CancellationToken.None));
        await records.CreateAsync(New(Bert, "a"), CancellationToken.None);

        Assert.Equal(first, await records.FindAsync(Anna, "a", CancellationToken.None));
        Assert.Null(await records.FindAsync(Anna, "b", CancellationToken.None));
        Assert.Equal(1, await records.CountAsync(Anna, CancellationToken.None));
        Assert.True(await records.DeleteAsync(Anna, "a", CancellationToken.None));
        Assert.False(await records.DeleteAsync(Anna, "a", CancellationToken.None));
        Assert.Null(await records.FindAsync(Anna, "a", CancellationToken.None));
        Assert.Equal((0, 1), (await records.CountAsync(Anna, CancellationToken.None), await records.CountAsync(Bert, CancellationToken.None)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_add_up_to_the_whole_in_the_order_of_names(bool underFaults)
    {
        ActivityRecords records = Open(underFaults);
        string[] names = ["!", "-", "A", "a", "a!", "a0", "b", "\u00e9"];
        foreach (string name in names.Reverse())
        {
            await records.CreateAsync(New(Anna, name), CancellationToken.None);
        }

        for (int size = 1; size <= names.Length + 1; size++)
        {
            List<string> read = [];
            string? cursor = null;
            do
            {
                Page<ActivityRecord> page = await records.ListAsync(Anna, new PageRequest(size, cursor), CancellationToken.None);
                Assert.Equal(Math.Min(size, names.Length - read.Count), page.Items.Count);
                read.AddRange(page.Items.Select(activity => activity.Name));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(names, read);
        }
    }

    private static ActivityRecords Open(bool underFaults) =>
        new(new MemoryAzure(underFaults ? new Faults(seed: 2) : null).Tables, Stores.Stubborn);

    private static ActivityRecord New(TenantId tenant, string name) =>
        new(tenant, name, $"arn:aws:states:local:{tenant.Value}:activity:{name}", new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
}
