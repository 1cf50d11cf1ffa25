using System.Collections.Concurrent;
using Lockstep.Embedded.Activities;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Events;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Journal;
using Lockstep.Embedded.Logging;
using Lockstep.Embedded.StateMachines;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Timers;

namespace Lockstep.Embedded.Executions;

/// <summary>What executions in memory share. One per process; nothing in it belongs to a single execution.</summary>
internal sealed class DriverRuntime : IDisposable
{
    private const string FindActivity = "SELECT 1 FROM activities WHERE tenant = ?1 AND name = ?2";

    private readonly ConcurrentDictionary<long, bool> _quarantined = new();
    private ITaskTokens? _tokens;
    private ITaskTargets? _targets;
    private ExpressRuntime? _express;

    public DriverRuntime(
        DriverOptions options, TimeProvider time, Committer committer, Store store, MachineCache machines, SqliteExecutionReader reader,
        ExecutionChangeHub changes, OpenCounts openCounts, IFailpoints failpoints, IEmbeddedLog log, ICommitTrace? trace,
        ServiceTelemetry? telemetry)
    {
        Options = options;
        Time = time;
        Committer = committer;
        Store = store;
        Machines = machines;
        Reader = reader;
        Changes = changes;
        OpenCounts = openCounts;
        Failpoints = failpoints;
        Log = log;
        Trace = trace;
        Telemetry = telemetry;
        StartedAtTicks = time.GetUtcNow().UtcTicks;
        Timers = new TimerQueue(time, telemetry);
        Loader = new ExecutionLoader(this);
        Children = new ChildOutcomes(this);
        Effects = new EffectRunner(new EffectSetup
        {
            MaxEffects = options.MaxConcurrentEffects,
            MaxEffectsPerTenant = options.MaxConcurrentEffectsPerTenant,
            Targets = () => Targets,
            Time = time,
            Warn = (message, cause) => log.Warn(message, cause),
            Telemetry = telemetry?.Executions,
            AfterEffect = () => failpoints.Hit(Failpoint.AfterEffect),
        });
        Idle = new IdleExecutions(this);
        Wakes = new WakeSchedule(this);
    }

    public DriverOptions Options { get; }

    public TimeProvider Time { get; }

    public Committer Committer { get; }

    public Store Store { get; }

    public MachineCache Machines { get; }

    public SqliteExecutionReader Reader { get; }

    public ExecutionChangeHub Changes { get; }

    public OpenCounts OpenCounts { get; }

    /// <summary>Told of every change of status that is durable; null until the host is composed.</summary>
    public StatusChangePump? StatusChanges { get; set; }

    public IFailpoints Failpoints { get; }

    public IEmbeddedLog Log { get; }

    public ICommitTrace? Trace { get; }

    public ServiceTelemetry? Telemetry { get; }

    /// <summary>When this process began, in UTC ticks.</summary>
    public long StartedAtTicks { get; }

    public TimerQueue Timers { get; }

    public ExecutionLoader Loader { get; }

    public ExecutionDirectory Directory { get; } = new();

    public BusyCount Busy { get; } = new();

    public ActivityQueues Activities { get; } = new();

    public ChildOutcomes Children { get; }

    public EffectRunner Effects { get; }

    public IdleExecutions Idle { get; }

    public WakeSchedule Wakes { get; }

    /// <summary>Issues task tokens; there from the start of the driver.</summary>
    public ITaskTokens Tokens => _tokens ?? throw NotStarted();

    /// <summary>What tasks can call; there from the start of the driver.</summary>
    public ITaskTargets Targets => _targets ?? throw NotStarted();

    /// <summary>Runs Express executions; there from the start of the driver.</summary>
    public ExpressRuntime Express => _express ?? throw NotStarted();

    /// <summary>Supplies what is composed on top of the stores.</summary>
    public void Connect(ITaskTokens tokens, ITaskTargets targets)
    {
        _tokens = tokens;
        _targets = targets;
        _express = new ExpressRuntime(Time, Timers, Effects, tokens, Telemetry)
        {
            Logs = new SqliteLogStore(Store),
            Warn = (message, cause) => Log.Warn(message, cause),
        };
    }

    /// <summary>Hands a mail to an execution.</summary>
    public void Post(long number, Mail mail, bool inline) => Directory.Post(this, number, mail, inline);

    /// <summary>Writes something that nobody waits for.</summary>
    public void Write<T>(Func<WriteContext, T> write) => Committer.TryEnqueue(new StoreWrite<T>(write));

    /// <summary>Whether an activity exists.</summary>
    public bool ActivityExists(long tenantNumber, string name) => Store.Read((tenantNumber, name), static (connection, query) =>
        connection.Prepare(FindActivity).Bind(1, query.tenantNumber).Bind(2, query.name).ReadScalar() is not null);

    /// <summary>Whether an execution was quarantined by this process.</summary>
    public bool IsQuarantined(long number) => _quarantined.ContainsKey(number);

    /// <summary>Takes an execution out of service for good, and says why; its rows stay as evidence.</summary>
    public void Quarantine(long number, ExecutionKey? execution, Exception defect)
    {
        _quarantined[number] = true;
        Log.Warn($"Execution number {number} is quarantined", defect, execution);
        Write(context => context.Prepare(Sql.Quarantine).Bind(1, number).Bind(2, defect.Message).ExecuteChanges());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Idle.Dispose();
        Wakes.Dispose();
        Timers.Dispose();
    }

    private static InvalidOperationException NotStarted() => new("The driver has not been started.");
}
