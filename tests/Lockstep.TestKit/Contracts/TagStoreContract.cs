using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tags;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of tags does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class TagStoreContract
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ITagStore>> OpenAsync();

    [Fact]
    public async Task Tags_are_those_of_the_creation_until_the_first_change_and_then_what_the_changes_made_of_them()
    {
        await using StoreLease<ITagStore> lease = await OpenAsync();
        TaggedResource resource = Resource(1, TaggedKind.StateMachine);
        Dictionary<string, string> initial = new() { ["team"] = "blue", ["cost"] = "1" };
        Assert.Null(await lease.Store.FindAsync(resource, CancellationToken.None));

        await ChangeAsync(lease, resource, new TagChange(initial, new Dictionary<string, string> { ["cost"] = "2", ["new"] = "" }, ["missing"], 3));
        Assert.Equal("cost=2,new=,team=blue", await ShownAsync(lease, resource));

        await ChangeAsync(lease, resource, new TagChange(initial, None, ["team", "cost", "new"], 3));
        Assert.Equal("", await ShownAsync(lease, resource));
    }

    [Fact]
    public async Task Tags_belong_to_one_resource_of_one_tenant_and_one_life()
    {
        await using StoreLease<ITagStore> lease = await OpenAsync();
        TaggedResource resource = Resource(1, TaggedKind.StateMachine);
        await ChangeAsync(lease, resource, new TagChange(None, new Dictionary<string, string> { ["a"] = "1" }, [], 1));

        Assert.Null(await lease.Store.FindAsync(Resource(2, TaggedKind.StateMachine), CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Resource(1, TaggedKind.Activity), CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(resource with { Name = "other" }, CancellationToken.None));
        TaggedResource later = resource with { CreatedAt = resource.CreatedAt.AddTicks(1) };
        Assert.Null(await lease.Store.FindAsync(later, CancellationToken.None));
        await ChangeAsync(lease, later, new TagChange(None, new Dictionary<string, string> { ["b"] = "2" }, [], 1));
        Assert.Equal("b=2", await ShownAsync(lease, later));
    }

    [Fact]
    public async Task As_many_tags_as_may_be_are_kept_and_one_more_changes_nothing()
    {
        await using StoreLease<ITagStore> lease = await OpenAsync();
        TaggedResource resource = Resource(1, TaggedKind.Activity);
        await ChangeAsync(lease, resource, new TagChange(None, new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, [], 2));

        Result<Accepted> refused = await lease.Store.ChangeAsync(
            resource, new TagChange(None, new Dictionary<string, string> { ["c"] = "3" }, [], 2), CancellationToken.None);
        Assert.Equal(ErrorCodes.TooManyTags, refused.Error?.Code);
        Assert.Equal("a=1,b=2", await ShownAsync(lease, resource));
        await ChangeAsync(lease, resource, new TagChange(None, new Dictionary<string, string> { ["c"] = "3" }, ["a"], 2));
        Assert.Equal("b=2,c=3", await ShownAsync(lease, resource));
    }

    [Fact]
    public async Task Changes_at_a_time_lose_nothing_of_each_other()
    {
        const int changes = 20;
        await using StoreLease<ITagStore> lease = await OpenAsync();
        TaggedResource resource = Resource(1, TaggedKind.StateMachine);
        await Task.WhenAll(Enumerable.Range(0, changes).Select(number => Task.Run(() => ChangeAsync(
            lease, resource, new TagChange(None, new Dictionary<string, string> { [$"k{number:D2}"] = "v" }, [], changes)))));
        Assert.Equal(string.Join(',', Enumerable.Range(0, changes).Select(number => $"k{number:D2}=v")), await ShownAsync(lease, resource));
    }

    private static TaggedResource Resource(int tenant, TaggedKind kind) => new(Tenants.Of(tenant), kind, "name", DateTimeOffset.UnixEpoch.AddDays(20_000));

    private static async Task ChangeAsync(StoreLease<ITagStore> lease, TaggedResource resource, TagChange change) =>
        Assert.True((await lease.Store.ChangeAsync(resource, change, CancellationToken.None)).Succeeded);

    private static async Task<string> ShownAsync(StoreLease<ITagStore> lease, TaggedResource resource) => string.Join(
        ',',
        (await lease.Store.FindAsync(resource, CancellationToken.None) ?? new Dictionary<string, string> { ["none"] = "none" })
            .OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
