using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of state machines does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class StateMachineStoreContract
{
    private static readonly TenantId _one = Tenants.Of(1);
    private static readonly TenantId _two = Tenants.Of(2);

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<IStateMachineStore>> OpenAsync();

    [Fact]
    public async Task What_was_created_is_found_whole()
    {
        await using StoreLease<IStateMachineStore> lease = await OpenAsync();
        StateMachineRecord machine = New(_one, "m", "r1") with { Tags = new Dictionary<string, string> { ["a"] = "b" } };

        Assert.True((await lease.Store.CreateAsync(machine, CancellationToken.None)).Succeeded);

        StateMachineRecord? found = await lease.Store.FindAsync(_one, "m", CancellationToken.None);
        Assert.Equal(machine, found is null ? null : found with { Tags = machine.Tags });
        Assert.Equal("b", found?.Tags["a"]);
        Assert.Null(await lease.Store.FindAsync(_two, "m", CancellationToken.None));
    }

    [Fact]
    public async Task Revision_is_found_when_it_is_no_longer_the_newest_and_when_its_machine_is_gone()
    {
        await using StoreLease<IStateMachineStore> lease = await OpenAsync();
        await lease.Store.CreateAsync(New(_one, "m", "r1"), CancellationToken.None);
        await lease.Store.UpdateAsync(New(_one, "m", "r2"), "r1", CancellationToken.None);

        Result<StateMachineRecord> stale = await lease.Store.UpdateAsync(New(_one, "m", "r3"), "r1", CancellationToken.None);
        Assert.Equal(ErrorCodes.PreconditionFailed, stale.Error?.Code);
        Assert.False(await lease.Store.DeleteAsync(_one, "m", "r1", CancellationToken.None));
        Assert.True(await lease.Store.DeleteAsync(_one, "m", "r2", CancellationToken.None));

        Assert.Equal("r1", (await lease.Store.FindRevisionAsync(_one, "m", "r1", CancellationToken.None))?.RevisionId);
        Assert.Null(await lease.Store.FindAsync(_one, "m", CancellationToken.None));
        Assert.Equal(
            ErrorCodes.StateMachineDoesNotExist, (await lease.Store.UpdateAsync(New(_one, "m", "r4"), null, CancellationToken.None)).Error?.Code);
    }

    /// <summary>Sequences of operations against a plain dictionary; the seed of a failure is in its message.</summary>
    [Fact]
    public async Task Any_sequence_of_operations_answers_as_a_dictionary_would()
    {
        await using StoreLease<IStateMachineStore> lease = await OpenAsync();
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        Dictionary<(TenantId Tenant, string Name), StateMachineRecord> model = [];
        for (int step = 0; step < 300; step++)
        {
            TenantId tenant = random.Next(2) == 0 ? _one : _two;
            string name = $"m{random.Next(6)}";
            StateMachineRecord machine = New(tenant, name, $"r{step}");
            bool exists = model.ContainsKey((tenant, name));
            string at = $"seed {seed}, step {step}";
            switch (random.Next(4))
            {
                case 0:
                    Assert.True((await lease.Store.CreateAsync(machine, CancellationToken.None)).Succeeded != exists, at);
                    model.TryAdd((tenant, name), machine);
                    break;
                case 1:
                    Assert.True((await lease.Store.UpdateAsync(machine, null, CancellationToken.None)).Succeeded == exists, at);
                    if (exists)
                    {
                        model[(tenant, name)] = machine;
                    }

                    break;
                case 2:
                    Assert.True(await lease.Store.DeleteAsync(tenant, name, null, CancellationToken.None) == exists, at);
                    model.Remove((tenant, name));
                    break;
                default:
                    Assert.True((await ReadAllAsync(lease.Store, tenant, random.Next(1, 4))).SequenceEqual(
                        model.Where(item => item.Key.Tenant == tenant).Select(item => item.Value.RevisionId).Order(StringComparer.Ordinal)), at);
                    Assert.True(await lease.Store.CountAsync(tenant, CancellationToken.None) == model.Count(item => item.Key.Tenant == tenant), at);
                    break;
            }

            Assert.True(
                (await lease.Store.FindAsync(tenant, name, CancellationToken.None))?.RevisionId == model.GetValueOrDefault((tenant, name))?.RevisionId, at);
        }
    }

    private static async Task<IEnumerable<string>> ReadAllAsync(IStateMachineStore store, TenantId tenant, int pageSize)
    {
        List<StateMachineRecord> all = [];
        string? cursor = null;
        do
        {
            Page<StateMachineRecord> page = await store.ListAsync(tenant, new PageRequest(pageSize, cursor), CancellationToken.None);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(all.Select(machine => machine.Name).Order(StringComparer.Ordinal), all.Select(machine => machine.Name));
        return all.Select(machine => machine.RevisionId).Order(StringComparer.Ordinal);
    }

    private static StateMachineRecord New(TenantId tenant, string name, string revision) => new(
        tenant, name, revision, $$"""{"Comment":"{{revision}}"}""", "role", WorkflowType.Standard, Tenants.Noon, Tenants.Noon);
}
