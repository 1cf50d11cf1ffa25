using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of functions does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class FunctionStoreContract
{
    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<IFunctionStore>> OpenAsync();

    [Fact]
    public async Task Function_is_put_replaced_found_listed_and_deleted_within_its_tenant()
    {
        await using StoreLease<IFunctionStore> lease = await OpenAsync();
        FunctionRecord first = New(1, "f", "http://one/");

        Assert.True(await lease.Store.PutAsync(first, CancellationToken.None));
        Assert.False(await lease.Store.PutAsync(first with { Url = new Uri("http://two/") }, CancellationToken.None));
        Assert.True(await lease.Store.PutAsync(New(2, "f", "http://other/"), CancellationToken.None));

        Assert.Equal("http://two/", (await lease.Store.FindAsync(Tenants.Of(1), "f", CancellationToken.None))?.Url.ToString());
        Assert.Equal(1, await lease.Store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Assert.True(await lease.Store.DeleteAsync(Tenants.Of(1), "f", CancellationToken.None));
        Assert.False(await lease.Store.DeleteAsync(Tenants.Of(1), "f", CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Tenants.Of(1), "f", CancellationToken.None));
        Assert.NotNull(await lease.Store.FindAsync(Tenants.Of(2), "f", CancellationToken.None));
    }

    [Fact]
    public async Task Pages_add_up_to_the_whole_in_the_order_of_names()
    {
        await using StoreLease<IFunctionStore> lease = await OpenAsync();
        string[] names = [.. Enumerable.Range(0, 7).Select(number => $"f{number}")];
        foreach (string name in names.Reverse())
        {
            await lease.Store.PutAsync(New(1, name, "http://x/"), CancellationToken.None);
        }

        for (int size = 1; size <= names.Length + 1; size++)
        {
            List<string> read = [];
            string? cursor = null;
            do
            {
                Page<FunctionRecord> page = await lease.Store.ListAsync(Tenants.Of(1), new PageRequest(size, cursor), CancellationToken.None);
                read.AddRange(page.Items.Select(function => function.Name));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(names, read);
        }
    }

    private static FunctionRecord New(int tenant, string name, string url) => new(Tenants.Of(tenant), name, new Uri(url), Tenants.Noon);
}
