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
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>
/// The platform over the cloud in memory, run by the real runtime of Durable Task in this process: its replay, its timers, its serialisation. What
/// the platform would trigger is triggered by <see cref="DeliverAsync"/>. The clock is the real one, because the runtime knows no other.
/// </summary>
internal sealed class DurableWorld : IAsyncDisposable
{
    /// <summary>Longest time that a test waits for something that has to happen. Reaching it is a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DurableTaskTestHost _host;
    private readonly DurableOrchestrations _orchestrations;

    private DurableWorld(
        MemoryAzure cloud, AzurePlatform platform, ScriptedTargets targets, DurableOrchestrations orchestrations, DurableTaskTestHost host)
    {
        _orchestrations = orchestrations;
        Cloud = cloud;
        Platform = platform;
        Targets = targets;
        _host = host;
    }

    public MemoryAzure Cloud { get; }

    public AzurePlatform Platform { get; }

    public ScriptedTargets Targets { get; }

    public DurableTaskClient Client => _host.Client;

    public static async Task<DurableWorld> StartAsync(AzureOptions? options = null)
    {
        var cloud = new MemoryAzure(time: TimeProvider.System);
        var orchestrations = new DurableOrchestrations();
        var targets = new ScriptedTargets();
        List<string> warnings = [];
        AzurePlatform platform = await AzurePlatform.OpenAsync(
            new AzurePorts(
                cloud.Tables,
                cloud.Blobs,
                cloud.Messages,
                orchestrations,
                cloud.Secrets,
                _ => new ServedTargets(targets, StandardTargets.Catalog),
                TimeProvider.System,
                (message, _) => warnings.Add(message)),
            options ?? new AzureOptions(),
            CancellationToken.None);
        var activities = new ActivityFunctions(platform.Activities, orchestrations);
        var orchestrators = new OrchestrationFunctions(platform.Orchestrator);
        DurableTaskClient? client = null;
        DurableTaskTestHost host = await DurableTaskTestHost.StartAsync(registry =>
        {
            registry.AddOrchestratorFunc<string, string>("Execution", (context, _) => orchestrators.Execution(context));
            registry.AddOrchestratorFunc<string, string>("TaskBatch", (context, _) => OrchestrationFunctions.TaskBatch(context));
            foreach (MethodInfo method in typeof(ActivityFunctions).GetMethods())
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                {
                    var run = method.CreateDelegate<Func<string, DurableTaskClient, CancellationToken, Task<string>>>(activities);
                    registry.AddActivityFunc<string, string>(
                        function.Name, (_, input) => run(input, client ?? throw new InvalidOperationException("There is no client yet."), CancellationToken.None));
                }
            }
        });
        client = host.Client;
        orchestrations.Use(client);
        return new DurableWorld(cloud, platform, targets, orchestrations, host);
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
        await Cloud.Messages.DeliverAllAsync(
            MessageRoute.Callbacks, message => Platform.Callbacks.HandleAsync(message.Message.SessionId ?? "", CancellationToken.None).AsTask());
        await Cloud.Messages.DeliverAllAsync(MessageRoute.Tasks, async message =>
            Assert.True(await Platform.Tasks.HandleAsync(message.Message.Body, CancellationToken.None)));
        await Cloud.Messages.DeliverAllAsync(MessageRoute.ExecutionEvents, async message =>
            Assert.Equal(0, await Platform.EventLog.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body], CancellationToken.None)));
    }

    /// <summary>What the ledger knows of an execution.</summary>
    public async Task<LedgerHead?> LedgerHeadAsync(ExecutionKey key) =>
        await new TableExecutionLedger(Cloud.Tables, Cloud.Blobs, Cloud.Messages).FindAsync(key, CancellationToken.None);

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
        await _host.DisposeAsync();
        Platform.Dispose();
    }
}
