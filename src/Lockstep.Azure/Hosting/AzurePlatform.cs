using System.Diagnostics;
using Lockstep.Azure.Activities;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Channels;
using Lockstep.Azure.Connections;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Events;
using Lockstep.Azure.Functions;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Items;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Logging;
using Lockstep.Azure.MapRuns;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Recovery;
using Lockstep.Azure.Retention;
using Lockstep.Azure.Security;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Azure.Tags;
using Lockstep.Azure.Tenancy;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Effects;
using Lockstep.Service.Express;
using Lockstep.Service.Naming;
using Lockstep.Service.Timers;

namespace Lockstep.Azure.Hosting;

/// <summary>
/// The service on Azure without a host: stores, driver, use cases, and what the triggers call. Any number of processes compose one each over the
/// same storage.
/// </summary>
public sealed class AzurePlatform : IDisposable
{
    private readonly TimerQueue _timers;
    private readonly SynchronousRuns _syncRuns;

    private AzurePlatform(AzurePorts ports, AzureOptions options, ServiceKeys keys)
    {
        // Targets start nested executions and the driver calls targets, so one of them has to be asked for late.
        LockstepService? composed = null;

        // So do ends of parts of map runs and redrives of them.
        PartRedrives? redrives = null;
        var retry = new StorageRetry(options.Storage, ports.Time);
        var machines = new TableStateMachineStore(ports.Tables, ports.Blobs, retry, ports.Time);
        var functions = new TableFunctionStore(ports.Tables, retry);
        var ledger = new TableExecutionLedger(ports.Tables, ports.Blobs, ports.Messages, ports.Telemetry);
        var reader = new TableExecutionReader(ports.Tables, ports.Blobs);
        var intents = new TableIntents(ports.Tables);
        var tenants = new TableTenantStore(ports.Tables, retry);
        var arns = new ArnFormat(options.Region);
        var objects = new TableObjectStore(ports.Tables, ports.Blobs, retry, ports.Time);
        var channels = new TableChannelStore(ports.Tables, retry, ports.Time);
        var events = new TableExecutionEventReader(ports.Tables, ports.Blobs);
        var items = new ItemTableStore(ports.Tables, retry, ports.Time);
        var logs = new TableLogStore(ports.Tables, retry, ports.Time, options.Retention.MaxAge);
        var tokens = new TaskTokens(keys.TaskTokens, options.Limits);
        var inbox = new InboxDelivery(ledger, intents, ports.Messages, ports.Time, options.Driver.SweepAfter, ports.Warn);
        var children = new ChildEnds(
            ledger,
            inbox,
            ports.Time,
            (part, parent, cancellation) => (redrives ?? throw new UnreachableException("A part of a map run ended before the platform was composed."))
                .RedriveAtEndAsync(part, parent, cancellation));
        var activityRecords = new ActivityRecords(ports.Tables, retry);
        var activityQueue = new ActivityTaskQueue(
            ports.Tables,
            ports.Blobs,
            new ActivityQueueParts(intents, ports.Messages, ports.Time, options.Driver.SweepAfter, retry, ports.Warn));
        var followUps = new ExecutionFollowUps(activityRecords, activityQueue, ports.Messages, inbox, children, intents, ports.Time);
        var compiled = new CompiledMachines(options.MaxCompiledMachines);
        var scheduler = new ExecutionScheduler(
            new OrchestrationScheduler(ports.Orchestrations, machines, options.Orchestration), ports.Messages);
        var starts = new ExecutionStarts(ledger, scheduler, intents, children, ports.Time, options.Driver.SweepAfter);
        var recovery = new RecoveryParts(
            ports.Tables, ports.Blobs, ledger, machines, compiled, tokens, ports.Orchestrations, scheduler, followUps, options.Orchestration, logs);
        redrives = new PartRedrives(new PartRedriveParts(
            recovery, ledger, intents, inbox, children, Interpreter.DecideWithVisits, ports.Time, options.Driver.SweepAfter));
        var mapRuns = new AzureMapRuns(new MapRunParts(
            ledger, new LedgerMapRuns(ports.Tables, ports.Blobs), new ChildListings(ports.Tables), redrives, machines, compiled, starts, inbox, tokens, options.ExecutionLimits, options.Driver, arns, ports.Time));
        ServedTargets targets = ports.Targets(new TargetSources(
            functions,
            machines,
            () => composed ?? throw new UnreachableException("A target was called before the service was composed."),
            mapRuns,
            objects));
        _timers = new TimerQueue(ports.Time, ports.Telemetry);
        var effects = new EffectRunner(new EffectSetup
        {
            MaxEffects = options.MaxConcurrentEffects,
            MaxEffectsPerTenant = options.MaxConcurrentEffectsPerTenant,
            Targets = () => targets.Targets,
            Time = ports.Time,
            Warn = ports.Warn,
            Telemetry = ports.Telemetry?.Executions,
        });
        var express = new ExpressWorker(new ExpressParts(
            ledger,
            machines,
            machine => compiled.Get(machine.Definition),
            new ExpressRuntime(ports.Time, _timers, effects, tokens, ports.Telemetry) { Logs = logs, Warn = ports.Warn },
            options.Driver.ExpressTimeout,
            followUps.EndedAsync));
        _syncRuns = new SynchronousRuns(new SynchronousParts(
            express, ledger, intents, tokens, options.ExecutionLimits, options.Driver, ports.Time, ports.Warn));
        var redrive = new ExecutionRedrive(recovery, ledger, intents, Interpreter.DecideWithVisits, ports.Time, options.Driver.SweepAfter);
        Ports = new ServicePorts
        {
            StateMachines = machines,
            Versions = new TableVersionStore(ports.Tables, retry),
            Driver = new AzureDriver(new DriverParts(
                ledger, machines, starts, inbox, _syncRuns, tokens, options.ExecutionLimits, options.Driver, ports.Time, redrive.RedriveAsync)),
            Executions = reader,
            Changes = new PollingExecutionChanges(ports.Tables, ports.Blobs, ports.Time),
            Activities = new AzureActivityStore(activityRecords, activityQueue),
            Functions = functions,
            MapRuns = mapRuns,
            Objects = objects,
            Channels = channels,
            Connections = new TableConnectionStore(ports.Tables, retry),
            Tables = items,
            Tags = new TableTagStore(ports.Tables, retry),
            Logs = logs,
            Events = events,
            Tenants = tenants,
            Resources = targets.Catalog,
            Telemetry = ports.Telemetry,
            Targets = targets.Targets,
            Warn = ports.Warn,
        };
        composed = new LockstepService(
            Ports,
            keys,
            options.Limits,
            new ServiceSettings
            {
                Region = options.Region,
                AllowPlainHttpFunctions = options.AllowPlainHttpFunctions,
                OperatorKey = ports.OperatorKey,
                LongestTestCall = options.Driver.SyncAnswer,
            },
            ports.Time);
        Service = composed;
        Tokens = tokens;
        Orchestrator = new ExecutionOrchestrator(compiled, tokens);
        Activities = new ExecutionActivities(new ActivityPorts(
            ledger, followUps, machines, targets.Targets, ports.Blobs, logs, ports.Time, options.Orchestration, ports.Warn)
        {
            Telemetry = ports.Telemetry,
        });
        Callbacks = new CallbackHandler(ports.Orchestrations);
        Tasks = new TaskWorker(ledger, targets.Targets, inbox, express, ports.Time, ports.Warn, ports.Telemetry);
        EventLog = new EventLog(ports.Tables, events, new StatusChangeBus(channels, new ArnFormat(options.Region), options.Limits, ports.Time));
        Sweep = new Sweep(
            intents,
            new SweepWork(ledger, scheduler, ports.Orchestrations, children.StartedAsync, followUps.EndedAsync),
            ports.Time,
            options.Sweep,
            ports.Warn,
            ports.Telemetry)
        {
            Recovery = new RecoverySweep(
                ports.Tables,
                new ExecutionRecovery(recovery, Interpreter.DecideWithVisits),
                tenants,
                ports.Time,
                options.Recovery,
                ports.Warn),
        };
        Retention = new RetentionSweep(ports.Tables, ports.Blobs, [objects, channels, items, logs], tenants, ports.Time, options.Retention, ports.Warn)
        {
            Orchestrations = ports.Orchestrations,
        };
    }

    /// <summary>The use cases.</summary>
    public LockstepService Service { get; }

    /// <summary>What the use cases are composed over.</summary>
    public ServicePorts Ports { get; }

    /// <summary>Reads and issues task tokens.</summary>
    public ITaskTokens Tokens { get; }

    /// <summary>The orchestrator of executions.</summary>
    public ExecutionOrchestrator Orchestrator { get; }

    /// <summary>The activities of orchestrations.</summary>
    public ExecutionActivities Activities { get; }

    /// <summary>What the trigger of the queue <c>callbacks</c> calls.</summary>
    public CallbackHandler Callbacks { get; }

    /// <summary>What the triggers of the queue <c>tasks</c> and of its dead letters call.</summary>
    public TaskWorker Tasks { get; }

    /// <summary>What the trigger of the subscription <c>event-log</c> calls.</summary>
    public EventLog EventLog { get; }

    /// <summary>What the timer <c>Sweep</c> calls.</summary>
    public Sweep Sweep { get; }

    /// <summary>What the timer <c>Retention</c> calls.</summary>
    public RetentionSweep Retention { get; }

    /// <summary>Composes everything; reads the signing keys, and draws those that are not there yet.</summary>
    public static async ValueTask<AzurePlatform> OpenAsync(AzurePorts ports, AzureOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(options);
        var keys = new VaultSigningKeyStore(ports.Secrets, ports.Tables, new StorageRetry(options.Storage, ports.Time));
        return new AzurePlatform(ports, options, await ServiceKeys.LoadAsync(keys, ports.Time, cancellation));
    }

    /// <summary>Gives up the Express executions that run here: those that have a row go on elsewhere.</summary>
    public void Stop() => _syncRuns.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _syncRuns.Stop();
        _syncRuns.Dispose();
        _timers.Dispose();
    }
}
