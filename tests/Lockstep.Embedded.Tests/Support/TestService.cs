using Lockstep.Asl;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;
using WorkflowType = Lockstep.Service.StateMachines.WorkflowType;

namespace Lockstep.Embedded.Tests.Support;

/// <summary>An embedded service on a folder of its own, which can be closed and opened again; with a real or a manual clock.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly bool _ownsFolder;
    private EmbeddedHost? _host;

    private TestService(string folder, bool ownsFolder)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
    }

    public static TenantId Tenant { get; } = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;

    public string Folder { get; }

    public ScriptedTargets Targets { get; init; } = new();

    public RecordingFatal Fatal { get; } = new();

    public RecordingLog Log { get; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public EmbeddedOptions Options { get; set; } = new();

    public IFailpoints Failpoints { get; set; } = NoFailpoints.Instance;

    public ICommitTrace? Trace { get; set; }

    public ServiceTelemetry? Telemetry { get; set; }

    /// <summary>Called each time when the service is open and has not resumed anything yet: what its targets need has to be there before they are called.</summary>
    public Func<Task> Opened { get; set; } = static () => Task.CompletedTask;

    public EmbeddedHost Host => _host ?? throw new InvalidOperationException("The service is closed.");

    public TaskTokens Tokens { get; private set; } = null!; // Set by OpenAsync, before anybody can ask.

    public static ArnFormat Arns { get; } = new("local");

    /// <summary>Opens a service on a new folder.</summary>
    public static Task<TestService> NewAsync(TimeProvider? time = null, EmbeddedOptions? options = null, ScriptedTargets? targets = null) => OpenAsync(
        new TestService(Directory.CreateTempSubdirectory("lockstep-test-").FullName, ownsFolder: true)
        {
            Time = time ?? TimeProvider.System,
            Options = options ?? new EmbeddedOptions(),
            Targets = targets ?? new ScriptedTargets(),
        });

    /// <summary>A service that is not opened yet.</summary>
    public static TestService Closed(TimeProvider? time = null, EmbeddedOptions? options = null) =>
        new(Directory.CreateTempSubdirectory("lockstep-test-").FullName, ownsFolder: true)
        {
            Time = time ?? TimeProvider.System,
            Options = options ?? new EmbeddedOptions(),
        };

    /// <summary>Ends the process, as far as the service can tell, and starts another on the same folder.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>Copies what is on the disk at this moment, open or not, into the folder of a service that is not opened yet.</summary>
    public void CopyTo(TestService next)
    {
        foreach (string name in (string[])["lockstep.db", "lockstep.db-wal", "signing-keys.json"])
        {
            File.Copy(Path.Combine(Folder, name), Path.Combine(next.Folder, name));
        }
    }

    public async Task CloseAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
            _host = null;
        }
    }

    public async Task OpenAsync()
    {
        _host = EmbeddedHost.Open(Folder, new EmbeddedSetup(Options, Time, Compile)
        {
            Fatal = Fatal,
            Log = Log,
            Failpoints = Failpoints,
            Trace = Trace,
            Telemetry = Telemetry,
        });
        var ring = await KeyRing.LoadAsync(_host.SigningKeys, TaskTokens.Purpose, Time, CancellationToken.None);
        Tokens = new TaskTokens(ring, new ServiceLimits());
        await Opened();
        await _host.StartAsync(Tokens, Targets, CancellationToken.None);
    }

    public async ValueTask<StateMachineRecord> CreateMachineAsync(string name, string definition, WorkflowType type = WorkflowType.Standard)
    {
        var machine = new StateMachineRecord(
            Tenant, name, Guid.NewGuid().ToString("n"), definition, ArnFormat.DefaultRole(Tenant), type, Time.GetUtcNow(), Time.GetUtcNow());
        Result<StateMachineRecord> created = await Host.StateMachines.CreateAsync(machine, CancellationToken.None);
        return created.Succeeded ? created.Value : throw new InvalidOperationException(created.Error.Message);
    }

    public ValueTask<Result<StartOutcome>> TryStartAsync(StateMachineRecord machine, string name, string input = "{}", string? traceParent = null) =>
        Host.Driver.StartAsync(StartRequest.For(Arns, machine, name, JsonValue.Parse(input)) with { TraceParent = traceParent }, CancellationToken.None);

    public async ValueTask<ExecutionKey> StartAsync(StateMachineRecord machine, string name, string input = "{}", string? traceParent = null)
    {
        Result<StartOutcome> started = await TryStartAsync(machine, name, input, traceParent);
        return started.Succeeded ? started.Value.Execution.Key : throw new InvalidOperationException(started.Error.Message);
    }

    public async ValueTask<ExecutionRecord> DescribeAsync(ExecutionKey key) =>
        await Host.Executions.FindAsync(key, CancellationToken.None) ?? throw new InvalidOperationException($"No execution {key.Id}.");

    /// <summary>Waits until an execution has ended, moving nothing.</summary>
    public async ValueTask<ExecutionRecord> EndAsync(ExecutionKey key)
    {
        using IExecutionFollower follower = Host.Changes.Follow(key);
        long seen = 0;
        while (true)
        {
            ExecutionRecord record = await DescribeAsync(key);
            if (record.Status != ExecutionStatus.Running)
            {
                return record;
            }

            using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await follower.WaitAsync(seen, Timeout.InfiniteTimeSpan, giveUp.Token);
            seen = (await HistoryAsync(key)).Count;
        }
    }

    /// <summary>Waits until the history of an execution has an event of a type.</summary>
    public async ValueTask<HistoryEvent> EventAsync(ExecutionKey key, HistoryEventType type, int occurrence = 1)
    {
        using IExecutionFollower follower = Host.Changes.Follow(key);
        while (true)
        {
            IReadOnlyList<HistoryEvent> history = await HistoryAsync(key);
            if (history.Where(item => item.Type == type).Skip(occurrence - 1).FirstOrDefault() is { } found)
            {
                return found;
            }

            using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await follower.WaitAsync(history.Count, Timeout.InfiniteTimeSpan, giveUp.Token);
        }
    }

    public async ValueTask<IReadOnlyList<HistoryEvent>> HistoryAsync(ExecutionKey key)
    {
        List<HistoryEvent> events = [];
        string? cursor = null;
        do
        {
            Page<HistoryEvent>? page = await Host.Executions.ReadHistoryAsync(key, reverse: false, new PageRequest(1_000, cursor), CancellationToken.None);
            Assert.NotNull(page);
            events.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return events;
    }

    /// <summary>Moves a manual clock in steps, letting the service do its work after each, until a task is complete.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, TimeSpan step, int maxSteps = 2_000)
    {
        var clock = (ManualTimeProvider)Time;
        for (int taken = 0; taken < maxSteps && !task.IsCompleted; taken++)
        {
            clock.Advance(step);
            await RestAsync();
        }

        return await task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Lets the service work until nothing more happens by itself; calls that a gate holds do not count.</summary>
    public async Task RestAsync()
    {
        // Twice in a row: what is at work may hand over to something else between the two looks.
        await Host.Recovered;
        for (int quiet = 0; quiet < 2;)
        {
            await Host.Retention.Round;
            await Host.StatusChangesForwarded;
            await Host.FlushAsync();
            await Task.Yield();
            quiet = Host.BusyExecutions == 0 && Host.EffectsUnderWay <= Targets.Held ? quiet + 1 : 0;
        }
    }

    /// <summary>Moves a manual clock until no execution is in memory.</summary>
    public async Task ParkAllAsync()
    {
        for (int step = 0; step < 200 && Host.ExecutionsInMemory > 0; step++)
        {
            ((ManualTimeProvider)Time).Advance(Options.Driver.ParkInterval);
            await RestAsync();
        }

        Assert.Equal(0, Host.ExecutionsInMemory);
    }

    public async ValueTask<Result<Accepted>> ReportAsync(string token, TaskReport report)
    {
        Assert.True(Tokens.TryVerify(token, out TaskTokenClaims? claims));
        return await Host.Driver.DeliverAsync(claims, report, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    internal static Asl.Compiled.CompiledMachine Compile(StateMachineRecord machine)
    {
        AslLoadResult loaded = AslCompiler.Load(machine.Definition);
        return loaded.Machine ?? throw new InvalidOperationException(string.Join('\n', loaded.Diagnostics));
    }

    private static async Task<TestService> OpenAsync(TestService service)
    {
        await service.OpenAsync();
        return service;
    }
}
