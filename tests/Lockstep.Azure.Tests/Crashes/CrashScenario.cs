using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Crashes;

/// <summary>Something that clients and workers do with one execution, each asking again until it has an answer.</summary>
/// <param name="Prepare">What is there before.</param>
/// <param name="Run">Starts the execution and does what it waits for.</param>
/// <param name="Ends">How the execution has to end.</param>
/// <param name="Effects">Effects that it has, repetitions not counted. A client that repeats the start of an Express execution starts another one.</param>
internal sealed record CrashScenario(
    Func<AzureDriverHarness, Task> Prepare,
    Func<AzureDriverHarness, Task<ExecutionKey>> Run,
    (ExecutionStatus Status, string? Output) Ends,
    int Effects)
{
    private const string Awaited =
        """
        {"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"Next":"B"},
        "B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"End":true}}}
        """;

    private const string Wide =
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"End":true}}}}}}
        """;

    private const string Distributed =
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"l","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"TYPE"},
        "StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"End":true}}}}}}
        """;

    private const string Worked =
        """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:work","TimeoutSeconds":100,
        "Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxAttempts":5}],"End":true}}}
        """;

    private const string Nested =
        """
        {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","OutputPath":"$.Output","End":true,
        "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Input.$":"$"}}}}
        """;

    /// <summary>Whether only calls of functions count as effects: those of the children of map runs, and not the calls that start them.</summary>
    public bool CountsFunctionsOnly { get; init; }

    /// <summary>Effects of the one execution in which something was called with an argument, where these are others than <see cref="Effects"/>.</summary>
    public (string Argument, int Effects)? Exception { get; init; }

    /// <summary>Whether every run has the same history; not where a task may have to be tried again.</summary>
    public bool HasOneHistory { get; init; } = true;

    /// <summary>Every scenario, by name.</summary>
    public static IReadOnlyDictionary<string, CrashScenario> All { get; } = new Dictionary<string, CrashScenario>(StringComparer.Ordinal)
    {
        ["awaited calls"] = new(With(Awaited), harness => StartAsync(harness, "7"), (ExecutionStatus.Succeeded, "7"), 2),
        ["queued calls"] = new(With(Machines.Tasks(2)), harness => StartAsync(harness, "7"), (ExecutionStatus.Succeeded, "7"), 2),
        ["calls in batches"] = new(With(Wide), harness => StartAsync(harness, Items(25)), (ExecutionStatus.Succeeded, Items(25)), 25),
        ["a timer"] = new(With(Machines.Wait), WaitAsync, (ExecutionStatus.Succeeded, """{"seconds":10}"""), 0),
        ["a callback"] = new(With(Machines.Callback), CallBackAsync, (ExecutionStatus.Succeeded, "7"), 1),
        ["a callback that never comes"] = new(
            With(Machines.Callback.Replace("\"End\"", "\"TimeoutSeconds\":20,\"End\"", StringComparison.Ordinal)), TimeOutAsync, (ExecutionStatus.Failed, null), 1),
        ["a stop"] = new(With(Machines.Callback), StopAsync, (ExecutionStatus.Aborted, null), 1),
        ["a worker"] = new(With(Worked), WorkAsync, (ExecutionStatus.Succeeded, "7"), 0) { HasOneHistory = false },
        ["a child"] = new(WithChild, harness => StartAsync(harness, "7"), (ExecutionStatus.Succeeded, """{"done":true}"""), 1),
        ["a map run"] = new(WithMapRun, harness => StartAsync(harness, "[5,6,7]"), (ExecutionStatus.Succeeded, "[5,6,7]"), 1) { CountsFunctionsOnly = true },
        ["a map run of Express children"] = new(WithExpressMapRun, harness => StartAsync(harness, "[5,6]"), (ExecutionStatus.Succeeded, "[5,6]"), 1) { CountsFunctionsOnly = true },
        ["a map run under a lost task hub"] = new(WithMapRunAndHub, LoseHubUnderMapRunAsync, (ExecutionStatus.Succeeded, "[5,6,7]"), 1) { CountsFunctionsOnly = true },
        ["a lost task hub"] = new(WithHub, LoseHubAsync, (ExecutionStatus.Succeeded, "7"), 1),
        ["a lost task hub under calls"] = new(WithHubAndCalls, LoseHubUnderCallsAsync, (ExecutionStatus.Succeeded, "7"), 2),
        ["a redrive"] = new(WithRefusal, harness => RedriveAsync(harness, "7"), (ExecutionStatus.Succeeded, "7"), 3),
        ["a redrive of a map run"] = MapRunRedrive("STANDARD"),
        ["a redrive of a map run of Express children"] = MapRunRedrive("EXPRESS"),
        ["an Express run"] = new(WithExpress, harness => StartAsync(harness, "7"), (ExecutionStatus.Succeeded, "7"), 2) { HasOneHistory = false },
    };

    private static string Items(int count) => $"[{string.Join(',', Enumerable.Range(0, count))}]";

    /// <summary>The second of three children fails, which ends the map run before its third begins; the redrive begins these two.</summary>
    private static CrashScenario MapRunRedrive(string type) => new(
        harness => WithRefusedChildAsync(harness, type), harness => RedriveAsync(harness, "[5,6,7]"), (ExecutionStatus.Succeeded, "[5,6,7]"), 1)
    {
        CountsFunctionsOnly = true,
        Exception = ("6", 2),
    };

    private static Func<AzureDriverHarness, Task> With(string definition) => async harness =>
    {
        await harness.CreateMachineAsync("m", definition);
        await harness.Ports.Activities.CreateAsync(
            new ActivityRecord(HarnessSteps.Anna, "work", harness.Service.Arns.Activity(HarnessSteps.Anna, "work"), harness.Time.GetUtcNow()),
            CancellationToken.None);
    };

    /// <summary>The sweep finds executions by their tenant.</summary>
    private static async Task WithHub(AzureDriverHarness harness)
    {
        await harness.Ports.Tenants.CreateAsync(new TenantRecord(HarnessSteps.Anna, null, harness.Time.GetUtcNow()), CancellationToken.None);
        await With(Machines.Callback)(harness);
    }

    private static async Task WithHubAndCalls(AzureDriverHarness harness)
    {
        await WithHub(harness);
        await harness.CreateMachineAsync("calls", Machines.Tasks(2));
    }

    private static async Task WithChild(AzureDriverHarness harness)
    {
        harness.ServeNestedExecutions();
        await harness.CreateMachineAsync("child", Machines.Pass);
        await harness.CreateMachineAsync("m", Nested);
    }

    private static Task WithMapRun(AzureDriverHarness harness) => WithMapRunAsync(harness, "STANDARD");

    private static Task WithExpressMapRun(AzureDriverHarness harness) => WithMapRunAsync(harness, "EXPRESS");

    private static async Task WithMapRunAndHub(AzureDriverHarness harness)
    {
        await WithHub(harness);
        harness.ServeMapRuns();
        await harness.CreateMachineAsync("calls", Distributed.Replace("TYPE", "STANDARD", StringComparison.Ordinal));
    }

    private static async Task WithMapRunAsync(AzureDriverHarness harness, string type)
    {
        harness.ServeMapRuns();
        await harness.CreateMachineAsync("m", Distributed.Replace("TYPE", type, StringComparison.Ordinal));
    }

    private static async Task WithExpress(AzureDriverHarness harness) =>
        await harness.CreateMachineAsync("m", Machines.Tasks(2), WorkflowType.Express);

    private static async Task<ExecutionKey> StartAsync(AzureDriverHarness harness, string input, string name = "m")
    {
        StateMachineRecord machine = await harness.InsistAsync(
            async () => await harness.Ports.StateMachines.FindAsync(HarnessSteps.Anna, name, CancellationToken.None))
            ?? throw new InvalidOperationException("There is no machine.");
        Result<StartOutcome> started = await harness.InsistAsync(() => harness.TryStartAsync(machine, "one", input));
        await harness.RunUntilIdleAsync();
        return HarnessSteps.Value(started).Execution.Key;
    }

    private static async Task<ExecutionKey> WaitAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, """{"seconds":10}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        return key;
    }

    private static async Task<ExecutionKey> CallBackAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, "{}");
        string token = await TokenAsync(harness);
        await ReportAsync(harness, token);
        return key;
    }

    /// <summary>The second task is refused, however often its first attempt is made, and not after a redrive.</summary>
    private static async Task WithRefusal(AzureDriverHarness harness)
    {
        await WithHub(harness);
        await harness.CreateMachineAsync("calls", Awaited);
        string? refused = null;
        harness.Targets.Answer = (call, _) =>
        {
            refused ??= call.StateName == "B" ? call.IdempotencyKey : null;
            return ValueTask.FromResult<TaskOutcome>(call.IdempotencyKey == refused ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters));
        };
    }

    private static async Task WithRefusedChildAsync(AzureDriverHarness harness, string type)
    {
        await WithHub(harness);
        await harness.CreateMachineAsync(
            "calls",
            Distributed.Replace("TYPE", type, StringComparison.Ordinal).Replace("\"Label\"", "\"MaxConcurrency\":1,\"Label\"", StringComparison.Ordinal));
        string? refused = null;
        harness.Targets.Answer = (call, _) =>
        {
            refused ??= call.Resource.Kind == ResourceKind.Function && call.Parameters.ToString() == "6" ? call.IdempotencyKey : null;
            return ValueTask.FromResult<TaskOutcome>(call.IdempotencyKey == refused ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters));
        };
        harness.ServeMapRuns();
    }

    private static async Task<ExecutionKey> RedriveAsync(AzureDriverHarness harness, string input)
    {
        ExecutionKey key = await StartAsync(harness, input, "calls");
        for (int look = 0; look < 20 && (await harness.InsistAsync(() => harness.DescribeAsync(key))).Status == ExecutionStatus.Running; look++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(61));
            await harness.SweepAsync();
        }

        Result<RedriveOutcome> redriven = await harness.InsistAsync(() => harness.TryRedriveAsync(key, "token"));
        Assert.True(redriven.Succeeded, redriven.Error?.Message);
        await harness.RunUntilIdleAsync();
        Assert.Equal(1, (await harness.InsistAsync(() => harness.DescribeAsync(key))).RedriveCount);
        return key;
    }

    private static async Task<ExecutionKey> LoseHubAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, "{}");
        string token = await TokenAsync(harness);
        await harness.LoseTaskHubAsync();
        await harness.SweepAsync();
        await ReportAsync(harness, token);
        return key;
    }

    /// <summary>Lost while the first calls of the children are under way, whose answers come to nobody.</summary>
    private static async Task<ExecutionKey> LoseHubUnderMapRunAsync(AzureDriverHarness harness)
    {
        CallGate gate = harness.Targets.NewGate();
        Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> answer = harness.Targets.Answer;
        harness.Targets.Answer = async (call, cancellation) =>
        {
            if (call.Resource.Kind == ResourceKind.Function)
            {
                await gate.PassAsync(cancellation);
            }

            return await answer(call, cancellation);
        };
        ExecutionKey key = await StartAsync(harness, "[5,6,7]", "calls");
        gate.Open();
        await harness.LoseTaskHubAsync();
        await harness.SweepAsync();
        return key;
    }

    /// <summary>Lost while the first call is under way, whose answer comes to nobody.</summary>
    private static async Task<ExecutionKey> LoseHubUnderCallsAsync(AzureDriverHarness harness)
    {
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, cancellation) =>
        {
            await gate.PassAsync(cancellation);
            return new TaskAnswered(call.Parameters);
        };
        ExecutionKey key = await StartAsync(harness, "7", "calls");
        gate.Open();
        await harness.LoseTaskHubAsync();
        await harness.SweepAsync();
        return key;
    }

    private static async Task<ExecutionKey> TimeOutAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, "{}");
        await TokenAsync(harness);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(30));
        return key;
    }

    private static async Task<ExecutionKey> StopAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, "{}");
        await TokenAsync(harness);
        Result<ExecutionRecord> stopped = await harness.InsistAsync(
            async () => await harness.Client.StopAsync(key, "E", "C", CancellationToken.None));
        Assert.True(stopped.Succeeded, stopped.Error?.Message);
        return key;
    }

    private static async Task<ExecutionKey> WorkAsync(AzureDriverHarness harness)
    {
        ExecutionKey key = await StartAsync(harness, "{}");
        for (int poll = 0; poll < 20; poll++)
        {
            ActivityTask? task = (await harness.InsistAsync(async () => (Task: await harness.Ports.Activities.PollAsync(
                HarnessSteps.Anna, "work", "w", TimeSpan.Zero, CancellationToken.None), 0))).Task;
            if (task is not null)
            {
                await ReportAsync(harness, task.TaskToken);
                return key;
            }

            await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
            await harness.SweepAsync();
        }

        throw new InvalidOperationException("No worker ever got the task.");
    }

    private static async Task ReportAsync(AzureDriverHarness harness, string token)
    {
        Result<Accepted> answered = await harness.InsistAsync(async () => await harness.Client.DeliverAsync(
            harness.ClaimsOf(token), new TaskSuccessReport(JsonNumber.Of(7)), CancellationToken.None));
        Assert.True(answered.Succeeded, answered.Error?.Message);
    }

    /// <summary>The token that the effect was given; the sweep helps a start whose process died.</summary>
    private static async Task<string> TokenAsync(AzureDriverHarness harness)
    {
        for (int look = 0; harness.Targets.Calls.IsEmpty && look < 5; look++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(61));
            await harness.SweepAsync();
        }

        return harness.Targets.Calls.Last().TaskToken ?? throw new InvalidOperationException("The call had no token.");
    }
}
