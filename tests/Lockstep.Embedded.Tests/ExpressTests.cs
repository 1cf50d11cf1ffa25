using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class ExpressTests
{
    [Fact]
    public async Task Synchronous_run_answers_with_its_end_and_leaves_no_trace()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await CreateAsync(service, Machines.Tasks(3));
        StartRequest request = Request(machine, "5");

        Result<ExecutionRecord> ended = await service.Host.Driver.StartSyncAsync(request, CancellationToken.None);

        Assert.Equal((ExecutionStatus.Succeeded, "5"), (ended.Value?.Status ?? default, ended.Value?.Output));
        Assert.Null(await service.Host.Executions.FindAsync(request.Key, CancellationToken.None));
    }

    [Fact]
    public async Task Synchronous_run_dies_with_its_call_and_takes_its_effects_along()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await CreateAsync(service, Machines.Tasks(1));
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        service.Targets.Answer = async (_, cancellation) =>
        {
            called.SetResult();
            cancellation.Register(() => cancelled.SetResult());
            await cancelled.Task;
            cancellation.ThrowIfCancellationRequested();
            return new TaskAnswered(JsonNull.Instance);
        };
        using var call = new CancellationTokenSource();
        Task<Result<ExecutionRecord>> run = service.Host.Driver.StartSyncAsync(Request(machine), call.Token).AsTask();
        await called.Task;

        await call.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await cancelled.Task;
    }

    [Fact]
    public async Task Run_of_five_minutes_is_timed_out()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time);
        StateMachineRecord machine = await CreateAsync(service, Machines.Wait);

        Task<Result<ExecutionRecord>> within = service.Host.Driver.StartSyncAsync(Request(machine, """{"seconds":299}"""), CancellationToken.None).AsTask();
        Task<Result<ExecutionRecord>> beyond = service.Host.Driver.StartSyncAsync(Request(machine, """{"seconds":301}"""), CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(ExecutionStatus.Succeeded, (await within).Value?.Status);
        Assert.Equal(ExecutionStatus.TimedOut, (await beyond).Value?.Status);
    }

    [Fact]
    public async Task Synchronous_runs_beyond_their_limit_are_refused()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(
            time, new EmbeddedOptions { Driver = new DriverOptions { MaxSyncExecutions = 1 } });
        StateMachineRecord machine = await CreateAsync(service, Machines.Wait);
        Task<Result<ExecutionRecord>> first = service.Host.Driver.StartSyncAsync(Request(machine, """{"seconds":1}"""), CancellationToken.None).AsTask();

        Result<ExecutionRecord> second = await service.Host.Driver.StartSyncAsync(Request(machine, """{"seconds":1}"""), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorCodes.Throttling, second.Error?.Code);
        Assert.True((await first).Succeeded);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    private static ValueTask<StateMachineRecord> CreateAsync(TestService service, string definition) =>
        service.CreateMachineAsync("x", definition, WorkflowType.Express);

    private static StartRequest Request(StateMachineRecord machine, string input = "{}") =>
        StartRequest.For(TestService.Arns, machine, "run", JsonValue.Parse(input));
}
