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
}
