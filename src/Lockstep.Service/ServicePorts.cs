using System.Security.Cryptography;
using Lockstep.Asl.Resources;
using Lockstep.Service.Activities;
using Lockstep.Service.Channels;
using Lockstep.Service.Connections;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.Logging;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service;

/// <summary>Everything that the application needs from the way it is run: each host supplies one set.</summary>
public sealed record ServicePorts
{
    /// <summary>Keeps state machines.</summary>
    public required IStateMachineStore StateMachines { get; init; }

    /// <summary>Keeps versions and aliases of state machines.</summary>
    public required IStateMachineVersionStore Versions { get; init; }

    /// <summary>Runs executions.</summary>
    public required IExecutionDriver Driver { get; init; }

    /// <summary>Reads executions and history.</summary>
    public required IExecutionReader Executions { get; init; }

    /// <summary>Tells followers of an execution that it has gone on.</summary>
    public required IExecutionChanges Changes { get; init; }

    /// <summary>Keeps activities.</summary>
    public required IActivityStore Activities { get; init; }

    /// <summary>Keeps functions.</summary>
    public required IFunctionStore Functions { get; init; }

    /// <summary>Keeps connections.</summary>
    public required IConnectionStore Connections { get; init; }

    /// <summary>Keeps queues, topics and event buses.</summary>
    public required IChannelStore Channels { get; init; }

    /// <summary>Keeps objects.</summary>
    public required IObjectStore Objects { get; init; }

    /// <summary>Keeps tables.</summary>
    public required ITableStore Tables { get; init; }

    /// <summary>Keeps log events.</summary>
    public required ILogStore Logs { get; init; }

    /// <summary>Keeps changed tags.</summary>
    public required ITagStore Tags { get; init; }

    /// <summary>Reads execution events.</summary>
    public required IExecutionEventReader Events { get; init; }

    /// <summary>Keeps tenants and API keys.</summary>
    public required ITenantStore Tenants { get; init; }

    /// <summary>Knows which resources the targets serve; a definition that names another is refused.</summary>
    public required IResourceCatalog Resources { get; init; }

    /// <summary>What a tested state calls when nothing is mocked. Nothing unless a host says so.</summary>
    public ITaskTargets Targets { get; init; } = NoTaskTargets.Instance;

    /// <summary>Tells the operator of a defect outside executions, such as a target that threw in a test. Nobody listens unless a host says so.</summary>
    public Action<string, Exception> Warn { get; init; } = static (_, _) => { };

    /// <summary>Runs map runs; null where Map states in DISTRIBUTED mode do not run.</summary>
    public IMapRunDriver? MapRuns { get; init; }

    /// <summary>What the application tells of itself; null when nobody wants to know.</summary>
    public ServiceTelemetry? Telemetry { get; init; }
}

/// <summary>The signing keys of the application, loaded once before anything else is composed.</summary>
/// <param name="TaskTokens">Signs task tokens.</param>
/// <param name="PageTokens">Signs page tokens.</param>
/// <param name="ApiKeys">Keys the hashes of API keys.</param>
/// <param name="Connections">Seals the secrets of connections.</param>
public sealed record ServiceKeys(KeyRing TaskTokens, KeyRing PageTokens, KeyRing ApiKeys, KeyRing Connections)
{
    /// <summary>Loads all; draws what is not there yet.</summary>
    public static async ValueTask<ServiceKeys> LoadAsync(ISigningKeyStore store, TimeProvider time, CancellationToken cancellation) => new(
        await KeyRing.LoadAsync(store, Callbacks.TaskTokens.Purpose, time, cancellation),
        await KeyRing.LoadAsync(store, Paging.PageTokens.Purpose, time, cancellation),
        await KeyRing.LoadAsync(store, Tenancy.ApiKeys.Purpose, time, cancellation),
        await KeyRing.LoadAsync(store, ConnectionUseCases.Purpose, time, cancellation));
}

/// <summary>How the application calls itself and what it tolerates.</summary>
public sealed record ServiceSettings
{
    /// <summary>The region in ARNs. Key <c>Lockstep:Region</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Whether functions may be registered with plain http: for development.</summary>
    public bool AllowPlainHttpFunctions { get; init; }

    /// <summary>
    /// Longest call of a tested state, where the way the service is reached allows less than MaxSyncSeconds; null where it does not.
    /// </summary>
    public TimeSpan? LongestTestCall { get; init; }

    /// <summary>
    /// Draws a number from 0 to below the given one, each as likely as the others: which version an alias routes a start to. Not to be foreseen by tenants.
    /// </summary>
    public Func<int, int> Draw { get; init; } = RandomNumberGenerator.GetInt32;

    /// <summary>The operator's credential; null when tenants cannot be created over the API.</summary>
    public OperatorKey? OperatorKey { get; init; }
}
