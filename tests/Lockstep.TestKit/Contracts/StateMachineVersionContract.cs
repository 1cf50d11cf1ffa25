using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>A keeper of state machines and the keeper of their versions and aliases.</summary>
public sealed record VersionStores(IStateMachineStore Machines, IStateMachineVersionStore Versions);

/// <summary>What every keeper of versions and aliases does. An adapter derives from this class and supplies new, empty stores.</summary>
public abstract class StateMachineVersionContract
{
    private const int Many = 1_000;
    private static readonly TenantId _one = Tenants.Of(1);
    private static readonly TenantId _two = Tenants.Of(2);

    /// <summary>New, empty stores; disposed by the test.</summary>
    protected abstract Task<StoreLease<VersionStores>> OpenAsync();

    [Fact]
    public async Task Versions_count_from_1_and_each_revision_has_one()
    {
        await using StoreLease<VersionStores> lease = await OpenAsync();
        await CreateAsync(lease, "m", "r1");

        PublishOutcome first = Value(await PublishAsync(lease, "r1", "the first"));
        PublishOutcome again = Value(await PublishAsync(lease, null, "another text"));
        await UpdateAsync(lease, "r2");
        PublishOutcome second = Value(await PublishAsync(lease, null));

        Assert.Equal((true, false, true), (first.Created, again.Created, second.Created));
        Assert.Equal(new StateMachineVersion(_one, "m", 1, "r1", "the first", Tenants.Noon), first.Version);
        Assert.Equal(first.Version, again.Version);
        Assert.Equal(new StateMachineVersion(_one, "m", 2, "r2", null, Tenants.Noon), second.Version);
        Assert.Equal(first.Version, await lease.Store.Versions.FindVersionAsync(_one, "m", 1, CancellationToken.None));
        Assert.Null(await lease.Store.Versions.FindVersionAsync(_one, "m", 3, CancellationToken.None));
        Assert.Null(await lease.Store.Versions.FindVersionAsync(_two, "m", 1, CancellationToken.None));
        Assert.Null(await lease.Store.Versions.FindVersionAsync(_one, "other", 1, CancellationToken.None));
        Assert.Equal("r2", (await lease.Store.Machines.FindAsync(_one, "m", CancellationToken.None))?.RevisionId);
    }

    [Fact]
    public async Task Publishing_another_revision_than_expected_or_of_no_machine_is_refused()
    {
        await using StoreLease<VersionStores> lease = await OpenAsync();
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, (await PublishAsync(lease, null)).Error?.Code);
        await CreateAsync(lease, "m", "r1");
        await UpdateAsync(lease, "r2");

        Assert.Equal(ErrorCodes.Conflict, (await PublishAsync(lease, "r1")).Error?.Code);
        Assert.Equal(1, Value(await PublishAsync(lease, "r2")).Version.Number);
    }

    [Fact]
    public async Task Number_of_a_deleted_version_is_not_given_out_again()
    {
        await using StoreLease<VersionStores> lease = await OpenAsync();
        await CreateAsync(lease, "m", "r1");
        await PublishAsync(lease, null);

        Assert.True((await DeleteVersionAsync(lease, 1)).Succeeded);
        Assert.True((await DeleteVersionAsync(lease, 1)).Succeeded);
        Assert.True((await lease.Store.Versions.DeleteVersionAsync(_one, "other", 1, Tenants.Noon, CancellationToken.None)).Succeeded);

        Assert.Empty(await VersionsAsync(lease, 10));
        Assert.Equal(2, Value(await PublishAsync(lease, null)).Version.Number);
    }

    [Fact]
    public async Task Quota_of_versions_holds_at_its_limit_and_a_deleted_one_makes_room()
    {
        await using StoreLease<VersionStores> lease = await OpenAsync();
        await CreateAsync(lease, "m", "r1");
        for (int number = 1; number <= 3; number++)
        {
            Assert.True((await PublishAsync(lease, null, max: 3)).Succeeded);
            await UpdateAsync(lease, $"next{number}");
        }

        Assert.Equal(ErrorCodes.ServiceQuotaExceeded, (await PublishAsync(lease, null, max: 3)).Error?.Code);
        await DeleteVersionAsync(lease, 2);
        Assert.Equal(4, Value(await PublishAsync(lease, null, max: 3)).Version.Number);
        Assert.Equal([4, 3, 1], await VersionsAsync(lease, 10));
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_whatever_the_size_of_the_page()
    {
        await using StoreLease<VersionStores> lease = await OpenAsync();
        await CreateAsync(lease, "m", "r1");
        await CreateAsync(lease, "other", "r1");
        for (int number = 1; number <= 12; number++)
        {
            await PublishAsync(lease, null);
            await UpdateAsync(lease, $"next{number}");
        }

        foreach (int size in (int[])[1, 5, 12, 100])
        {
            Assert.Equal(Enumerable.Range(1, 12).Reverse().Select(number => (long)number), await VersionsAsync(lease, size));
        }

        Assert.Empty((await lease.Store.Versions.ListVersionsAsync(_one, "other", new PageRequest(10, null), CancellationToken.None)).Items);
        Assert.Empty((await lease.Store.Versions.ListVersionsAsync(_two, "m", new PageRequest(10, null), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Alias_is_found_whole_and_its_changes_need_its_revision()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(2);
        StateMachineAlias alias = Alias("live", "a1", new AliasRoute(1, 100)) with { Description = "what callers use" };
        AssertSame(alias, Value(await CreateAliasAsync(lease, alias)));
        AssertSame(alias, await FindAliasAsync(lease, "live"));
        Assert.Null(await FindAliasAsync(lease, "LIVE"));
        Assert.Null(await lease.Store.Versions.FindAliasAsync(_two, "m", "live", CancellationToken.None));

        StateMachineAlias next = Alias("live", "a2", new AliasRoute(1, 90), new AliasRoute(2, 10)) with { UpdatedAt = Tenants.Noon.AddHours(1) };
        Assert.Equal(ErrorCodes.PreconditionFailed, (await UpdateAliasAsync(lease, next, "other")).Error?.Code);
        AssertSame(next, Value(await UpdateAliasAsync(lease, next, "a1")));
        AssertSame(next, await FindAliasAsync(lease, "live"));
        AssertSame(next with { RevisionId = "a3" }, Value(await UpdateAliasAsync(lease, next with { RevisionId = "a3" }, null)));

        Assert.False(await DeleteAliasAsync(lease, "live", "a2"));
        Assert.True(await DeleteAliasAsync(lease, "live", "a3"));
        Assert.False(await DeleteAliasAsync(lease, "live", null));
        Assert.Null(await FindAliasAsync(lease, "live"));
        Assert.Equal(ErrorCodes.ResourceNotFound, (await UpdateAliasAsync(lease, next, null)).Error?.Code);
    }

    [Fact]
    public async Task Alias_needs_its_machine_its_versions_and_a_free_name()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(2);
        Assert.True((await CreateAliasAsync(lease, Alias("live", "a1", new AliasRoute(1, 100)))).Succeeded);

        Assert.Equal(ErrorCodes.Conflict, (await CreateAliasAsync(lease, Alias("live", "a2", new AliasRoute(1, 100)))).Error?.Code);
        Assert.Equal(
            ErrorCodes.ResourceNotFound, (await CreateAliasAsync(lease, Alias("next", "a2", new AliasRoute(1, 50), new AliasRoute(3, 50)))).Error?.Code);
        Assert.Equal(
            ErrorCodes.ResourceNotFound, (await UpdateAliasAsync(lease, Alias("live", "a2", new AliasRoute(3, 100)), null)).Error?.Code);
        Assert.Equal(
            ErrorCodes.StateMachineDoesNotExist,
            (await CreateAliasAsync(lease, Alias("live", "a2", new AliasRoute(1, 100)) with { StateMachineName = "other" })).Error?.Code);
    }

    [Fact]
    public async Task Version_that_an_alias_routes_to_stays_even_with_weight_0()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(3);
        await CreateAliasAsync(lease, Alias("live", "a1", new AliasRoute(1, 100), new AliasRoute(2, 0)));

        foreach (long number in (long[])[1, 2])
        {
            Result<Accepted> refused = await DeleteVersionAsync(lease, number);
            Assert.Equal(ErrorCodes.Conflict, refused.Error?.Code);
            Assert.Contains("live", refused.Error?.Message, StringComparison.Ordinal);
        }

        Assert.True((await DeleteVersionAsync(lease, 3)).Succeeded);
        await UpdateAliasAsync(lease, Alias("live", "a2", new AliasRoute(2, 100)), null);
        Assert.True((await DeleteVersionAsync(lease, 1)).Succeeded);
        Assert.Equal([2], await VersionsAsync(lease, 10));
    }

    [Fact]
    public async Task Aliases_are_listed_by_name_all_or_those_of_a_version_up_to_their_quota()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(2);
        foreach (string name in (string[])["c", "a", "B", "d"])
        {
            StateMachineAlias alias = name == "B" ? Alias(name, name, new AliasRoute(1, 1), new AliasRoute(2, 99)) : Alias(name, name, new AliasRoute(1, 100));
            Assert.True((await CreateAliasAsync(lease, alias, max: 4)).Succeeded);
        }

        Assert.Equal(ErrorCodes.ServiceQuotaExceeded, (await CreateAliasAsync(lease, Alias("e", "e", new AliasRoute(1, 100)), max: 4)).Error?.Code);
        foreach (int size in (int[])[1, 3, 4, 100])
        {
            Assert.Equal(["B", "a", "c", "d"], await AliasesAsync(lease, null, size));
            Assert.Equal(["B", "a", "c", "d"], await AliasesAsync(lease, 1, size));
            Assert.Equal(["B"], await AliasesAsync(lease, 2, size));
            Assert.Empty(await AliasesAsync(lease, 3, size));
        }

        await DeleteAliasAsync(lease, "a", null);
        Assert.True((await CreateAliasAsync(lease, Alias("e", "e", new AliasRoute(1, 100)), max: 4)).Succeeded);
    }

    [Fact]
    public async Task Machine_takes_its_versions_and_aliases_along_and_begins_anew()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(40);
        await CreateAliasAsync(lease, Alias("live", "a1", new AliasRoute(1, 100)));

        Assert.True(await lease.Store.Machines.DeleteAsync(_one, "m", null, CancellationToken.None));
        Assert.Null(await lease.Store.Versions.FindVersionAsync(_one, "m", 1, CancellationToken.None));
        Assert.Null(await FindAliasAsync(lease, "live"));
        Assert.Empty(await VersionsAsync(lease, 10));
        Assert.False(await DeleteAliasAsync(lease, "live", null));

        await CreateAsync(lease, "m", "new");
        Assert.Empty(await VersionsAsync(lease, 10));
        Assert.Empty(await AliasesAsync(lease, null, 10));
        Assert.Equal((1, "new"), (Value(await PublishAsync(lease, null)).Version.Number, (await lease.Store.Versions.FindVersionAsync(
            _one, "m", 1, CancellationToken.None))?.RevisionId));
    }

    [Fact]
    public async Task Update_of_the_machine_changes_no_version_and_no_alias()
    {
        await using StoreLease<VersionStores> lease = await WithVersionsAsync(1);
        StateMachineAlias alias = Alias("live", "a1", new AliasRoute(1, 100));
        await CreateAliasAsync(lease, alias);
        StateMachineVersion? version = await lease.Store.Versions.FindVersionAsync(_one, "m", 1, CancellationToken.None);

        await UpdateAsync(lease, "after");

        Assert.Equal(version, await lease.Store.Versions.FindVersionAsync(_one, "m", 1, CancellationToken.None));
        AssertSame(alias, await FindAliasAsync(lease, "live"));
        Assert.NotNull(await lease.Store.Machines.FindRevisionAsync(_one, "m", version?.RevisionId ?? "", CancellationToken.None));
    }

    private static async Task CreateAsync(StoreLease<VersionStores> lease, string name, string revision) =>
        Value(await lease.Store.Machines.CreateAsync(New(name, revision), CancellationToken.None));

    private static async Task UpdateAsync(StoreLease<VersionStores> lease, string revision) =>
        Value(await lease.Store.Machines.UpdateAsync(New("m", revision), null, CancellationToken.None));

    private async Task<StoreLease<VersionStores>> WithVersionsAsync(int count)
    {
        StoreLease<VersionStores> lease = await OpenAsync();
        await CreateAsync(lease, "m", "r1");
        await PublishAsync(lease, null);
        for (int number = 2; number <= count; number++)
        {
            await UpdateAsync(lease, $"r{number}");
            await PublishAsync(lease, null);
        }

        return lease;
    }

    private static ValueTask<Result<PublishOutcome>> PublishAsync(
        StoreLease<VersionStores> lease, string? expected, string? description = null, int max = Many) =>
        lease.Store.Versions.PublishAsync(new NewStateMachineVersion(_one, "m", expected, description, Tenants.Noon, max), CancellationToken.None);

    private static ValueTask<Result<Accepted>> DeleteVersionAsync(StoreLease<VersionStores> lease, long number) =>
        lease.Store.Versions.DeleteVersionAsync(_one, "m", number, Tenants.Noon, CancellationToken.None);

    private static ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StoreLease<VersionStores> lease, StateMachineAlias alias, int max = Many) =>
        lease.Store.Versions.CreateAliasAsync(alias, max, CancellationToken.None);

    private static ValueTask<StateMachineAlias?> FindAliasAsync(StoreLease<VersionStores> lease, string name) =>
        lease.Store.Versions.FindAliasAsync(_one, "m", name, CancellationToken.None);

    private static ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(StoreLease<VersionStores> lease, StateMachineAlias alias, string? expected) =>
        lease.Store.Versions.UpdateAliasAsync(alias, expected, CancellationToken.None);

    private static ValueTask<bool> DeleteAliasAsync(StoreLease<VersionStores> lease, string name, string? expected) =>
        lease.Store.Versions.DeleteAliasAsync(_one, "m", name, expected, CancellationToken.None);

    private static Task<List<long>> VersionsAsync(StoreLease<VersionStores> lease, int size) => AllAsync(
        page => lease.Store.Versions.ListVersionsAsync(_one, "m", page, CancellationToken.None), version => version.Number, size);

    private static Task<List<string>> AliasesAsync(StoreLease<VersionStores> lease, long? version, int size) => AllAsync(
        page => lease.Store.Versions.ListAliasesAsync(_one, "m", version, page, CancellationToken.None), alias => alias.Name, size);

    private static async Task<List<TResult>> AllAsync<T, TResult>(Func<PageRequest, ValueTask<Page<T>>> list, Func<T, TResult> select, int size)
    {
        List<TResult> all = [];
        string? cursor = null;
        do
        {
            Page<T> page = await list(new PageRequest(size, cursor));
            Assert.InRange(page.Items.Count, 0, size);
            all.AddRange(page.Items.Select(select));
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    private static void AssertSame(StateMachineAlias expected, StateMachineAlias? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Routes.AsEnumerable(), actual.Routes);
        Assert.Equal(expected, actual with { Routes = expected.Routes });
    }

    private static T Value<T>(Result<T> result)
        where T : notnull => result.Succeeded ? result.Value : throw new InvalidOperationException(result.Error.Message);

    private static StateMachineAlias Alias(string name, string revision, params AliasRoute[] routes) =>
        new(_one, "m", name, revision, null, [.. routes], Tenants.Noon, Tenants.Noon);

    private static StateMachineRecord New(string name, string revision) => new(
        _one, name, revision, $$"""{"Comment":"{{revision}}"}""", "role", WorkflowType.Standard, Tenants.Noon, Tenants.Noon);
}
