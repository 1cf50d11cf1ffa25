using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class CallbackTests
{
    private const string WithHeartbeat = """
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","HeartbeatSeconds":60,
        "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}
        """;

    [Fact]
    public async Task Callback_reaches_an_execution_that_left_memory_also_after_a_restart()
    {
        await using TestService service = await TestService.NewAsync(new ManualTimeProvider());
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Callback);
        ExecutionKey key = await service.StartAsync(machine, "one");
        await service.EventAsync(key, HistoryEventType.TaskSubmitted);
        await service.ParkAllAsync();
        await service.RestartAsync();
        Assert.Equal(0, service.Host.ExecutionsInMemory);

        Result<Accepted> first = await service.ReportAsync(TokenOf(service), new TaskSuccessReport(JsonValue.Parse("""{"yes":1}""")));
        Result<Accepted> second = await service.ReportAsync(TokenOf(service), new TaskSuccessReport(JsonNull.Instance));

        Assert.True(first.Succeeded);
        Assert.Equal(ErrorCodes.TaskTimedOut, second.Error?.Code);
        Assert.Equal("""{"yes":1}""", (await service.EndAsync(key)).Output);
        Assert.Single(service.Targets.Calls);
    }

    [Fact]
    public async Task Heartbeats_count_for_an_execution_outside_memory_and_start_over_with_the_process()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time);
        StateMachineRecord machine = await service.CreateMachineAsync("m", WithHeartbeat);
        ExecutionKey key = await service.StartAsync(machine, "one");
        await service.EventAsync(key, HistoryEventType.TaskSubmitted);
        await service.ParkAllAsync();
        await service.CloseAsync();
        time.Advance(TimeSpan.FromHours(1));
        await service.OpenAsync();
        DateTimeOffset restarted = time.GetUtcNow();

        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromSeconds(1));

        Assert.Equal(ExecutionStatus.Failed, ended.Status);
        Assert.InRange(ended.StoppedAt ?? default, restarted + TimeSpan.FromSeconds(60), restarted + TimeSpan.FromSeconds(62));
    }

    private static string TokenOf(TestService service) => service.Targets.Calls.First().TaskToken ?? "";
}
