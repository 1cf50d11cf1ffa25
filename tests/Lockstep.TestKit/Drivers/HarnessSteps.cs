using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Logging;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Xunit;

namespace Lockstep.TestKit.Drivers;

/// <summary>The steps that tests of a host are made of, over its ports.</summary>
public static class HarnessSteps
{
    /// <summary>Longest time, on the real clock, that a test waits for something that has to happen. Reaching it is a failure.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The tenant that tests use unless they need two.</summary>
    public static TenantId Anna { get; } = TenantOf(1);

    /// <summary>Another tenant.</summary>
    public static TenantId Bert { get; } = TenantOf(2);

    /// <summary>Adds a machine.</summary>
    public static async Task<StateMachineRecord> CreateMachineAsync(
        this IDriverHarness harness,
        string name,
        string definition,
        WorkflowType type = WorkflowType.Standard,
        TenantId? tenant = null,
        LoggingConfiguration? logging = null)
    {
        TenantId owner = tenant ?? Anna;
        DateTimeOffset now = harness.Time.GetUtcNow();
        var machine = new StateMachineRecord(
            owner, name, Guid.NewGuid().ToString("n"), definition, ArnFormat.DefaultRole(owner), type, now, now)
        {
            Logging = logging ?? LoggingConfiguration.Off,
        };
        return Value(await harness.Ports.StateMachines.CreateAsync(machine, CancellationToken.None));
    }

    /// <summary>Puts another definition in force.</summary>
    public static async Task<StateMachineRecord> UpdateMachineAsync(this IDriverHarness harness, StateMachineRecord machine, string definition) =>
        Value(await harness.Ports.StateMachines.UpdateAsync(
            machine with { Definition = definition, RevisionId = Guid.NewGuid().ToString("n"), UpdatedAt = harness.Time.GetUtcNow() },
            null,
            CancellationToken.None));

    /// <summary>Asks the driver to start an execution.</summary>
    public static Task<Result<StartOutcome>> TryStartAsync(
        this IDriverHarness harness, StateMachineRecord machine, string name, string input = "{}", ParentTask? parent = null, string? traceParent = null) =>
        harness.Ports.Driver.StartAsync(
            StartRequest.For(harness.Service.Arns, machine, name, JsonValue.Parse(input)) with { Parent = parent, TraceParent = traceParent },
            CancellationToken.None)
            .AsTask().WaitAsync(Patience);

    /// <summary>Starts an execution and runs until idle.</summary>
    public static async Task<ExecutionKey> StartAsync(
        this IDriverHarness harness, StateMachineRecord machine, string name, string input = "{}", string? traceParent = null)
    {
        ExecutionKey key = Value(await harness.TryStartAsync(machine, name, input, traceParent: traceParent)).Execution.Key;
        await harness.RunUntilIdleAsync();
        return key;
    }

    /// <summary>Adds a machine, starts an execution of it and runs until idle.</summary>
    public static async Task<ExecutionKey> RunAsync(this IDriverHarness harness, string definition, string input = "{}") =>
        await harness.StartAsync(await harness.CreateMachineAsync("m", definition), "one", input);

    /// <summary>Runs an Express execution; the caller moves the clock if need be, and awaits.</summary>
    public static Task<Result<ExecutionRecord>> StartSyncAsync(
        this IDriverHarness harness,
        StateMachineRecord machine,
        string input = "{}",
        TimeSpan? longestRun = null,
        string? traceParent = null,
        CancellationToken cancellation = default) =>
        harness.Ports.Driver.StartSyncAsync(
            StartRequest.For(harness.Service.Arns, machine, "run", JsonValue.Parse(input)) with { LongestRun = longestRun, TraceParent = traceParent },
            cancellation)
            .AsTask().WaitAsync(Patience, CancellationToken.None);

    /// <summary>The record of an execution that has to be there.</summary>
    public static async Task<ExecutionRecord> DescribeAsync(this IDriverHarness harness, ExecutionKey key) =>
        await harness.Ports.Executions.FindAsync(key, CancellationToken.None) ?? throw new InvalidOperationException($"No execution {key.Id}.");

    /// <summary>Runs until idle and answers with the record of an execution that has to have ended by then.</summary>
    public static async Task<ExecutionRecord> EndAsync(this IDriverHarness harness, ExecutionKey key)
    {
        await harness.RunUntilIdleAsync();
        ExecutionRecord record = await harness.DescribeAsync(key);
        Assert.True(record.Status != ExecutionStatus.Running, $"{key.Id} still runs.");
        return record;
    }

    /// <summary>
    /// Runs until an execution has ended. For asynchronous Express executions, which no host has to count when it says that it is idle.
    /// </summary>
    public static async Task<ExecutionRecord> WaitForEndAsync(this IDriverHarness harness, ExecutionKey key)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (true)
        {
            await harness.RunUntilIdleAsync();
            if (await harness.DescribeAsync(key) is { Status: not ExecutionStatus.Running } ended)
            {
                return ended;
            }

            giveUp.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Stops an execution and runs until idle.</summary>
    public static async Task<Result<ExecutionRecord>> StopAsync(this IDriverHarness harness, ExecutionKey key, string? error = null, string? cause = null)
    {
        Result<ExecutionRecord> stopped = await harness.Ports.Driver.StopAsync(key, error, cause, CancellationToken.None).AsTask().WaitAsync(Patience);
        await harness.RunUntilIdleAsync();
        return stopped;
    }

    /// <summary>Asks the driver to redrive an execution.</summary>
    public static Task<Result<RedriveOutcome>> TryRedriveAsync(
        this IDriverHarness harness,
        ExecutionKey key,
        string? clientToken = null,
        string? input = null,
        StateMachineRecord? revision = null,
        RedriveRules? rules = null) =>
        harness.Ports.Driver.RedriveAsync(
            new RedriveRequest(key, rules ?? RedriveRules.Of(ServiceLimits.Default))
            {
                ClientToken = clientToken,
                Input = input is null ? null : JsonValue.Parse(input),
                Revision = revision,
            },
            CancellationToken.None).AsTask().WaitAsync(Patience);

    /// <summary>Redrives an execution and runs until idle.</summary>
    public static async Task<RedriveOutcome> RedriveAsync(
        this IDriverHarness harness, ExecutionKey key, string? input = null, StateMachineRecord? revision = null)
    {
        RedriveOutcome outcome = Value(await harness.TryRedriveAsync(key, input: input, revision: revision));
        await harness.RunUntilIdleAsync();
        return outcome;
    }

    /// <summary>The whole history, oldest first.</summary>
    public static async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(this IDriverHarness harness, ExecutionKey key)
    {
        List<HistoryEvent> events = [];
        string? cursor = null;
        do
        {
            Page<HistoryEvent>? page = await harness.Ports.Executions.ReadHistoryAsync(
                key, reverse: false, new PageRequest(1_000, cursor), CancellationToken.None);
            Assert.NotNull(page);
            events.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return events;
    }

    /// <summary>Every execution event of a tenant after a sequence number.</summary>
    public static async Task<IReadOnlyList<ExecutionEvent>> EventsAsync(this IDriverHarness harness, TenantId tenant, long after = 0, int pageSize = 100)
    {
        List<ExecutionEvent> events = [];
        Page<ExecutionEvent> page;
        do
        {
            page = await harness.Ports.Events.ReadAsync(tenant, events.Count == 0 ? after : events[^1].Sequence, pageSize, CancellationToken.None);
            events.AddRange(page.Items);
        }
        while (page.Next is not null);
        return events;
    }

    /// <summary>Hands over the outcome of the task that a token names, and runs until idle.</summary>
    public static async Task<Result<Accepted>> ReportAsync(this IDriverHarness harness, string? token, TaskReport report)
    {
        Result<Accepted> answer = await harness.Ports.Driver.DeliverAsync(harness.ClaimsOf(token), report, CancellationToken.None)
            .AsTask().WaitAsync(Patience);
        await harness.RunUntilIdleAsync();
        return answer;
    }

    /// <summary>What a token says.</summary>
    public static TaskTokenClaims ClaimsOf(this IDriverHarness harness, string? token)
    {
        Assert.True(harness.Tokens.TryVerify(token ?? "", out TaskTokenClaims? claims), "No token of this host.");
        return claims;
    }

    /// <summary>Lets <c>states:startExecution</c> start children by the name that the parameters give; other calls are answered with their parameters.</summary>
    public static void ServeNestedExecutions(this IDriverHarness harness) => harness.Targets.Answer = async (call, cancellation) =>
    {
        if (call.Resource.Service != "states")
        {
            return new TaskAnswered(call.Parameters);
        }

        var given = (JsonObject)call.Parameters;
        bool waits = call.Resource.Pattern is Asl.Resources.IntegrationPattern.Sync or Asl.Resources.IntegrationPattern.Sync2;
        Result<StartOutcome> started = await harness.Service.Executions.StartAsync(
            call.Tenant,
            ((JsonString?)given["StateMachineArn"])?.Value.Split(':', 7)[^1] ?? "",
            ((JsonString?)given["Name"])?.Value ?? $"of-{call.IdempotencyKey}",
            given["Input"],
            new ParentTask(call.Execution, call.Task, waits),
            cancellation,
            call.Trace?.ToString());
        return started.Succeeded
            ? new TaskAnswered(JsonObject.Of("ExecutionArn", JsonString.Of(started.Value.Execution.Arn)))
            : new TaskRefused(started.Error.Code, started.Error.Message);
    };

    /// <summary>The value of an answer that has to have succeeded.</summary>
    public static T Value<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded ? result.Value : throw new InvalidOperationException($"{result.Error.Code}: {result.Error.Message}");

    /// <summary>The tenant with a number.</summary>
    public static TenantId TenantOf(int number) =>
        TenantId.TryParse($"{number:000000000000}", out TenantId tenant) ? tenant : throw new ArgumentOutOfRangeException(nameof(number));
}
