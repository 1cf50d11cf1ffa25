using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class ExecutionUseCaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_name_and_input_while_it_runs_is_the_same_execution()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Wait);
        Result<StartOutcome> first = await StartAsync(platform, "e", """{"a":1}""");
        Assert.True(first.Value?.Created);
        Result<StartOutcome> second = await StartAsync(platform, "e", """{"a":1}""");
        Assert.False(second.Value?.Created);
        Assert.Equal(first.Value?.Execution.StartedAt, second.Value?.Execution.StartedAt);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await StartAsync(platform, "e", """{"a":2}""")).Error?.Code);
        await platform.Service.Executions.StopAsync(new ExecutionKey(MemoryPlatform.Anna, "m:e"), null, null, Cancellation);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await StartAsync(platform, "e", """{"a":1}""")).Error?.Code);
    }

    [Fact]
    public async Task Without_a_name_each_start_is_new_and_without_input_it_gets_an_empty_object()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Pass);
        Result<StartOutcome> one = await StartAsync(platform, null, null);
        Result<StartOutcome> two = await StartAsync(platform, null, null);
        Assert.True(Guid.TryParse(one.Value?.Execution.Name, out _));
        Assert.NotEqual(one.Value?.Execution.Name, two.Value?.Execution.Name);
        Assert.Equal("{}", one.Value?.Execution.Input);
    }

    [Fact]
    public async Task An_express_execution_is_new_each_time_and_can_be_waited_for()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Fail, WorkflowType.Express);
        Result<StartOutcome> one = await StartAsync(platform, "e", null);
        Result<StartOutcome> two = await StartAsync(platform, "e", null);
        Assert.NotEqual(one.Value?.Execution.Arn, two.Value?.Execution.Arn);
        Assert.StartsWith("arn:aws:states:local:000000000001:express:m:e:", one.Value?.Execution.Arn, StringComparison.Ordinal);
        Result<ExecutionRecord> failed = await platform.Service.Executions.StartSyncAsync(MemoryPlatform.Anna, "m", null, null, Cancellation);
        Assert.Equal(ExecutionStatus.Failed, failed.Value?.Status);
        Assert.Equal("Sorry", failed.Value?.Error);
    }

    [Fact]
    public async Task A_standard_machine_cannot_be_waited_for()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Pass);
        Result<ExecutionRecord> refused = await platform.Service.Executions.StartSyncAsync(MemoryPlatform.Anna, "m", null, null, Cancellation);
        Assert.Equal(ErrorCodes.StateMachineTypeNotSupported, refused.Error?.Code);
    }

    [Fact]
    public async Task An_input_has_up_to_the_limit_of_bytes()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Pass);
        Assert.True((await StartAsync(platform, "a", $"\"{new string('x', 262_142)}\"")).Succeeded);
        Assert.Equal(ErrorCodes.PayloadTooLarge, (await StartAsync(platform, "b", $"\"{new string('x', 262_143)}\"")).Error?.Code);
        Assert.Equal(ErrorCodes.PayloadTooLarge, (await StartAsync(platform, "c", $"\"{new string('\u00e9', 131_072)}\"")).Error?.Code);
    }

    [Fact]
    public async Task A_tenant_has_up_to_the_limit_of_open_executions()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Wait, limits: ServiceLimits.Default with { MaxOpenExecutions = 2 });
        Assert.True((await StartAsync(platform, "a", null)).Succeeded);
        Assert.True((await StartAsync(platform, "b", null)).Succeeded);
        Assert.Equal(ErrorCodes.ExecutionLimitExceeded, (await StartAsync(platform, "c", null)).Error?.Code);
        await platform.Service.Executions.StopAsync(new ExecutionKey(MemoryPlatform.Anna, "m:a"), null, null, Cancellation);
        Assert.True((await StartAsync(platform, "c", null)).Succeeded);
    }

    [Fact]
    public async Task Names_machines_and_executions_that_are_wrong_are_refused()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Pass);
        Assert.Equal(ErrorCodes.InvalidName, (await StartAsync(platform, "a b", null)).Error?.Code);
        async Task<string?> Start(string machine) =>
            (await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, machine, null, null, null, Cancellation)).Error?.Code;
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, await Start("other"));
        Assert.Equal(ErrorCodes.InvalidName, await Start("a/b"));
        var nobody = new ExecutionKey(MemoryPlatform.Anna, "m:none");
        Assert.Equal(ErrorCodes.ExecutionDoesNotExist, (await platform.Service.Executions.DescribeAsync(nobody, Cancellation)).Error?.Code);
        Assert.Equal(ErrorCodes.ExecutionDoesNotExist, (await platform.Service.Executions.StopAsync(nobody, null, null, Cancellation)).Error?.Code);
        Assert.Equal(
            ErrorCodes.ExecutionDoesNotExist,
            (await platform.Service.Executions.HistoryAsync(nobody, false, ListRequest.First, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task Error_and_cause_of_a_stop_keep_to_their_limits()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Wait);
        await StartAsync(platform, "e", null);
        var key = new ExecutionKey(MemoryPlatform.Anna, "m:e");
        async Task<string?> Stop(int error, int cause) => (await platform.Service.Executions.StopAsync(
            key, new string('e', error), new string('c', cause), Cancellation)).Error?.Target;
        Assert.Equal("/error", await Stop(257, 1));
        Assert.Equal("/cause", await Stop(1, 32_769));
        Assert.Null(await Stop(256, 32_768));
    }

    [Fact]
    public async Task History_is_read_in_pages_forward_and_backward()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Pass);
        await StartAsync(platform, "e", null);
        var key = new ExecutionKey(MemoryPlatform.Anna, "m:e");
        Assert.Equal([1, 2, 3, 4], await IdsAsync(platform, key, reverse: false));
        Assert.Equal([4, 3, 2, 1], await IdsAsync(platform, key, reverse: true));
        Result<Page<HistoryEvent>> after = await platform.Service.Executions.HistoryAfterAsync(key, 2, Cancellation);
        Assert.Equal([3, 4], after.Value?.Items.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_list_is_filtered_and_its_token_is_good_for_its_filter_only()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Wait);
        foreach (string name in new[] { "a", "b", "c" })
        {
            await StartAsync(platform, name, null);
        }

        await platform.Service.Executions.StopAsync(new ExecutionKey(MemoryPlatform.Anna, "m:b"), null, null, Cancellation);
        const ExecutionStatus running = ExecutionStatus.Running;
        Result<Page<ExecutionRecord>> first = await platform.Service.Executions.ListAsync(
            MemoryPlatform.Anna, "m", running, new ListRequest(1, null), Cancellation);
        Assert.Equal(["c"], first.Value?.Items.Select(execution => execution.Name));
        string? token = first.Value?.Next;
        Result<Page<ExecutionRecord>> second = await platform.Service.Executions.ListAsync(
            MemoryPlatform.Anna, "m", running, new ListRequest(1, token), Cancellation);
        Assert.Equal(["a"], second.Value?.Items.Select(execution => execution.Name));
        Result<Page<ExecutionRecord>> other = await platform.Service.Executions.ListAsync(
            MemoryPlatform.Anna, "m", null, new ListRequest(1, token), Cancellation);
        Assert.Equal(ErrorCodes.InvalidToken, other.Error?.Code);
        Result<Page<ExecutionRecord>> unknown = await platform.Service.Executions.ListOfMachineAsync(
            MemoryPlatform.Bert, "m", null, ListRequest.First, Cancellation);
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, unknown.Error?.Code);
    }

    [Fact]
    public async Task A_worker_takes_a_task_and_reports_with_its_token()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Work);
        await platform.Service.Activities.CreateAsync(MemoryPlatform.Anna, "work", Cancellation);
        await StartAsync(platform, "e", """{"n":1.50}""");
        Result<PollOutcome> poll = await platform.Service.Activities.PollAsync(MemoryPlatform.Anna, "work", "w", 0, Cancellation);
        ActivityTask task = poll.Value?.Task ?? throw new InvalidOperationException("No task.");
        Assert.Equal("""{"n":1.50}""", task.Input);
        Assert.True((await platform.Service.Callbacks.HeartbeatAsync(task.TaskToken, Cancellation)).Succeeded);
        Assert.Equal(
            ErrorCodes.PayloadTooLarge,
            (await platform.Service.Callbacks.SucceedAsync(task.TaskToken, JsonString.Of(new string('x', 262_143)), Cancellation)).Error?.Code);
        Assert.Equal("/error", (await platform.Service.Callbacks.FailAsync(task.TaskToken, new string('e', 257), null, Cancellation)).Error?.Target);
        Assert.True((await platform.Service.Callbacks.SucceedAsync(task.TaskToken, JsonString.Of(new string('x', 262_142)), Cancellation)).Succeeded);
        Assert.Equal(
            ErrorCodes.TaskTimedOut, (await platform.Service.Callbacks.SucceedAsync(task.TaskToken, JsonNull.Instance, Cancellation)).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidToken, (await platform.Service.Callbacks.HeartbeatAsync("x", Cancellation)).Error?.Code);
        Result<Page<ExecutionEvent>> events = await platform.Service.Events.ReadAsync(MemoryPlatform.Anna, 0, null, Cancellation);
        Assert.Equal([ExecutionStatus.Running, ExecutionStatus.Succeeded], events.Value?.Items.Select(entry => entry.Status));
    }

    [Fact]
    public async Task Events_are_asked_for_from_a_sequence_that_is_not_negative_in_pages_within_the_limit()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        async Task<string?> Target(long after, int? size) => (await platform.Service.Events.ReadAsync(MemoryPlatform.Anna, after, size, Cancellation)).Error?.Target;
        Assert.Null(await Target(0, 1_000));
        Assert.Equal("after", await Target(-1, null));
        Assert.Equal("pageSize", await Target(0, 1_001));
        Assert.Equal("pageSize", await Target(0, 0));
    }

    private static async Task<MemoryPlatform> WithMachineAsync(
        string definition, WorkflowType type = WorkflowType.Standard, ServiceLimits? limits = null)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(limits);
        Result<CreateStateMachineOutcome> created = await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna, new CreateStateMachineRequest("m", definition) { Type = type }, Cancellation);
        Assert.True(created.Succeeded, created.Error?.Message);
        return platform;
    }

    private static ValueTask<Result<StartOutcome>> StartAsync(MemoryPlatform platform, string? name, string? input) =>
        platform.Service.Executions.StartAsync(
            MemoryPlatform.Anna, "m", name, input is null ? null : JsonValue.Parse(input), parent: null, Cancellation);

    private static async Task<List<long>> IdsAsync(MemoryPlatform platform, ExecutionKey key, bool reverse)
    {
        List<long> ids = [];
        string? token = null;
        do
        {
            Result<Page<HistoryEvent>> page = await platform.Service.Executions.HistoryAsync(key, reverse, new ListRequest(3, token), Cancellation);
            ids.AddRange(page.Value?.Items.Select(entry => entry.Id) ?? []);
            token = page.Value?.Next;
        }
        while (token is not null);
        return ids;
    }
}
