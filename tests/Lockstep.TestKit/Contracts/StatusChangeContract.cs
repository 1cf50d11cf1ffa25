using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>Changes of status on the event bus <c>default</c> of their tenant: each once and in order, from the creation of the bus on.</summary>
public abstract class StatusChangeContract : HarnessContract
{
    private static readonly ChannelPlace _bus = new(HarnessSteps.Anna, ChannelKind.EventBus, ChannelNames.DefaultBus);

    [Fact]
    public async Task Bus_gets_each_change_once_and_in_order_from_its_creation_on()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        await harness.EndAsync(await harness.StartAsync(machine, "before"));
        await CreateBusAsync(harness);
        await harness.EndAsync(await harness.StartAsync(machine, "one", """{"a":1}"""));
        await harness.EndAsync(await harness.StartAsync(machine, "two"));

        IReadOnlyList<MessageRecord> messages = await MessagesAsync(harness);
        Assert.Equal(["one RUNNING 0", "one SUCCEEDED 0", "two RUNNING 0", "two SUCCEEDED 0"], messages.Select(TextOf));
        Assert.Equal("""{"a":1}""", ((JsonString?)DetailOf(messages[0])["input"])?.Value);
        Assert.Equal("""{"done":true}""", ((JsonString?)DetailOf(messages[1])["output"])?.Value);
        Assert.Equal("aws.states", ((JsonString?)messages[0].Content["source"])?.Value);
        Assert.Equal(4, messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task Without_the_bus_nothing_is_kept_and_none_is_created()
    {
        await using IDriverHarness harness = await OpenAsync();
        await harness.EndAsync(await harness.RunAsync(Machines.Pass));

        Assert.Empty(await MessagesAsync(harness));
        Assert.Null(await harness.Ports.Channels.FindAsync(_bus, CancellationToken.None));
    }

    [Fact]
    public async Task Redriven_execution_runs_and_ends_again_on_the_bus()
    {
        await using IDriverHarness harness = await OpenAsync();
        await CreateBusAsync(harness);
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("E", "C"));
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(1));
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonObject.Empty));
        await harness.RedriveAsync(key);
        await harness.EndAsync(key);

        Assert.Equal(["one RUNNING 0", "one FAILED 0", "one RUNNING 1", "one SUCCEEDED 1"], (await MessagesAsync(harness)).Select(TextOf));
    }

    [Fact]
    public async Task Changes_of_another_tenant_are_on_its_own_bus()
    {
        await using IDriverHarness harness = await OpenAsync();
        await CreateBusAsync(harness);
        StateMachineRecord his = await harness.CreateMachineAsync("m", Machines.Pass, tenant: HarnessSteps.Bert);
        await harness.EndAsync(await harness.StartAsync(his, "his"));
        Assert.Empty(await MessagesAsync(harness));
    }

    [Fact]
    public async Task A_crash_loses_and_doubles_no_change()
    {
        await using IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "This host cannot be made to crash.");
        await CreateBusAsync(harness);
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        await harness.CrashAndRestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        await harness.EndAsync(key);
        Assert.Equal(["one RUNNING 0", "one SUCCEEDED 0"], (await MessagesAsync(harness)).Select(TextOf));
    }

    private static async Task CreateBusAsync(IDriverHarness harness) =>
        Assert.True(await harness.Ports.Channels.CreateAsync(new ChannelRecord(_bus, harness.Time.GetUtcNow()), CancellationToken.None));

    private static async Task<IReadOnlyList<MessageRecord>> MessagesAsync(IDriverHarness harness)
    {
        await harness.RunUntilIdleAsync();
        return (await harness.Ports.Channels.ReadAsync(_bus, 0, DateTimeOffset.UnixEpoch, new PageRequest(100, null), CancellationToken.None)).Items;
    }

    private static string TextOf(MessageRecord message)
    {
        JsonObject detail = DetailOf(message);
        return $"{((JsonString?)detail["name"])?.Value} {((JsonString?)detail["status"])?.Value} {detail["redriveCount"]}";
    }

    private static JsonObject DetailOf(MessageRecord message) => Assert.IsType<JsonObject>(message.Content["detail"]);
}
