using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class VersionUseCaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, ErrorCodes.ServiceQuotaExceeded)]
    public async Task Second_version_needs_a_quota_of_two(int limit, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxStateMachineVersions = limit });
        await CreateAsync(platform, Machines.Pass);
        Result<UpdateStateMachineOutcome> second = await platform.Service.StateMachines.UpdateAsync(
            MemoryPlatform.Anna, "m", new UpdateStateMachineRequest(Machines.OtherPass, null) { Publish = true }, Cancellation);
        Assert.Equal((code, code is null ? 2L : null), (second.Error?.Code, second.Value?.Version?.Number));
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, ErrorCodes.ServiceQuotaExceeded)]
    public async Task Second_alias_needs_a_quota_of_two(int limit, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxStateMachineAliases = limit });
        await CreateAsync(platform, Machines.Pass);
        Assert.Null(await AliasAsync(platform, "one", null));
        Assert.Equal(code, await AliasAsync(platform, "two", null));
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, ErrorCodes.Validation)]
    public async Task Description_is_as_long_as_the_limit_allows(int length, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxVersionDescriptionLength = 4 });
        await CreateAsync(platform, Machines.Pass);
        var request = new PublishVersionRequest(null, new string('x', length));
        Assert.Equal(code, (await platform.Service.Versions.PublishAsync(MemoryPlatform.Anna, "m", request, Cancellation)).Error?.Code);
        Assert.Equal(code, await AliasAsync(platform, "live", new string('x', length)));
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("1a", null)]
    [InlineData("v1.0_rc-2", null)]
    [InlineData("123", ErrorCodes.InvalidName)]
    [InlineData("a b", ErrorCodes.InvalidName)]
    [InlineData("\u00e9", ErrorCodes.InvalidName)]
    public async Task Names_of_aliases_are_letters_digits_and_three_marks(string name, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        await CreateAsync(platform, Machines.Pass);
        Assert.Equal(code, await AliasAsync(platform, name, null));
    }

    [Theory]
    [InlineData(80, null)]
    [InlineData(81, ErrorCodes.InvalidName)]
    public async Task Names_of_aliases_have_up_to_80_characters(int length, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        await CreateAsync(platform, Machines.Pass);
        Assert.Equal(code, await AliasAsync(platform, new string('a', length), null));
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(0, 100)]
    [InlineData(1, 99)]
    [InlineData(37, 63)]
    public void Of_a_hundred_draws_each_version_gets_its_weight(int first, int second)
    {
        var alias = new StateMachineAlias(
            MemoryPlatform.Anna, "m", "live", "r", null, [new AliasRoute(7, first), new AliasRoute(8, second)], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        long[] drawn = [.. Enumerable.Range(0, 100).Select(alias.VersionFor)];
        Assert.Equal((first, second), (drawn.Count(version => version == 7), drawn.Count(version => version == 8)));
    }

    private static async Task CreateAsync(MemoryPlatform platform, string definition)
    {
        Result<CreateStateMachineOutcome> created = await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna, new CreateStateMachineRequest("m", definition) { Publish = true }, Cancellation);
        Assert.Equal(1, created.Value?.Version?.Number);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(90, 10)]
    [InlineData(50, 50)]
    [InlineData(1, 99)]
    public async Task Starts_through_an_alias_are_divided_by_its_weights(int first, int second)
    {
        const int starts = 3_000;
        var random = new Random(20_261_123);
        List<int> asked = [];
        int Draw(int below)
        {
            asked.Add(below);
            return random.Next(below);
        }

        MemoryPlatform platform = await MemoryPlatform.CreateAsync(
            ServiceLimits.Default with { MaxOpenExecutions = starts }, new ServiceSettings { Draw = Draw });
        await CreateAsync(platform, Machines.Pass);
        await platform.Service.StateMachines.UpdateAsync(
            MemoryPlatform.Anna, "m", new UpdateStateMachineRequest(Machines.OtherPass, null) { Publish = true }, Cancellation);
        var alias = new CreateAliasRequest("live", null, [new AliasRoute(1, first), new AliasRoute(2, second)]);
        Assert.Null((await platform.Service.Aliases.CreateAsync(MemoryPlatform.Anna, "m", alias, Cancellation)).Error);
        int ofFirst = 0;
        for (int start = 0; start < starts; start++)
        {
            Result<StartOutcome> started = await platform.Service.Executions.StartAsync(
                MemoryPlatform.Anna, "m:live", null, null, parent: null, Cancellation);
            ofFirst += started.Value?.Execution.Version == 1 ? 1 : 0;
        }

        // Four standard deviations: the seed is fixed, so this holds always or never.
        double expected = starts * first / 100.0;
        double tolerance = 4 * Math.Sqrt(expected * second / 100.0);
        Assert.InRange(ofFirst, expected - tolerance, expected + tolerance);
        Assert.Equal(starts, asked.Count);
        Assert.All(asked, below => Assert.Equal(StateMachineAlias.TotalWeight, below));
    }

    private static async Task<string?> AliasAsync(MemoryPlatform platform, string name, string? description) =>
        (await platform.Service.Aliases.CreateAsync(
            MemoryPlatform.Anna, "m", new CreateAliasRequest(name, description, [new AliasRoute(1, 100)]), Cancellation)).Error?.Code;
}
