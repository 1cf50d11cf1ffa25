using Lockstep.Asl.Resources;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Recovery;
using Lockstep.Azure.Storage;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Azure.Crashes;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.TestKit.Azure;

/// <summary>
/// The whole platform on Azure as the contracts see it: messages, secrets and the Durable runtime in memory, the triggers called by hand. Tables
/// and blobs are in memory too, unless others are given.
/// </summary>
public sealed partial class AzureDriverHarness : IDriverHarness
{
    /// <summary>Longest time, on the real clock, until nothing more happens by itself; services behind a network take theirs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly MemoryAzure _cloud;
    private readonly ITables _tables;
    private readonly IBlobs _blobs;
    private readonly SimulatedDurableHost _host;
    private readonly List<string> _warnings = [];
    private readonly List<DeliveredMessage> _atWork = [];
    private readonly Func<TargetSources, ServedTargets>? _realTargets;
    private AzurePlatform? _platform;
    private WorkerProcess _process = new();

    private AzureDriverHarness(DurableFaults? faults, ITables? tables, IBlobs? blobs, int? faultSeed, Func<TargetSources, ServedTargets>? targets)
    {
        _realTargets = targets;
        _cloud = new MemoryAzure(time: Time);
        _background = faultSeed is { } seed ? new BackgroundFaults(_cloud, Time, seed) : null;
        _tables = tables ?? _cloud.Tables;
        _blobs = blobs ?? _cloud.Blobs;
        _host = new SimulatedDurableHost(Time, faults);
        Targets.Holding = () => _process.Move();
    }

    /// <inheritdoc/>
    public ServicePorts Ports => _ports ?? throw new InvalidOperationException("The host is not open.");

    private ServicePorts? _ports;

    /// <inheritdoc/>
    public LockstepService Service => Platform.Service;

    /// <inheritdoc/>
    public ITaskTokens Tokens => Platform.Tokens;

    /// <inheritdoc/>
    public ManualTimeProvider Time { get; } = new();

    /// <inheritdoc/>
    public ScriptedTargets Targets { get; } = new();

    /// <inheritdoc/>
    public ServiceTelemetry Telemetry { get; } = new(ServiceLimits.Default);

    /// <inheritdoc/>
    public long Incarnation => 1;

    /// <inheritdoc/>
    public bool CanCrash => true;

    /// <summary>What has gone wrong so far, as the operator hears of it.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
            {
                return [.. _warnings];
            }
        }
    }

    /// <inheritdoc/>
    public TimeSpan FollowerDelay => PollingExecutionChanges.LongestPause;

    private AzurePlatform Platform => _platform ?? throw new InvalidOperationException("The host is not open.");

    /// <summary>An empty platform.</summary>
    /// <param name="faults">What goes wrong in the Durable runtime; null for nothing.</param>
    /// <param name="tables">Tables that nobody else has; null for tables in memory.</param>
    /// <param name="blobs">A container that nobody else has; null for blobs in memory.</param>
    /// <param name="faultSeed">
    /// Draws what goes wrong in the tables, the blobs and the bus in memory, behind the backs of clients: in activities, triggers and the sweep, not in requests. Null
    /// for nothing.
    /// </param>
    /// <param name="targets">What tasks call; null for <see cref="Targets"/>, and for every resource.</param>
    public static async Task<IDriverHarness> OpenAsync(
        DurableFaults? faults = null,
        ITables? tables = null,
        IBlobs? blobs = null,
        int? faultSeed = null,
        Func<TargetSources, ServedTargets>? targets = null)
    {
        var harness = new AzureDriverHarness(faults, tables, blobs, faultSeed, targets);
        await harness.ComposeAsync();
        return harness;
    }

    /// <summary>The driver itself, which does not wait for the end of what it stops.</summary>
    public IExecutionDriver Client => Platform.Ports.Driver;

    /// <summary>From now on the process dies where a plan says, and another one takes its place by itself; with null it lives.</summary>
    public void Crash(CrashPlan? plan) => _process.Plan = plan;

    /// <summary>
    /// Asks the service as a client does that asks again, of the next process, when the connection breaks before it has an answer. What is asked
    /// must not run the host.
    /// </summary>
    public async Task<T> InsistAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            await LiveAsync();
            try
            {
                return await _process.WaitForAsync(Task.Run(ask));
            }
            catch (ProcessDiedException)
            {
                // Nothing was acknowledged.
            }
        }
    }

    /// <summary>The task hub is lost, and the process with what it had under way for it; rows, blobs and messages stay.</summary>
    public Task LoseTaskHubAsync()
    {
        _host.LoseEverything();
        return CrashAndRestartAsync();
    }

    /// <summary>Lets the timer of the sweep fire once, and runs until idle.</summary>
    public async Task SweepAsync()
    {
        await InsistAsync(async () => await Platform.Sweep.StepAsync(CancellationToken.None));
        await RunUntilIdleAsync();
    }

    /// <inheritdoc/>
    public async Task RunUntilIdleAsync()
    {
        // The continuations of activities belong to the simulated runtime, and to no test framework.
        using var patience = new CancellationTokenSource(Patience);
        await Task.Run(async () =>
        {
            _background?.Enter();
            do
            {
                patience.Token.ThrowIfCancellationRequested();
                await LiveAsync();
                _host.Run();
                await _process.AllHeldAsync(() => Held, patience.Token);
            }
            while (_process.IsDead || await DeliverAsync() > 0 || _process.IsDead || _host.NextDue <= Time.GetUtcNow() || IsBusy || await SweepWhatWasLostAsync());
        });
    }

    /// <inheritdoc/>
    public async Task AdvanceAsync(TimeSpan by)
    {
        DateTimeOffset target = Time.GetUtcNow() + by;
        await RunUntilIdleAsync();
        while (Next() is { } due && due <= target)
        {
            Time.Advance(due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.Zero);
            await RunUntilIdleAsync();
        }

        Time.Advance(target - Time.GetUtcNow());
        await RunUntilIdleAsync();
    }

    /// <inheritdoc/>
    public async Task ExpireAsync()
    {
        await RunUntilIdleAsync();
        while (!(await InsistAsync(async () => await Platform.Retention.StepAsync(CancellationToken.None))).IsRoundDone)
        {
            // Every step notes where it is.
        }

        await RunUntilIdleAsync();
    }

    /// <inheritdoc/>
    public Task CrashAndRestartAsync()
    {
        _process.Die();
        return LiveAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _platform?.Dispose();
        _later?.Dispose();
        Telemetry.Dispose();
        return ValueTask.CompletedTask;
    }

    private DateTimeOffset? Next() => (Time.NextDue, _host.NextDue) switch
    {
        ({ } one, { } other) => one < other ? one : other,
        var (one, other) => one ?? other,
    };

    /// <summary>Whether work goes on by itself: it is under way, and nothing that the test holds keeps it from going on.</summary>
    private bool IsBusy => !_process.IsDead && _process.UnderWay > Held;

    private async Task<int> DeliverAsync()
    {
        WorkerProcess process = _process;
        return await _cloud.Messages.DeliverAllAsync(
                MessageRoute.Callbacks,
                message => _background?.LosesWake() == true ? Task.CompletedTask : HandleAsync(process, () => Platform.Callbacks.HandleAsync(message.Message.SessionId ?? "", CancellationToken.None).AsTask()),
                () => process.IsDead)
            + await _cloud.Messages.DeliverAllAsync(
                MessageRoute.ExecutionEvents,
                message => HandleAsync(
                    process,
                    () => Platform.EventLog.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body], CancellationToken.None).AsTask()),
                () => process.IsDead)
            + await _cloud.Messages.DeliverAllAsync(
                MessageRoute.Tasks,
                message =>
                {
                    _ = WorkAsync(process, message);
                    return Task.CompletedTask;
                },
                () => process.IsDead);
    }

    /// <summary>A trigger: the message comes again when the process dies in it.</summary>
    private static Task<bool> HandleAsync(WorkerProcess process, Func<Task> handle)
    {
        return process.WaitForAsync(RunAsync());

        async Task<bool> RunAsync()
        {
            await process.PassAsync("receiving a message");
            await handle();
            await process.PassAsync("settling a message");
            return true;
        }
    }

    /// <summary>The trigger of the queue of calls, which takes as long as its call: the message stays locked, and comes again if it failed.</summary>
    private async Task WorkAsync(WorkerProcess process, DeliveredMessage message)
    {
        lock (_atWork)
        {
            _atWork.Add(message);
        }

        bool isDone = false;
        try
        {
            await process.CountAsync(
                async () =>
                {
                    await process.PassAsync("receiving a call");
                    isDone = await Platform.Tasks.HandleAsync(message.Message.Body, CancellationToken.None);
                    await process.PassAsync("settling a call");
                    return isDone;
                },
                Note);
        }
        finally
        {
            if (Unlock(message) && !isDone)
            {
                // What fails for minutes fails here within a moment, and so often at most that it is never given up.
                _cloud.Messages.Abandon(_background is null ? message : message with { DeliveryCount = 0 });
            }
        }
    }

    private bool Unlock(DeliveredMessage message)
    {
        lock (_atWork)
        {
            return _atWork.Remove(message);
        }
    }

    private void Note(Exception failure)
    {
        lock (_warnings)
        {
            _warnings.Add(failure.ToString());
        }
    }

    /// <summary>Starts another process where the last one has died: what it had in memory is gone, what the services keep for it is handed out again.</summary>
    private async Task LiveAsync()
    {
        if (!_process.IsDead)
        {
            return;
        }

        AzurePlatform? dead = _platform;
        CrashPlan? plan = _process.Plan;
        Targets.Forget();
        _process = new WorkerProcess();
        await ComposeAsync();
        _process.Plan = plan;
        dead?.Dispose();
        _host.AbandonActivities();
        DeliveredMessage[] locked;
        lock (_atWork)
        {
            locked = [.. _atWork];
            _atWork.Clear();
        }

        Array.ForEach(locked, _cloud.Messages.Abandon);
    }

    private async Task ComposeAsync()
    {
        WorkerProcess process = _process;
        var options = new AzureOptions
        {
            Driver = new DriverOptions { StopWait = TimeSpan.Zero },
            Recovery = new RecoveryOptions { Grace = TimeSpan.Zero, RoundPause = TimeSpan.Zero },
        };
        _repeated = _background is null ? null : new RepeatedCalls(Targets, process.Move);
        if (_background is not null)
        {
            // The clock stands still where they would wait.
            options = options with
            {
                Storage = new StorageRetryOptions { FirstDelay = TimeSpan.Zero },
                Orchestration = options.Orchestration with { FirstBackoffSeconds = 0 },
            };
        }

        var ports = new AzurePorts(
            new ProcessTables(process, _tables),
            new ProcessBlobs(process, _blobs),
            new ProcessMessages(process, _cloud.Messages),
            new ProcessOrchestrations(process, _host),
            new ProcessSecrets(process, _cloud.Secrets),
            sources => _realTargets?.Invoke(sources) is { } real
                ? real with { Targets = new ProcessTargets(process, real.Targets) }
                : new ServedTargets(new ProcessTargets(process, _repeated ?? (ITaskTargets)Targets), ResourceCatalog.Permissive),
            Time,
            (message, failure) =>
            {
                lock (_warnings)
                {
                    _warnings.Add($"{message} {failure}");
                }
            })
        {
            Telemetry = Telemetry,
        };
        AzurePlatform platform = await AzurePlatform.OpenAsync(ports, options, CancellationToken.None);
        _platform = platform;
        await ComposeLaterAsync(ports, options);
        _ports = platform.Ports with
        {
            Driver = new WaitingDriver(this, platform.Ports.Driver),
            MapRuns = platform.Ports.MapRuns is { } runs ? new WaitingMapRuns(this, runs) : null,
        };
        _host.AddOrchestrator(OrchestrationNames.Execution, platform.Orchestrator.RunAsync);
        _host.AddOrchestrator(OrchestrationNames.TaskBatch, TaskBatchOrchestrator.RunAsync);
        foreach (string name in OrchestrationNames.Activities)
        {
            _host.AddActivity(name, (input, cancellation) => new ValueTask<string>(process.CountAsync(
                async () =>
                {
                    await process.PassAsync($"beginning {name}");
                    string answer = await platform.Activities.RunAsync(name, input, cancellation);
                    await process.PassAsync($"answering {name}");
                    return answer;
                },
                Note)));
        }
    }
}
