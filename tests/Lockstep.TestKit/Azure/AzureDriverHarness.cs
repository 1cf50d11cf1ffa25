using Lockstep.Asl.Resources;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.TestKit.Azure;

/// <summary>
/// The whole platform on Azure as the contracts see it: messages, secrets and the Durable runtime in memory, the triggers called by hand. Tables
/// and blobs are in memory too, unless others are given.
/// </summary>
public sealed class AzureDriverHarness : IDriverHarness
{
    private readonly MemoryAzure _cloud;
    private readonly ITables _tables;
    private readonly IBlobs _blobs;
    private readonly SimulatedDurableHost _host;
    private readonly List<string> _warnings = [];
    private AzurePlatform? _platform;
    private TaskCompletionSource _moved = NewSignal();
    private int _underWay;

    private AzureDriverHarness(DurableFaults? faults, ITables? tables, IBlobs? blobs)
    {
        _cloud = new MemoryAzure(time: Time);
        _tables = tables ?? _cloud.Tables;
        _blobs = blobs ?? _cloud.Blobs;
        _host = new SimulatedDurableHost(Time, faults);
        Targets.Holding = Moved;
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
    public bool CanCrash => false;

    /// <inheritdoc/>
    public TimeSpan FollowerDelay => PollingExecutionChanges.LongestPause;

    private AzurePlatform Platform => _platform ?? throw new InvalidOperationException("The host is not open.");

    /// <summary>An empty platform.</summary>
    /// <param name="faults">What goes wrong in the Durable runtime; null for nothing.</param>
    /// <param name="tables">Tables that nobody else has; null for tables in memory.</param>
    /// <param name="blobs">A container that nobody else has; null for blobs in memory.</param>
    public static async Task<IDriverHarness> OpenAsync(DurableFaults? faults = null, ITables? tables = null, IBlobs? blobs = null)
    {
        var harness = new AzureDriverHarness(faults, tables, blobs);
        await harness.ComposeAsync();
        return harness;
    }

    /// <inheritdoc/>
    public async Task RunUntilIdleAsync()
    {
        // The continuations of activities belong to the simulated runtime, and to no test framework.
        await Task.Run(async () =>
        {
            do
            {
                _host.Run();
                await AllHeldAsync();
            }
            while (await DeliverAsync() > 0 || _host.NextDue <= Time.GetUtcNow() || Volatile.Read(ref _underWay) > Targets.Held);
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
    public Task CrashAndRestartAsync() => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _platform?.Dispose();
        Telemetry.Dispose();
        return ValueTask.CompletedTask;
    }

    private DateTimeOffset? Next() => (Time.NextDue, _host.NextDue) switch
    {
        ({ } one, { } other) => one < other ? one : other,
        var (one, other) => one ?? other,
    };

    private async Task<int> DeliverAsync() =>
        await _cloud.Messages.DeliverAllAsync(
            MessageRoute.Callbacks, message => Platform.Callbacks.HandleAsync(message.Message.SessionId ?? "", CancellationToken.None).AsTask())
        + await _cloud.Messages.DeliverAllAsync(
            MessageRoute.ExecutionEvents,
            message => Platform.EventLog.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body], CancellationToken.None).AsTask())
        + await _cloud.Messages.DeliverAllAsync(MessageRoute.Tasks, message =>
        {
            _ = CountAsync(async () => await Platform.Tasks.HandleAsync(message.Message.Body, CancellationToken.None));
            return Task.CompletedTask;
        });

    /// <summary>Waits until no work is under way but what a gate holds.</summary>
    private async Task AllHeldAsync()
    {
        while (true)
        {
            Task moved = Volatile.Read(ref _moved).Task;
            if (Volatile.Read(ref _underWay) <= Targets.Held)
            {
                return;
            }

            await moved;
        }
    }

    private void Moved() => Interlocked.Exchange(ref _moved, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts work from its begin until whoever waits for it has been told.</summary>
    private Task<T> CountAsync<T>(Func<Task<T>> work)
    {
        var told = new TaskCompletionSource<T>();
        Interlocked.Increment(ref _underWay);
        _ = RunAsync();
        return told.Task;

        async Task RunAsync()
        {
            try
            {
                told.SetResult(await work());
            }
            catch (Exception failure)
            {
                lock (_warnings)
                {
                    _warnings.Add(failure.ToString());
                }

                told.SetException(failure);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
                Moved();
            }
        }
    }

    private async Task ComposeAsync()
    {
        var options = new AzureOptions { Driver = new DriverOptions { StopWait = TimeSpan.Zero } };
        _platform = await AzurePlatform.OpenAsync(
            new AzurePorts(
                _tables,
                _blobs,
                _cloud.Messages,
                _host,
                _cloud.Secrets,
                _ => new ServedTargets(Targets, ResourceCatalog.Permissive),
                Time,
                (message, failure) => _warnings.Add($"{message} {failure}"))
            {
                Telemetry = Telemetry,
            },
            options,
            CancellationToken.None);
        _ports = Platform.Ports with { Driver = new WaitingDriver(this, Platform.Ports.Driver) };
        _host.AddOrchestrator(OrchestrationNames.Execution, Platform.Orchestrator.RunAsync);
        _host.AddOrchestrator(OrchestrationNames.TaskBatch, TaskBatchOrchestrator.RunAsync);
        foreach (string name in OrchestrationNames.Activities)
        {
            _host.AddActivity(
                name, (input, cancellation) => new ValueTask<string>(CountAsync(async () => await Platform.Activities.RunAsync(name, input, cancellation))));
        }
    }

    /// <summary>Lets the runtime work where the driver would wait for it: the clock of the contracts stands still.</summary>
    private sealed class WaitingDriver(AzureDriverHarness harness, IExecutionDriver driver) : IExecutionDriver
    {
        public ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation) => driver.StartAsync(request, cancellation);

        public ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation) =>
            driver.StartSyncAsync(request, cancellation);

        public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
        {
            Result<ExecutionRecord> asked = await driver.StopAsync(key, error, cause, cancellation);
            if (asked is not { Succeeded: true, Value.Status: ExecutionStatus.Running })
            {
                return asked;
            }

            await harness.RunUntilIdleAsync();
            return await harness.DescribeAsync(key);
        }

        public ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation) =>
            driver.DeliverAsync(task, report, cancellation);
    }
}
