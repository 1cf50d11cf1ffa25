using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of tenants and API keys does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class TenantStoreContract
{
    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ITenantStore>> OpenAsync();

    [Fact]
    public async Task Tenant_is_new_once()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();

        Assert.True(await lease.Store.EnsureAsync(Tenants.Of(1), CancellationToken.None));
        Assert.False(await lease.Store.EnsureAsync(Tenants.Of(1), CancellationToken.None));
        Assert.True(await lease.Store.EnsureAsync(Tenants.Of(2), CancellationToken.None));
    }

    [Fact]
    public async Task Key_is_found_with_its_owner_and_replaced_by_its_id()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();
        await lease.Store.PutKeyAsync(new ApiKeyRecord("k", Tenants.Of(1), [1, 2, 3], Tenants.Noon), CancellationToken.None);
        await lease.Store.PutKeyAsync(new ApiKeyRecord("k", Tenants.Of(2), [4], Tenants.Noon), CancellationToken.None);

        ApiKeyRecord? found = await lease.Store.FindKeyAsync("k", CancellationToken.None);

        Assert.Equal((Tenants.Of(2), Tenants.Noon), (found?.Tenant ?? default, found?.CreatedAt ?? default));
        Assert.Equal((byte[])[4], found?.Hash);
        Assert.Null(await lease.Store.FindKeyAsync("other", CancellationToken.None));
    }

    [Fact]
    public async Task Tenant_is_created_once_and_keeps_its_name()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();
        var acme = new TenantRecord(Tenants.Of(7), "Acme", Tenants.Noon);

        Assert.True(await lease.Store.CreateAsync(acme, CancellationToken.None));
        Assert.False(await lease.Store.CreateAsync(acme with { Name = "Other" }, CancellationToken.None));
        Assert.False(await lease.Store.EnsureAsync(acme.Tenant, CancellationToken.None));

        Assert.Equal(acme, await lease.Store.FindAsync(acme.Tenant, CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Tenants.Of(8), CancellationToken.None));
    }

    [Fact]
    public async Task Tenant_that_was_not_created_by_an_operator_has_neither_name_nor_time()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();
        await lease.Store.EnsureAsync(Tenants.Of(3), CancellationToken.None);

        Assert.Equal(new TenantRecord(Tenants.Of(3), null, null), await lease.Store.FindAsync(Tenants.Of(3), CancellationToken.None));
        Assert.False(await lease.Store.CreateAsync(new TenantRecord(Tenants.Of(3), "Late", Tenants.Noon), CancellationToken.None));
    }

    [Fact]
    public async Task Tenants_are_listed_by_number_and_the_highest_is_known()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();
        Assert.Null(await lease.Store.FindLastAsync(CancellationToken.None));
        foreach (int number in (int[])[30, 2, 1_000, 4])
        {
            await lease.Store.CreateAsync(new TenantRecord(Tenants.Of(number), null, Tenants.Noon), CancellationToken.None);
        }

        Page<TenantRecord> first = await lease.Store.ListAsync(new PageRequest(3, null), CancellationToken.None);
        Page<TenantRecord> second = await lease.Store.ListAsync(new PageRequest(3, first.Next), CancellationToken.None);

        Assert.Equal([Tenants.Of(2), Tenants.Of(4), Tenants.Of(30)], first.Items.Select(tenant => tenant.Tenant));
        Assert.Equal(Tenants.Of(30).Value, first.Next);
        Assert.Equal([Tenants.Of(1_000)], second.Items.Select(tenant => tenant.Tenant));
        Assert.Null(second.Next);
        Assert.Equal(Tenants.Of(1_000), await lease.Store.FindLastAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Keys_are_listed_and_removed_by_their_owner_only()
    {
        await using StoreLease<ITenantStore> lease = await OpenAsync();
        await lease.Store.PutKeyAsync(new ApiKeyRecord("b", Tenants.Of(1), [1], Tenants.Noon), CancellationToken.None);
        await lease.Store.PutKeyAsync(new ApiKeyRecord("a", Tenants.Of(1), [2], Tenants.Noon), CancellationToken.None);
        await lease.Store.PutKeyAsync(new ApiKeyRecord("c", Tenants.Of(2), [3], Tenants.Noon), CancellationToken.None);

        Assert.Equal(["a", "b"], await KeysOfAsync(lease.Store, 1));
        Assert.Empty(await KeysOfAsync(lease.Store, 3));
        Assert.False(await lease.Store.RemoveKeyAsync(Tenants.Of(1), "c", CancellationToken.None));
        Assert.False(await lease.Store.RemoveKeyAsync(Tenants.Of(3), "c", CancellationToken.None));
        Assert.NotNull(await lease.Store.FindKeyAsync("c", CancellationToken.None));

        Assert.True(await lease.Store.RemoveKeyAsync(Tenants.Of(1), "a", CancellationToken.None));
        Assert.False(await lease.Store.RemoveKeyAsync(Tenants.Of(1), "a", CancellationToken.None));
        Assert.Null(await lease.Store.FindKeyAsync("a", CancellationToken.None));
        Assert.Equal(["b"], await KeysOfAsync(lease.Store, 1));
    }

    private static async Task<IEnumerable<string>> KeysOfAsync(ITenantStore store, int tenant) =>
        (await store.ListKeysAsync(Tenants.Of(tenant), CancellationToken.None)).Select(key => key.KeyId);
}
