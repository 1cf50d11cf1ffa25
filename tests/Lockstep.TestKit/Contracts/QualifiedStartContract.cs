using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with executions that are started through a version or an alias of their machine.</summary>
public abstract class QualifiedStartContract : HarnessContract
{
    private const string MachineArn = "arn:aws:states:local:000000000001:stateMachine:m";
    private const string First = """{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"ran":1,"machine.$":"$$.StateMachine.Id"},"End":true}}}""";
    private const string Second = """{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"ran":2},"End":true}}}""";
    private const string Newest = """{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"ran":3},"End":true}}}""";

    [Theory]
    [InlineData("m", 3, null, null)]
    [InlineData("m:1", 1, 1L, null)]
    [InlineData("m:2", 2, 2L, null)]
    [InlineData("m:live", 1, 1L, "live")]
    public async Task Start_runs_what_it_names_and_the_execution_shows_it(string reference, int ran, long? version, string? alias)
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync();
        ExecutionRecord started = HarnessSteps.Value(await StartAsync(harness, reference, "one")).Execution;
        ExecutionRecord ended = await harness.EndAsync(started.Key);

        Assert.Equal(ran.ToString(System.Globalization.CultureInfo.InvariantCulture), ((JsonObject)JsonValue.Parse(ended.Output ?? ""))["ran"]?.ToString());
        string? versionArn = version is null ? null : $"{MachineArn}:{version}";
        string? aliasArn = alias is null ? null : $"{MachineArn}:{alias}";
        foreach (ExecutionRecord shown in (ExecutionRecord[])[started, ended, await OnlyOneAsync(harness, "m")])
        {
            Assert.Equal((versionArn, aliasArn, MachineArn), (shown.StateMachineVersionArn, shown.StateMachineAliasArn, shown.StateMachineArn));
        }

        ExecutionStartedDetails details = Assert.IsType<ExecutionStartedDetails>((await harness.HistoryAsync(started.Key))[0].Details);
        Assert.Equal((versionArn, aliasArn), (details.StateMachineVersionArn, details.StateMachineAliasArn));
        if (ran == 1)
        {
            Assert.Equal($"\"{MachineArn}\"", ((JsonObject)JsonValue.Parse(ended.Output ?? ""))["machine"]?.ToString());
        }
    }

    [Fact]
    public async Task Asynchronous_Express_execution_shows_its_version_and_alias_too()
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync(WorkflowType.Express);
        ExecutionRecord started = HarnessSteps.Value(await StartAsync(harness, "m:live", "one")).Execution;
        await harness.WaitForEndAsync(started.Key);
        ExecutionRecord ended = await harness.DescribeAsync(started.Key);
        Assert.Equal((1L, "live"), (ended.Version, ended.Alias));
        Assert.Contains("\"ran\":1", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m", 3, null, null)]
    [InlineData("m:1", 1, 1L, null)]
    [InlineData("m:2", 2, 2L, null)]
    [InlineData("m:live", 1, 1L, "live")]
    public async Task Synchronous_start_runs_what_it_names_and_the_answer_shows_it(string reference, int ran, long? version, string? alias)
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync(WorkflowType.Express);
        ExecutionRecord ended = HarnessSteps.Value(await StartSyncAsync(harness, reference));
        Assert.Equal(ran.ToString(System.Globalization.CultureInfo.InvariantCulture), ((JsonObject)JsonValue.Parse(ended.Output ?? ""))["ran"]?.ToString());
        Assert.Equal((version, alias, MachineArn), (ended.Version, ended.Alias, ended.StateMachineArn));
    }

    [Theory]
    [InlineData("m:3")]
    [InlineData("m:dead")]
    [InlineData("other:1")]
    [InlineData("other")]
    public async Task What_is_not_there_cannot_be_started(string reference)
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync(WorkflowType.Express);
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, (await StartAsync(harness, reference, "one")).Error?.Code);
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, (await StartSyncAsync(harness, reference)).Error?.Code);
    }

    [Theory]
    [InlineData("m:")]
    [InlineData(":1")]
    [InlineData("m:$LATEST")]
    [InlineData("m:01")]
    [InlineData("m:1:2")]
    public async Task What_names_nothing_is_refused(string reference)
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync();
        Assert.Equal(ErrorCodes.InvalidName, (await StartAsync(harness, reference, "one")).Error?.Code);
    }

    [Fact]
    public async Task Start_that_is_repeated_keeps_the_version_that_was_drawn_first()
    {
        await using IDriverHarness harness = await OpenAsync();
        await PublishAsync(harness, Machines.Wait);
        await RouteAsync(harness, new AliasRoute(1, 100));
        StartOutcome first = HarnessSteps.Value(await StartAsync(harness, "m:live", "one", """{"seconds":100}"""));
        await harness.RunUntilIdleAsync();
        await PublishAsync(harness, Newest);
        await RouteAsync(harness, new AliasRoute(2, 100));

        foreach (string reference in (string[])["m:live", "m:2", "m"])
        {
            StartOutcome again = HarnessSteps.Value(await StartAsync(harness, reference, "one", """{"seconds":100}"""));
            Assert.Equal((false, first.Execution.Key, 1L, "live"), (again.Created, again.Execution.Key, again.Execution.Version, again.Execution.Alias));
        }

        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await StartAsync(harness, "m:live", "one", "{}")).Error?.Code);
        Assert.Equal(2, HarnessSteps.Value(await StartAsync(harness, "m:live", "two")).Execution.Version);
    }

    [Fact]
    public async Task Alias_divides_its_starts_between_its_two_versions()
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync();
        await RouteAsync(harness, new AliasRoute(1, 50), new AliasRoute(2, 50));
        HashSet<long?> drawn = [];

        // Sixty draws that all agree come once in 2^59.
        for (int number = 0; number < 60 && drawn.Count < 2; number++)
        {
            ExecutionRecord started = HarnessSteps.Value(await StartAsync(harness, "m:live", $"e{number}")).Execution;
            Assert.Contains($"\"ran\":{started.Version}", (await harness.EndAsync(started.Key)).Output, StringComparison.Ordinal);
            drawn.Add(started.Version);
        }

        Assert.Equal([1, 2], drawn.Order());
    }

    [Fact]
    public async Task Running_executions_go_on_without_version_alias_and_machine_and_are_still_listed_by_them()
    {
        await using IDriverHarness harness = await OpenAsync();
        await PublishAsync(harness, Machines.Wait);
        await RouteAsync(harness, new AliasRoute(1, 100));
        ExecutionKey key = HarnessSteps.Value(await StartAsync(harness, "m:live", "one", """{"seconds":100}""")).Execution.Key;
        await harness.RunUntilIdleAsync();

        Assert.True((await harness.Service.StateMachines.DeleteAsync(HarnessSteps.Anna, "m", null, CancellationToken.None)).Succeeded);
        Assert.Equal(ErrorCodes.StateMachineDoesNotExist, (await StartAsync(harness, "m:live", "two")).Error?.Code);
        if (harness.CanCrash)
        {
            await harness.CrashAndRestartAsync();
        }

        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(Engine.ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        Assert.Equal(key, (await OnlyOneAsync(harness, "m:live")).Key);
        Assert.Equal(key, (await OnlyOneAsync(harness, "m:1")).Key);
    }

    [Fact]
    public async Task Lists_hold_to_version_or_alias_on_every_page_and_in_every_status()
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync();
        await PublishAsync(harness, Machines.Wait);
        foreach (string reference in (string[])["m", "m:1", "m:2", "m:3", "m:live"])
        {
            foreach (int number in (int[])[1, 2])
            {
                string name = $"{reference.Replace(':', '-')}-{number}";
                HarnessSteps.Value(await StartAsync(harness, reference, name, """{"seconds":100}"""));
                await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            }
        }

        (string Reference, Engine.ExecutionStatus? Status, string[] Expected)[] cases =
        [
            ("m:1", null, ["m-live-2", "m-live-1", "m-1-2", "m-1-1"]),
            ("m:2", Engine.ExecutionStatus.Succeeded, ["m-2-2", "m-2-1"]),
            ("m:2", Engine.ExecutionStatus.Running, []),
            ("m:3", Engine.ExecutionStatus.Running, ["m-3-2", "m-3-1"]),
            ("m:live", null, ["m-live-2", "m-live-1"]),
            ("m:dead", null, []),
            ("m:4", null, []),
            ("m", Engine.ExecutionStatus.Running, ["m-3-2", "m-3-1", "m-2", "m-1"]),
        ];
        foreach ((string reference, Engine.ExecutionStatus? status, string[] expected) in cases)
        {
            foreach (int size in (int[])[1, 100])
            {
                Assert.Equal(expected, (await ListAsync(harness, reference, status, size)).Select(execution => execution.Name));
            }
        }
    }

    [Fact]
    public async Task Task_starts_a_version_or_through_an_alias_and_is_told_which()
    {
        await using IDriverHarness harness = await OpenWithVersionsAsync();
        harness.ServeNestedExecutions();
        StateMachineRecord parent = await harness.CreateMachineAsync("parent", """
            {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
            "Parameters":{"StateMachineArn.$":"$.arn"},"End":true}}}
            """);

        var told = (JsonObject)JsonValue.Parse(
            (await harness.EndAsync(await harness.StartAsync(parent, "alias", $$"""{"arn":"{{MachineArn}}:live"}"""))).Output ?? "");
        Assert.Equal(
            ($"\"{MachineArn}:live\"", $"\"{MachineArn}:1\"", $"\"{MachineArn}\""),
            (told["StateMachineAliasArn"]?.ToString(), told["StateMachineVersionArn"]?.ToString(), told["StateMachineArn"]?.ToString()));
        Assert.Equal("1", ((JsonObject?)told["Output"])?["ran"]?.ToString());
    }

    private async Task<IDriverHarness> OpenWithVersionsAsync(WorkflowType type = WorkflowType.Standard)
    {
        IDriverHarness harness = await OpenAsync();
        await PublishAsync(harness, First, type);
        await PublishAsync(harness, Second);
        await RouteAsync(harness, new AliasRoute(1, 100), new AliasRoute(2, 0));
        HarnessSteps.Value(await harness.Service.StateMachines.UpdateAsync(
            HarnessSteps.Anna, "m", new UpdateStateMachineRequest(Newest, null), CancellationToken.None));
        return harness;
    }

    private static async Task PublishAsync(IDriverHarness harness, string definition, WorkflowType type = WorkflowType.Standard)
    {
        if (await harness.Ports.StateMachines.FindAsync(HarnessSteps.Anna, "m", CancellationToken.None) is null)
        {
            HarnessSteps.Value(await harness.Service.StateMachines.CreateAsync(
                HarnessSteps.Anna, new CreateStateMachineRequest("m", definition) { Type = type, Publish = true }, CancellationToken.None));
            return;
        }

        HarnessSteps.Value(await harness.Service.StateMachines.UpdateAsync(
            HarnessSteps.Anna, "m", new UpdateStateMachineRequest(definition, null) { Publish = true }, CancellationToken.None));
    }

    private static async Task RouteAsync(IDriverHarness harness, params AliasRoute[] routes)
    {
        Result<CreateAliasOutcome> created = await harness.Service.Aliases.CreateAsync(
            HarnessSteps.Anna, "m", new CreateAliasRequest("live", null, [.. routes]), CancellationToken.None);
        if (!created.Succeeded)
        {
            HarnessSteps.Value(await harness.Service.Aliases.UpdateAsync(
                HarnessSteps.Anna, "m", "live", new UpdateAliasRequest(null, [.. routes]), CancellationToken.None));
        }
    }

    private static Task<Result<StartOutcome>> StartAsync(IDriverHarness harness, string reference, string name, string input = "{}") =>
        harness.Service.Executions.StartAsync(HarnessSteps.Anna, reference, name, JsonValue.Parse(input), parent: null, CancellationToken.None)
            .AsTask().WaitAsync(HarnessSteps.Patience);

    private static Task<Result<ExecutionRecord>> StartSyncAsync(IDriverHarness harness, string reference) =>
        harness.Service.Executions.StartSyncAsync(HarnessSteps.Anna, reference, "one", JsonObject.Empty, CancellationToken.None)
            .AsTask().WaitAsync(HarnessSteps.Patience);

    private static async Task<ExecutionRecord> OnlyOneAsync(IDriverHarness harness, string reference) =>
        Assert.Single(await ListAsync(harness, reference, null, 10));

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(
        IDriverHarness harness, string reference, Engine.ExecutionStatus? status, int size)
    {
        List<ExecutionRecord> all = [];
        string? token = null;
        do
        {
            Page<ExecutionRecord> page = HarnessSteps.Value(await harness.Service.Executions.ListAsync(
                HarnessSteps.Anna, reference, status, new ListRequest(size, token), CancellationToken.None));
            all.AddRange(page.Items);
            token = page.Next;
        }
        while (token is not null);
        return all;
    }
}
