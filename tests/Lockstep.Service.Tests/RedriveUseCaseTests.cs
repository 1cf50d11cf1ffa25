using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class RedriveUseCaseTests
{
    private static readonly ExecutionKey Key = new(MemoryPlatform.Anna, "m:e");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_execution_is_redriven_until_MaxRedrives()
    {
        MemoryPlatform platform = await FailedAsync(ServiceLimits.Default with { MaxRedrives = 2 });
        Assert.Equal((RedriveStatus.Redrivable, null), await VerdictAsync(platform));
        Assert.True((await RedriveAsync(platform)).Succeeded);
        Assert.True((await RedriveAsync(platform)).Succeeded);
        Result<RedriveOutcome> oneMore = await RedriveAsync(platform);

        Assert.Equal((ErrorCodes.ExecutionNotRedrivable, "Execution redrive limit of 2 exceeded"), (oneMore.Error?.Code, oneMore.Error?.Message));
        Assert.Equal((RedriveStatus.NotRedrivable, "Execution redrive limit of 2 exceeded"), await VerdictAsync(platform));
    }

    [Fact]
    public async Task It_is_redriven_within_RedrivePeriodDays_and_not_after()
    {
        MemoryPlatform platform = await FailedAsync(ServiceLimits.Default with { RedrivePeriodDays = 3 });
        platform.Time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromTicks(1));
        Assert.Equal((RedriveStatus.Redrivable, null), await VerdictAsync(platform));
        platform.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((RedriveStatus.NotRedrivable, "Execution redrivable period exceeded"), await VerdictAsync(platform));
        Assert.Equal("Execution redrivable period exceeded", (await RedriveAsync(platform)).Error?.Message);
    }

    [Fact]
    public async Task What_runs_or_has_succeeded_is_not_redriven()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Wait);
        await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, "m", "e", null, null, Cancellation);
        Assert.Equal((RedriveStatus.NotRedrivable, "Execution is RUNNING and cannot be redriven"), await VerdictAsync(platform));
        Assert.Equal("Execution is RUNNING and cannot be redriven", (await RedriveAsync(platform)).Error?.Message);

        platform = await WithMachineAsync(Machines.Pass);
        await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, "m", "e", null, null, Cancellation);
        Assert.Equal((RedriveStatus.NotRedrivable, "Execution is SUCCEEDED and cannot be redriven"), await VerdictAsync(platform));
        Assert.Equal("Execution is SUCCEEDED and cannot be redriven", (await RedriveAsync(platform)).Error?.Message);
        Assert.Equal(
            ErrorCodes.ExecutionDoesNotExist,
            (await platform.Service.Redrives.RedriveAsync(new ExecutionKey(MemoryPlatform.Bert, "m:e"), null, null, null, null, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task An_express_execution_and_one_of_a_deleted_machine_are_not_redriven()
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Fail, WorkflowType.Express);
        Result<StartOutcome> started = await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, "m", "e", null, null, Cancellation);
        ExecutionKey express = Assert.IsType<ExecutionKey>(started.Value?.Execution.Key);
        Assert.Equal(
            ErrorCodes.StateMachineTypeNotSupported,
            (await platform.Service.Redrives.RedriveAsync(express, null, null, null, null, Cancellation)).Error?.Code);
        Assert.Equal(RedriveStatus.NotRedrivable, (await platform.Service.Executions.DescribeAsync(express, Cancellation)).Value?.Redrive?.Status);

        platform = await FailedAsync();
        await platform.Service.StateMachines.DeleteAsync(MemoryPlatform.Anna, "m", null, Cancellation);
        Assert.Equal("State machine is in DELETING status", (await RedriveAsync(platform)).Error?.Message);
    }

    [Fact]
    public async Task A_redriven_execution_counts_as_open()
    {
        MemoryPlatform platform = await FailedAsync(ServiceLimits.Default with { MaxOpenExecutions = 1 });
        await platform.Service.StateMachines.CreateAsync(
            MemoryPlatform.Anna, new CreateStateMachineRequest("w", Machines.Wait), Cancellation);
        Assert.True((await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, "w", "e", null, null, Cancellation)).Succeeded);
        Assert.Equal(ErrorCodes.ExecutionLimitExceeded, (await RedriveAsync(platform)).Error?.Code);
        await platform.Service.Executions.StopAsync(new ExecutionKey(MemoryPlatform.Anna, "w:e"), null, null, Cancellation);
        Assert.True((await RedriveAsync(platform)).Succeeded);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(0, false)]
    [InlineData(65, false)]
    public async Task A_client_token_has_1_to_64_characters(int length, bool accepted)
    {
        MemoryPlatform platform = await FailedAsync();
        Result<RedriveOutcome> answer = await platform.Service.Redrives.RedriveAsync(Key, new string('t', length), null, null, null, Cancellation);
        Assert.Equal(accepted ? null : ErrorCodes.Validation, answer.Error?.Code);
        Assert.Equal(accepted ? null : "/clientToken", answer.Error?.Target);
    }

    [Fact]
    public async Task An_input_over_the_payload_limit_is_refused()
    {
        MemoryPlatform platform = await FailedAsync(ServiceLimits.Default with { MaxPayloadBytes = 1_024 });
        JsonValue atLimit = JsonString.Of(new string('x', 1_022));
        JsonValue oneMore = JsonString.Of(new string('x', 1_023));
        Assert.Equal(
            ErrorCodes.PayloadTooLarge, (await platform.Service.Redrives.RedriveAsync(Key, null, oneMore, null, null, Cancellation)).Error?.Code);
        Assert.True((await platform.Service.Redrives.RedriveAsync(Key, null, atLimit, null, null, Cancellation)).Succeeded);
        Assert.Equal(atLimit, platform.Executions.LastRedrive?.Input);
    }

    [Fact]
    public async Task Another_revision_is_found_by_its_id_or_by_the_number_of_a_version()
    {
        MemoryPlatform platform = await FailedAsync();
        string own = Assert.IsType<ExecutionRecord>((await platform.Service.Executions.DescribeAsync(Key, Cancellation)).Value).RevisionId;
        Result<UpdateStateMachineOutcome> updated = await platform.Service.StateMachines.UpdateAsync(
            MemoryPlatform.Anna, "m", new UpdateStateMachineRequest(Machines.Fail.Replace("Sorry", "Still", StringComparison.Ordinal), null), Cancellation);
        string newest = Assert.IsType<UpdateStateMachineOutcome>(updated.Value).Machine.RevisionId;
        await platform.Service.Versions.PublishAsync(MemoryPlatform.Anna, "m", new PublishVersionRequest(null, null), Cancellation);

        Assert.True((await platform.Service.Redrives.RedriveAsync(Key, null, null, own, null, Cancellation)).Succeeded);
        Assert.Null(platform.Executions.LastRedrive?.Revision);
        Assert.True((await platform.Service.Redrives.RedriveAsync(Key, null, null, null, 1, Cancellation)).Succeeded);
        Assert.Equal((newest, 1), (platform.Executions.LastRedrive?.Revision?.RevisionId, platform.Executions.LastRedrive?.Version));
        Assert.True((await platform.Service.Redrives.RedriveAsync(Key, null, null, own, null, Cancellation)).Succeeded);
        Assert.Equal((own, null), (platform.Executions.LastRedrive?.Revision?.RevisionId, platform.Executions.LastRedrive?.Version));
        Assert.Equal("/revisionId", (await platform.Service.Redrives.RedriveAsync(Key, null, null, "none", null, Cancellation)).Error?.Target);
        Assert.Equal("/version", (await platform.Service.Redrives.RedriveAsync(Key, null, null, null, 2, Cancellation)).Error?.Target);
        Assert.Equal(ErrorCodes.Validation, (await platform.Service.Redrives.RedriveAsync(Key, null, null, newest, 1, Cancellation)).Error?.Code);
    }

    private static async Task<MemoryPlatform> FailedAsync(ServiceLimits? limits = null)
    {
        MemoryPlatform platform = await WithMachineAsync(Machines.Fail, limits: limits);
        await platform.Service.Executions.StartAsync(MemoryPlatform.Anna, "m", "e", null, null, Cancellation);
        return platform;
    }

    private static async Task<MemoryPlatform> WithMachineAsync(string definition, WorkflowType type = WorkflowType.Standard, ServiceLimits? limits = null)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(limits);
        await platform.Service.StateMachines.CreateAsync(MemoryPlatform.Anna, new CreateStateMachineRequest("m", definition) { Type = type }, Cancellation);
        return platform;
    }

    private static async Task<Result<RedriveOutcome>> RedriveAsync(MemoryPlatform platform) =>
        await platform.Service.Redrives.RedriveAsync(Key, null, null, null, null, Cancellation);

    private static async Task<(RedriveStatus?, string?)> VerdictAsync(MemoryPlatform platform)
    {
        RedriveVerdict? verdict = (await platform.Service.Executions.DescribeAsync(Key, Cancellation)).Value?.Redrive;
        return (verdict?.Status, verdict?.Reason);
    }
}
