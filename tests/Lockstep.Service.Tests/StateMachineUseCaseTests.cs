using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class StateMachineUseCaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Creating_the_same_again_gives_the_same_answer_whatever_role_and_tags()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        StateMachineRecord first = await CreateAsync(platform, "m", Machines.Pass);
        platform.Time.Advance(TimeSpan.FromMinutes(1));
        Result<CreateStateMachineOutcome> again = await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna,
            new CreateStateMachineRequest("m", Machines.Pass) { RoleArn = "arn:aws:iam::1:role/x", Tags = new Dictionary<string, string> { ["a"] = "b" } },
            Cancellation);
        Assert.False(again.Value?.Created);
        Assert.Same(first, again.Value?.Machine);
    }

    [Fact]
    public async Task Another_definition_or_type_under_the_same_name_is_refused()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        await CreateAsync(platform, "m", Machines.Pass);
        CreateStateMachineRequest[] others =
        [
            new("m", Machines.OtherPass), new("m", Machines.Pass) { Type = WorkflowType.Express },
        ];
        foreach (CreateStateMachineRequest other in others)
        {
            Result<CreateStateMachineOutcome> refused = await platform.Service.StateMachines.CreateAsync(MemoryPlatform.Anna, other, Cancellation);
            Assert.Equal(ErrorCodes.StateMachineAlreadyExists, refused.Error?.Code);
        }

        Assert.True((await platform.Service.StateMachines.CreateAsync(MemoryPlatform.Bert, others[0], Cancellation)).Value?.Created);
    }

    [Fact]
    public async Task A_definition_with_errors_is_refused_with_all_of_them()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Result<CreateStateMachineOutcome> refused = await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna, new CreateStateMachineRequest("m", """{"StartAt":"X","States":{"P":{"Type":"Nonsense"}}}"""), Cancellation);
        Assert.Equal(ErrorCodes.InvalidDefinition, refused.Error?.Code);
        Assert.True(refused.Error?.Diagnostics.Count >= 2);
        Assert.Null(await platform.StateMachines.FindAsync(MemoryPlatform.Anna, "m", Cancellation));
    }

    [Fact]
    public async Task An_update_makes_a_new_revision_and_none_without_a_difference()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        StateMachineRecord first = await CreateAsync(platform, "m", Machines.Pass);
        platform.Time.Advance(TimeSpan.FromMinutes(1));
        StateMachineRecord same = await UpdateAsync(platform, new UpdateStateMachineRequest(Machines.Pass, null));
        Assert.Equal(first.RevisionId, same.RevisionId);
        StateMachineRecord second = await UpdateAsync(
            platform, new UpdateStateMachineRequest(Machines.OtherPass, null) { ExpectedRevisionId = first.RevisionId });
        Assert.NotEqual(first.RevisionId, second.RevisionId);
        Assert.Equal(first.CreatedAt, second.CreatedAt);
        Assert.Equal(first.UpdatedAt.AddMinutes(1), second.UpdatedAt);
        Assert.NotNull(await platform.StateMachines.FindRevisionAsync(MemoryPlatform.Anna, "m", first.RevisionId, Cancellation));
    }

    [Fact]
    public async Task A_change_based_on_an_old_revision_is_refused()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        StateMachineRecord first = await CreateAsync(platform, "m", Machines.Pass);
        await UpdateAsync(platform, new UpdateStateMachineRequest(Machines.OtherPass, null));
        Result<UpdateStateMachineOutcome> update = await platform.Service.StateMachines.UpdateAsync(
            MemoryPlatform.Anna, "m", new UpdateStateMachineRequest(Machines.Wait, null) { ExpectedRevisionId = first.RevisionId }, Cancellation);
        Assert.Equal(ErrorCodes.PreconditionFailed, update.Error?.Code);
        Result<Accepted> delete = await platform.Service.StateMachines.DeleteAsync(MemoryPlatform.Anna, "m", first.RevisionId, Cancellation);
        Assert.Equal(ErrorCodes.PreconditionFailed, delete.Error?.Code);
        Assert.True((await platform.Service.StateMachines.DeleteAsync(MemoryPlatform.Anna, "m", null, Cancellation)).Succeeded);
        Assert.True((await platform.Service.StateMachines.DeleteAsync(MemoryPlatform.Anna, "m", null, Cancellation)).Succeeded);
        Assert.Equal(
            ErrorCodes.StateMachineDoesNotExist, (await platform.Service.StateMachines.DescribeAsync(MemoryPlatform.Anna, "m", Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task An_empty_update_an_unknown_machine_and_a_bad_definition_are_refused()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        await CreateAsync(platform, "m", Machines.Pass);
        async Task<string?> Code(string name, UpdateStateMachineRequest request) =>
            (await platform.Service.StateMachines.UpdateAsync(MemoryPlatform.Anna, name, request, Cancellation)).Error?.Code;
        Assert.Equal(ErrorCodes.Validation, await Code("m", new UpdateStateMachineRequest(null, null)));
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, await Code("x", new UpdateStateMachineRequest(Machines.Pass, null)));
        Assert.Equal(ErrorCodes.InvalidName, await Code("a b", new UpdateStateMachineRequest(Machines.Pass, null)));
        Assert.Equal(ErrorCodes.InvalidDefinition, await Code("m", new UpdateStateMachineRequest("{}", null)));
        Assert.Equal(ErrorCodes.InvalidArn, await Code("m", new UpdateStateMachineRequest(null, "role")));
    }

    [Fact]
    public async Task A_tenant_has_up_to_the_limit_of_machines()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxStateMachines = 2 });
        await CreateAsync(platform, "a", Machines.Pass);
        await CreateAsync(platform, "b", Machines.Pass);
        Assert.Equal(ErrorCodes.StateMachineLimitExceeded, await CodeAsync(platform, new CreateStateMachineRequest("c", Machines.Pass)));
        Assert.True((await platform.Service.StateMachines.CreateAsync(MemoryPlatform.Bert, new("c", Machines.Pass), Cancellation)).Succeeded);
    }

    [Fact]
    public async Task A_definition_has_up_to_the_limit_of_bytes()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxDefinitionBytes = 1_024 });
        string Padded(int bytes) => Machines.Pass + new string(' ', bytes - Machines.Pass.Length);
        Assert.Null(await CodeAsync(platform, new CreateStateMachineRequest("a", Padded(1_024))));
        Assert.Equal(ErrorCodes.PayloadTooLarge, await CodeAsync(platform, new CreateStateMachineRequest("b", Padded(1_025))));
    }

    [Fact]
    public async Task Tags_and_role_keep_to_their_limits()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Dictionary<string, string> Many(int count) => Enumerable.Range(0, count).ToDictionary(i => $"k{i}", _ => "v");
        Task<string?> Tags(string name, Dictionary<string, string> tags) =>
            CodeAsync(platform, new CreateStateMachineRequest(name, Machines.Pass) { Tags = tags });
        Assert.Null(await Tags("a", Many(50)));
        Assert.Equal(ErrorCodes.TooManyTags, await Tags("b", Many(51)));
        Assert.Null(await Tags("c", new() { [new string('k', 128)] = new string('v', 256) }));
        Assert.Equal(ErrorCodes.Validation, await Tags("d", new() { [new string('k', 129)] = "v" }));
        Assert.Equal(ErrorCodes.Validation, await Tags("e", new() { ["k"] = new string('v', 257) }));
        Assert.Equal(ErrorCodes.Validation, await Tags("f", new() { [""] = "v" }));
        Task<string?> Role(string name, string role) => CodeAsync(platform, new CreateStateMachineRequest(name, Machines.Pass) { RoleArn = role });
        Assert.Null(await Role("g", "arn:" + new string('r', 252)));
        Assert.Equal(ErrorCodes.InvalidArn, await Role("h", "arn:" + new string('r', 253)));
        Assert.Equal(ErrorCodes.InvalidArn, await Role("i", "role"));
    }

    [Fact]
    public async Task A_list_goes_on_from_page_to_page_and_shows_one_tenants_machines_only()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (string name in names)
        {
            await CreateAsync(platform, name, Machines.Pass);
        }

        List<string> seen = [];
        string? token = null;
        do
        {
            Result<Page<StateMachineRecord>> page = await platform.Service.StateMachines.ListAsync(
                MemoryPlatform.Anna, new ListRequest(2, token), Cancellation);
            seen.AddRange(page.Value?.Items.Select(machine => machine.Name) ?? []);
            token = page.Value?.Next;
        }
        while (token is not null);
        Assert.Equal(names, seen);
        Assert.Equal(0, (await platform.Service.StateMachines.ListAsync(MemoryPlatform.Bert, ListRequest.First, Cancellation)).Value?.Items.Count);
    }

    private static async Task<StateMachineRecord> CreateAsync(MemoryPlatform platform, string name, string definition)
    {
        Result<CreateStateMachineOutcome> created = await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna, new CreateStateMachineRequest(name, definition), Cancellation);
        return created.Value?.Machine ?? throw new InvalidOperationException(created.Error?.Message);
    }

    private static async Task<string?> CodeAsync(MemoryPlatform platform, CreateStateMachineRequest request) =>
        (await platform.Service.StateMachines.CreateAsync(MemoryPlatform.Anna, request, Cancellation)).Error?.Code;

    private static async Task<StateMachineRecord> UpdateAsync(MemoryPlatform platform, UpdateStateMachineRequest request)
    {
        Result<UpdateStateMachineOutcome> updated = await platform.Service.StateMachines.UpdateAsync(MemoryPlatform.Anna, "m", request, Cancellation);
        return updated.Value?.Machine ?? throw new InvalidOperationException(updated.Error?.Message);
    }
}
