using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Channels;
using Lockstep.Service.Connections;
using Lockstep.Service.Definitions;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.Limits;
using Lockstep.Service.Logging;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.StateTests;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service;

/// <summary>The application, composed: every use case over one set of ports. Protocols call this and nothing behind it.</summary>
public sealed class LockstepService
{
    private readonly ServicePorts _ports;

    /// <summary>Composes the application.</summary>
    public LockstepService(ServicePorts ports, ServiceKeys keys, ServiceLimits limits, ServiceSettings settings, TimeProvider time)
    {
        var names = new ResourceNames(limits);
        var pages = new PageTokens(keys.PageTokens, limits);
        Limits = limits;
        Time = time;
        Arns = new ArnFormat(settings.Region);
        Definitions = new DefinitionCompiler(ports.Resources, limits);
        Versions = new VersionUseCases(ports.StateMachines, ports.Versions, names, pages, limits, time);
        Aliases = new AliasUseCases(ports.StateMachines, ports.Versions, names, pages, limits, time);
        StateMachines = new StateMachineUseCases(ports.StateMachines, Versions, Definitions, names, pages, limits, time);
        Executions = new ExecutionUseCases(ports.StateMachines, ports.Versions, ports.Driver, ports.Executions, Arns, names, pages, limits, time, settings.Draw, ports.MapRuns);
        Redrives = new RedriveUseCases(ports.StateMachines, ports.Versions, ports.Driver, ports.Executions, limits, time);
        MapRuns = new MapRunUseCases(ports.MapRuns, pages);
        Tags = new TagUseCases(ports.Tags, limits);
        Activities = new ActivityUseCases(ports.Activities, Arns, names, pages, limits, time);
        Functions = new FunctionUseCases(ports.Functions, names, pages, limits, settings.AllowPlainHttpFunctions, time);
        Connections = new ConnectionUseCases(
            ports.Connections, new SecretCipher(keys.Connections), Arns, names, pages, limits, settings.AllowPlainHttpFunctions, time);
        Tables = new TableUseCases(ports.Tables, pages, limits, time);
        Channels = new ChannelUseCases(ports.Channels, pages, limits, time);
        Objects = new ObjectUseCases(ports.Objects, pages, limits);
        Callbacks = new CallbackUseCases(new TaskTokens(keys.TaskTokens, limits), ports.Driver, limits, ports.Telemetry);
        Events = new EventUseCases(ports.Events, limits);
        Logs = new LogUseCases(ports.Logs, pages);
        var longestCall = TimeSpan.FromSeconds(limits.MaxSyncSeconds);
        StateTests = new StateTestUseCases(
            Definitions,
            ports.Targets,
            Arns,
            limits,
            new StateTestSettings(settings.LongestTestCall < longestCall ? settings.LongestTestCall.Value : longestCall, ports.Warn),
            time);
        ApiKeys = new ApiKeys(ports.Tenants, keys.ApiKeys, time);
        AccessKeys = new AccessKeys(ports.Tenants, keys.ApiKeys, time);
        Operator = new OperatorUseCases(ports.Tenants, ApiKeys, AccessKeys, limits, time);
        OperatorKey = settings.OperatorKey;
        Changes = ports.Changes;
        Telemetry = ports.Telemetry;
        _ports = ports;
    }

    /// <summary>The limits in force.</summary>
    public ServiceLimits Limits { get; }

    /// <summary>The clock in force.</summary>
    public TimeProvider Time { get; }

    /// <summary>How resources are named.</summary>
    public ArnFormat Arns { get; }

    /// <summary>Checking definitions.</summary>
    public DefinitionCompiler Definitions { get; }

    /// <summary>State machines.</summary>
    public StateMachineUseCases StateMachines { get; }

    /// <summary>Versions of state machines.</summary>
    public VersionUseCases Versions { get; }

    /// <summary>Aliases of state machines.</summary>
    public AliasUseCases Aliases { get; }

    /// <summary>Executions.</summary>
    public ExecutionUseCases Executions { get; }

    /// <summary>Redriving executions.</summary>
    public RedriveUseCases Redrives { get; }

    /// <summary>Map runs.</summary>
    public MapRunUseCases MapRuns { get; }

    /// <summary>Activities.</summary>
    public ActivityUseCases Activities { get; }

    /// <summary>Tags of state machines and activities.</summary>
    public TagUseCases Tags { get; }

    /// <summary>Functions.</summary>
    public FunctionUseCases Functions { get; }

    /// <summary>Connections, which calls over HTTP prove by who makes them.</summary>
    public ConnectionUseCases Connections { get; }

    /// <summary>Queues, topics and event buses.</summary>
    public ChannelUseCases Channels { get; }

    /// <summary>Objects.</summary>
    public ObjectUseCases Objects { get; }

    /// <summary>Tables.</summary>
    public TableUseCases Tables { get; }

    /// <summary>Reports of task outcomes.</summary>
    public CallbackUseCases Callbacks { get; }

    /// <summary>Execution events.</summary>
    public EventUseCases Events { get; }

    /// <summary>Log groups.</summary>
    public LogUseCases Logs { get; }

    /// <summary>Tests of single states.</summary>
    public StateTestUseCases StateTests { get; }

    /// <summary>API keys.</summary>
    public ApiKeys ApiKeys { get; }

    /// <summary>Access keys, which sign requests of the Step Functions protocol.</summary>
    public AccessKeys AccessKeys { get; }

    /// <summary>What the operator does.</summary>
    public OperatorUseCases Operator { get; }

    /// <summary>The operator's credential; null when there is none, and then nobody is the operator.</summary>
    public OperatorKey? OperatorKey { get; }

    /// <summary>Following executions.</summary>
    public IExecutionChanges Changes { get; }

    /// <summary>What is told of requests; null when nobody wants to know.</summary>
    public ServiceTelemetry? Telemetry { get; }

    /// <summary>Reads something small from the storage, to find out whether it answers. It throws when it does not.</summary>
    public async ValueTask ProbeAsync(CancellationToken cancellation) => await _ports.Tenants.FindKeyAsync("readiness", cancellation);
}
