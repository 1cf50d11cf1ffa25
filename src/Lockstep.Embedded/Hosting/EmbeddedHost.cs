using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Embedded.Activities;
using Lockstep.Embedded.Channels;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Connections;
using Lockstep.Embedded.Events;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Express;
using Lockstep.Embedded.Functions;
using Lockstep.Embedded.Logging;
using Lockstep.Embedded.MapRuns;
using Lockstep.Embedded.Objects;
using Lockstep.Embedded.Retention;
using Lockstep.Embedded.Security;
using Lockstep.Embedded.StateMachines;
using Lockstep.Embedded.Storage;
using Lockstep.Embedded.Tables;
using Lockstep.Embedded.Tags;
using Lockstep.Embedded.Tenancy;
using Lockstep.Service;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Channels;
using Lockstep.Service.Connections;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.Limits;
using Lockstep.Service.Logging;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Objects;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Hosting;

/// <summary>
/// The embedded service on one data folder: every port, from opening to disposal. Stores can be used at once; executions run after
/// <see cref="StartAsync"/>, which takes what is composed on top of the stores.
/// </summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly ReaderPool _readers;
    private readonly Committer _committer;
    private readonly Store _store;
    private readonly DriverRuntime _runtime;
    private readonly ExpressRuns _express;
    private readonly Recovery _recovery;
    private readonly FileObjectStore _objects;
    private readonly StatusChangePump _statusChanges;
    private readonly OpenCounts _openCounts = new();
    private bool _disposed;

    private EmbeddedHost(DataFolder folder, SigningKeyFile keys, SqliteConnection writer, EmbeddedSetup setup)
    {
        EmbeddedOptions options = setup.Options;
        _folder = folder;
        SigningKeys = keys;
        _committer = new Committer(folder, writer, options.Storage, setup.Fatal, setup.Failpoints, setup.Trace, setup.Telemetry);
        _readers = new ReaderPool(options.Storage.MaxReaders, folder.OpenReader);
        _store = new Store(_readers, _committer);
        var reader = new SqliteExecutionReader(_store, new ArnFormat(options.Region), _openCounts);
        var changes = new ExecutionChangeHub(setup.Time);
        var machines = new MachineCache(_store, options.Driver.MaxCompiledMachines, setup.Compile);
        _runtime = new DriverRuntime(
            options.Driver, setup.Time, _committer, _store, machines, reader, changes, _openCounts, setup.Failpoints, setup.Log, setup.Trace, setup.Telemetry);
        var numbers = new ExecutionNumbers(_store);
        _express = new ExpressRuns(_runtime, numbers);
        _recovery = new Recovery(_runtime, _express);
        var driver = new EmbeddedDriver(_runtime, numbers, _express);
        Driver = driver;
        MapRuns = new EmbeddedMapRuns(_runtime, driver, _express, new ArnFormat(options.Region));
        Executions = reader;
        Changes = changes;
        StateMachines = new SqliteStateMachineStore(_store, setup.Time);
        Retention = new RetentionSweep(_store, _committer, setup.Time, options.Retention, setup.Log);
        Versions = new SqliteVersionStore(_store);
        Functions = new SqliteFunctionStore(_store);
        Connections = new SqliteConnectionStore(_store);
        Tables = new SqliteTableStore(_store);
        Tags = new SqliteTagStore(_store);
        Logs = new SqliteLogStore(_store);
        Channels = new SqliteChannelStore(_store);
        _objects = new FileObjectStore(_store, new ObjectFiles(folder.Path), setup.Time);
        Activities = new SqliteActivityStore(_store, _runtime.Activities, _runtime);
        Tenants = new SqliteTenantStore(_store);
        var events = new SqliteExecutionEventReader(_store, reader);
        Events = events;
        _statusChanges = new StatusChangePump(_store, events, new ArnFormat(options.Region), setup.Limits, setup.Time, _committer.Fail);
        _runtime.StatusChanges = _statusChanges;
    }

    /// <summary>Runs executions.</summary>
    public IExecutionDriver Driver { get; }

    /// <summary>Runs map runs.</summary>
    public IMapRunDriver MapRuns { get; }

    /// <summary>Reads executions and their history.</summary>
    public IExecutionReader Executions { get; }

    /// <summary>Tells followers of an execution that its history has grown.</summary>
    public IExecutionChanges Changes { get; }

    /// <summary>Keeps state machines.</summary>
    public IStateMachineStore StateMachines { get; }

    /// <summary>Versions and aliases of state machines.</summary>
    public IStateMachineVersionStore Versions { get; }

    /// <summary>Keeps functions.</summary>
    public IFunctionStore Functions { get; }

    /// <summary>Keeps connections.</summary>
    public IConnectionStore Connections { get; }

    /// <summary>Keeps queues, topics and event buses.</summary>
    public IChannelStore Channels { get; }

    /// <summary>Keeps objects.</summary>
    public IObjectStore Objects => _objects;

    /// <summary>Keeps tables.</summary>
    public ITableStore Tables { get; }

    /// <summary>Keeps changed tags.</summary>
    public ITagStore Tags { get; }

    /// <summary>Keeps log events.</summary>
    public ILogStore Logs { get; }

    /// <summary>Keeps activities and hands out their tasks.</summary>
    public IActivityStore Activities { get; }

    /// <summary>Keeps tenants and API keys.</summary>
    public ITenantStore Tenants { get; }

    /// <summary>Reads execution events.</summary>
    public IExecutionEventReader Events { get; }

    /// <summary>Keeps signing keys, in a file beside the database.</summary>
    public ISigningKeyStore SigningKeys { get; }

    /// <summary>Completes when everything that was running when the last process ended is in memory again and goes on.</summary>
    public Task Recovered => _recovery.Completion;

    /// <summary>Removes what is older than it has to be.</summary>
    internal RetentionSweep Retention { get; }

    /// <summary>Executions in memory.</summary>
    public int ExecutionsInMemory => _runtime.Directory.Count;

    /// <summary>Executions that have mail, decide, or wait for a flush.</summary>
    public int BusyExecutions => _runtime.Busy.Count;

    /// <summary>Effects under way.</summary>
    public int EffectsUnderWay => _runtime.Effects.UnderWay;

    /// <summary>What the application needs of this host.</summary>
    /// <param name="resources">What a definition may call.</param>
    public ServicePorts PortsWith(IResourceCatalog resources) => new()
    {
        StateMachines = StateMachines,
        Versions = Versions,
        Driver = Driver,
        Executions = Executions,
        Changes = Changes,
        Activities = Activities,
        Channels = Channels,
        Connections = Connections,
        Tables = Tables,
        Logs = Logs,
        Tags = Tags,
        Functions = Functions,
        MapRuns = MapRuns,
        Objects = Objects,
        Events = Events,
        Tenants = Tenants,
        Resources = resources,
    };

    /// <summary>Opens a data folder, creating it when it does not exist.</summary>
    /// <param name="dataFolder">Its path.</param>
    /// <param name="setup">What the service is composed of.</param>
    /// <exception cref="EmbeddedStartupException">The folder cannot be used; the failure says why.</exception>
    public static EmbeddedHost Open(string dataFolder, EmbeddedSetup setup)
    {
        DataFolder folder = DataFolder.Open(dataFolder, setup.Options.Storage);
        try
        {
            SigningKeyFile keys = SigningKeyFile.Open(folder.Path);
            return new EmbeddedHost(folder, keys, folder.OpenWriter(), setup);
        }
        catch (StorageException failure)
        {
            folder.Dispose();
            throw new EmbeddedStartupException(failure.Failure, failure.Explain(folder.DatabasePath), failure);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Starts to run executions. Returns as soon as requests can be taken; what was running is resumed meanwhile.</summary>
    public async Task StartAsync(ITaskTokens tokens, ITaskTargets targets, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await _objects.ClearLitterAsync();
        _runtime.Connect(tokens, targets);
        _openCounts.Recover(_store);
        _runtime.Telemetry?.ObserveOpenExecutions(() => _openCounts.ByTenant(_store));
        _runtime.Activities.Recover(_store);
        _runtime.Wakes.Start();
        _statusChanges.Recover();
        _recovery.Start();
        Retention.Start();
    }

    /// <summary>
    /// Finishes what is being done: no new effect starts, those under way may end and have their outcome stored, within
    /// <see cref="DriverOptions.DrainTimeout"/>. Waits and callbacks are left to the next process.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        _runtime.Effects.Drain();
        await _runtime.Effects.WhenNoneAsync(_runtime.Options.DrainTimeout, cancellation);
        _express.Stop();
        await _statusChanges.Idle;
        await _committer.WriteAsync(static _ => true);
    }

    /// <summary>Completes when every change of status that is durable now is on the event bus of its tenant, if that has one.</summary>
    internal Task StatusChangesForwarded => _statusChanges.Idle;

    /// <summary>The tasks that wait for workers: for tests that stand between a worker and its task.</summary>
    internal ActivityQueues ActivityQueues => _runtime.Activities;

    /// <summary>Completes when everything that waits to be written now is on disk.</summary>
    internal Task FlushAsync() => _committer.WriteAsync(static _ => true);

    /// <summary>Runs a statement on the writing connection; for tests that provoke a failure of the store.</summary>
    internal Task ExecuteAsync(string sql) => _committer.WriteAsync(context =>
    {
        context.Prepare(sql).Execute();
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _runtime.Effects.Drain();
        _express.Stop();
        _recovery.Stop();
        await Retention.DisposeAsync();
        await _recovery.Completion;
        await _statusChanges.StopAsync();
        _runtime.Dispose();
        _express.Dispose();
        _committer.Dispose();
        _readers.Dispose();
        _folder.Dispose();
    }
}

/// <summary>What an embedded service is composed of.</summary>
/// <param name="Options">Limits and names.</param>
/// <param name="Time">The clock.</param>
/// <param name="Compile">Compiles a stored definition; it compiled when it was created, so it does.</param>
public sealed record EmbeddedSetup(EmbeddedOptions Options, TimeProvider Time, Func<StateMachineRecord, CompiledMachine> Compile)
{
    /// <summary>The limits of the service, as far as what the driver itself puts on event buses is kept by them.</summary>
    public ServiceLimits Limits { get; init; } = ServiceLimits.Default;

    /// <summary>Ends the process when a flush fails.</summary>
    public IFatal Fatal { get; init; } = new ProcessFatal();

    /// <summary>Where the driver reports what needs the operator's attention.</summary>
    public IEmbeddedLog Log { get; init; } = new StandardErrorLog();

    /// <summary>Crash points, for crash tests only.</summary>
    public IFailpoints Failpoints { get; init; } = NoFailpoints.Instance;

    /// <summary>Sees flushes and acknowledgements; null when nobody looks.</summary>
    public ICommitTrace? Trace { get; init; }

    /// <summary>What the driver tells of itself; null when nobody wants to know.</summary>
    public ServiceTelemetry? Telemetry { get; init; }
}
