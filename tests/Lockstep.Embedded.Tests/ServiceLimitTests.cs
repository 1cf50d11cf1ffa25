using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>Limits that the use cases set and that only a driver or a store can keep.</summary>
public sealed class ServiceLimitTests
{
    private const int PayloadBytes = 1_000;

    [Theory]
    [InlineData(2 * PayloadBytes, 2)]
    [InlineData((2 * PayloadBytes) + 1, 3)]
    [InlineData(1, 1)]
    public async Task Page_of_history_ends_with_the_event_that_reaches_MaxPageBytes(int maxPageBytes, int items)
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Passes(2));
        ExecutionKey key = await service.StartAsync(machine, "one", $"\"{new string('x', PayloadBytes - 2)}\"");
        await service.EndAsync(key);
        ExecutionUseCases executions = UseCases(service, ServiceLimits.Default with { MaxPageBytes = maxPageBytes });

        Result<Page<HistoryEvent>> first = await executions.HistoryAsync(key, reverse: false, ListRequest.First, CancellationToken.None);
        Result<Page<HistoryEvent>> newest = await executions.HistoryAsync(key, reverse: true, ListRequest.First, CancellationToken.None);
        Result<Page<HistoryEvent>> streamed = await executions.HistoryAfterAsync(key, afterEventId: 0, CancellationToken.None);

        // Every event of this machine carries the payload.
        Assert.Equal((items, true), (first.Value?.Items.Count, first.Value?.Next is not null));
        Assert.Equal((items, true), (newest.Value?.Items.Count, newest.Value?.Next is not null));
        Assert.Equal((items, true), (streamed.Value?.Items.Count, streamed.Value?.Next is not null));
    }

    [Fact]
    public async Task Synchronous_run_is_timed_out_after_MaxSyncSeconds_and_not_before()
    {
        const int limitSeconds = 10;
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time);
        await service.CreateMachineAsync("x", Machines.Wait, WorkflowType.Express);
        Task<Result<ExecutionRecord>> within = RunAsync(limitSeconds, """{"seconds":9}""");
        Task<Result<ExecutionRecord>> atLimit = RunAsync(limitSeconds, """{"seconds":11}""");
        Task<Result<ExecutionRecord>> oneMore = RunAsync(limitSeconds + 1, """{"seconds":12}""");

        time.Advance(TimeSpan.FromSeconds(limitSeconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(ExecutionStatus.Succeeded, (await within).Value?.Status);
        Assert.False(atLimit.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Result<ExecutionRecord> ended = await atLimit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((ExecutionStatus.TimedOut, "States.Timeout"), (ended.Value?.Status ?? default, ended.Value?.Error));
        Assert.Equal(TimeSpan.FromSeconds(limitSeconds), ended.Value?.StoppedAt - ended.Value?.StartedAt);
        Assert.False(oneMore.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ExecutionStatus.TimedOut, (await oneMore.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Value?.Status);

        Task<Result<ExecutionRecord>> RunAsync(int maxSyncSeconds, string input) =>
            UseCases(service, ServiceLimits.Default with { MaxSyncSeconds = maxSyncSeconds })
                .StartSyncAsync(TestService.Tenant, "x", name: null, JsonValue.Parse(input), CancellationToken.None).AsTask();
    }

    private static ExecutionUseCases UseCases(TestService service, ServiceLimits limits)
    {
        var ring = new KeyRing([new SigningKey("k", new byte[KeyRing.SecretBytes], service.Time.GetUtcNow())]);
        return new ExecutionUseCases(
            service.Host.StateMachines,
            service.Host.Versions,
            service.Host.Driver,
            service.Host.Executions,
            TestService.Arns,
            new ResourceNames(limits),
            new PageTokens(ring, limits),
            limits,
            service.Time,
            _ => 0);
    }
}
