using System.Reflection;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Engine.History;
using Lockstep.Functions.Orchestrations;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.AzureManaged;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.AzureManaged;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>
/// The platform over a task hub, run by the real runtime of Durable Task with the worker and the client that the scheduler has: its replay, its timers, its
/// serialisation. What the platform would trigger is triggered by <see cref="DeliverAsync"/>. The clock is the real one, because the runtime knows no
/// other. Two worlds never share a task hub at the same time: each would take the other's work.
/// </summary>
internal sealed class DurableWorld : IAsyncDisposable
{
    /// <summary>Longest time that a test waits for something that has to happen. Reaching it is a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DurableBackend _backend;
    private readonly MemoryAzure _cloud;
    private readonly IHost _host;
    private readonly DurableOrchestrations _orchestrations;
    private readonly List<ExecutionKey> _started = [];

    private DurableWorld(
        DurableBackend backend, MemoryAzure cloud, AzurePlatform platform, ScriptedTargets targets, DurableOrchestrations orchestrations, IHost host)
    {
        _backend = backend;
        _cloud = cloud;
        _orchestrations = orchestrations;
        _host = host;
        Platform = platform;
        Targets = targets;
        Client = host.Services.GetRequiredService<DurableTaskClient>();
    }

    public AzurePlatform Platform { get; }

    public ScriptedTargets Targets { get; }

    public DurableTaskClient Client { get; }

    /// <summary>Starts a worker; ends, when it is disposed, with the backend.</summary>
    public static async Task<DurableWorld> StartAsync(DurableBackend backend, AzureOptions? options = null)
    {
        var cloud = new MemoryAzure(time: TimeProvider.System);
        var orchestrations = new DurableOrchestrations();
        var targets = new ScriptedTargets();
        AzurePlatform platform = await AzurePlatform.OpenAsync(
            new AzurePorts(
                backend.Tables,
                backend.Blobs,
                cloud.Messages,
                orchestrations,
                cloud.Secrets,
                _ => new ServedTargets(targets, StandardTargets.Catalog),
                TimeProvider.System,
                static (message, failure) => TestContext.Current.SendDiagnosticMessage($"{message} {failure}")),
            options ?? new AzureOptions(),
            CancellationToken.None);
        IHost host = BuildWorker(backend.Scheduler, platform, orchestrations);
        var world = new DurableWorld(backend, cloud, platform, targets, orchestrations, host);
        orchestrations.Use(world.Client);
        await host.StartAsync();
        return world;
    }

    /// <summary>Adds a machine and starts an execution of it.</summary>
    public async Task<ExecutionKey> StartAsync(string definition, string input = "{}")
    {
        Result<CreateStateMachineOutcome> machine = await Platform.Service.StateMachines.CreateAsync(
            HarnessSteps.Anna, new CreateStateMachineRequest("m" + Guid.NewGuid().ToString("n")[..8], definition), CancellationToken.None);
        Assert.True(machine.Succeeded, machine.Succeeded ? "" : machine.Error.Message);
        Result<StartOutcome> started = await Platform.Service.Executions.StartAsync(
            HarnessSteps.Anna, machine.Value.Machine.Name, "run", JsonValue.Parse(input), parent: null, CancellationToken.None);
        Assert.True(started.Succeeded, started.Succeeded ? "" : started.Error.Message);
        _started.Add(started.Value.Execution.Key);
        return started.Value.Execution.Key;
    }

    /// <summary>Waits until the orchestration has ended, which is not before the execution has.</summary>
    public async Task<ExecutionRecord> EndAsync(ExecutionKey key)
    {
        using var patience = new CancellationTokenSource(Patience);
        Task<OrchestrationMetadata> ended = Client.WaitForInstanceCompletionAsync(ExecutionInstances.IdOf(key), getInputsAndOutputs: true, patience.Token);
        while (!ended.IsCompleted)
        {
            await DeliverAsync();
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token));
        }

        OrchestrationMetadata instance = await ended;
        Assert.True(instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{instance.RuntimeStatus}: {instance.FailureDetails?.ErrorMessage}");
        return await FindAsync(key);
    }

    /// <summary>Hands out every message to whom the platform would hand it out.</summary>
    public async Task DeliverAsync()
    {
        await _cloud.Messages.DeliverAllAsync(
            MessageRoute.Callbacks, message => Platform.Callbacks.HandleAsync(message.Message.SessionId ?? "", CancellationToken.None).AsTask());
        await _cloud.Messages.DeliverAllAsync(MessageRoute.Tasks, async message =>
            Assert.True(await Platform.Tasks.HandleAsync(message.Message.Body, CancellationToken.None)));
        await _cloud.Messages.DeliverAllAsync(MessageRoute.ExecutionEvents, async message =>
            Assert.Equal(0, await Platform.EventLog.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body], CancellationToken.None)));
    }

    /// <summary>What the ledger knows of an execution.</summary>
    public async Task<LedgerHead?> LedgerHeadAsync(ExecutionKey key) =>
        await new TableExecutionLedger(_backend.Tables, _backend.Blobs, _cloud.Messages).FindAsync(key, CancellationToken.None);

    /// <summary>Schedules an execution as the sweep would, whatever has become of it.</summary>
    public async Task ScheduleAgainAsync(LedgerHead head) => await _orchestrations.ScheduleAsync(
        new OrchestrationStart(
            ExecutionInstances.IdOf(head.Record.Key),
            ExecutionOrchestrator.InputFor(head.Record.Key, Machines.Tasks(1), head.Start, OrchestrationSettings.Default)),
        CancellationToken.None);

    public async Task<ExecutionRecord> FindAsync(ExecutionKey key)
    {
        Result<ExecutionRecord> found = await Platform.Service.Executions.DescribeAsync(key, CancellationToken.None);
        Assert.True(found.Succeeded);
        return found.Value;
    }

    /// <summary>The whole history, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(ExecutionKey key)
    {
        List<HistoryEvent> events = [];
        while (true)
        {
            Result<Service.Paging.Page<HistoryEvent>> page = await Platform.Service.Executions.HistoryAfterAsync(key, events.Count, CancellationToken.None);
            Assert.True(page.Succeeded);
            if (page.Value.Items.Count == 0)
            {
                return events;
            }

            events.AddRange(page.Value.Items);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await TerminateAsync();
            await _host.StopAsync();
        }
        finally
        {
            _host.Dispose();
            Platform.Dispose();
            await _backend.DisposeAsync();
        }
    }

    /// <summary>What a test that failed has left running would be taken up by the worker of the next one.</summary>
    private async Task TerminateAsync()
    {
        foreach (ExecutionKey key in _started)
        {
            string instance = ExecutionInstances.IdOf(key);
            if (await Client.GetInstanceAsync(instance) is { IsCompleted: false })
            {
                await Client.TerminateInstanceAsync(instance);
            }
        }
    }

    private static IHost BuildWorker(string scheduler, AzurePlatform platform, DurableOrchestrations orchestrations)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddDurableTaskClient(client =>
        {
            client.UseDurableTaskScheduler(scheduler);
            client.RegisterDirectly();
        });
        IHost? host = null;
        builder.Services.AddDurableTaskWorker(worker =>
        {
            worker.UseDurableTaskScheduler(scheduler);
            worker.AddTasks(tasks => AddTasks(
                tasks,
                new OrchestrationFunctions(platform.Orchestrator),
                new ActivityFunctions(platform.Activities, orchestrations),
                () => host?.Services.GetRequiredService<DurableTaskClient>() ?? throw new InvalidOperationException("There is no client yet.")));
        });
        return host = builder.Build();
    }

    /// <summary>The functions under the names that they have on the platform.</summary>
    private static void AddTasks(
        DurableTaskRegistry tasks, OrchestrationFunctions orchestrators, ActivityFunctions activities, Func<DurableTaskClient> client)
    {
        tasks.AddOrchestratorFunc<string, string>(OrchestrationNames.Execution, (context, _) => orchestrators.Execution(context));
        tasks.AddOrchestratorFunc<string, string>(OrchestrationNames.TaskBatch, (context, _) => OrchestrationFunctions.TaskBatch(context));
        foreach (MethodInfo method in typeof(ActivityFunctions).GetMethods())
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
            {
                var run = method.CreateDelegate<Func<string, DurableTaskClient, CancellationToken, Task<string>>>(activities);
                tasks.AddActivityFunc<string, string>(function.Name, (_, input) => run(input, client(), CancellationToken.None));
            }
        }
    }
}
