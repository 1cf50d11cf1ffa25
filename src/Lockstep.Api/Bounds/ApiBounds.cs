using System.Collections.Concurrent;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Throttling;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Bounds;

/// <summary>What requests share and may not use up: each tenant's rate, the waiting polls, the open streams.</summary>
public sealed class ApiBounds(ServiceLimits limits, ApiOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<TenantId, TokenBucket> _buckets = new();

    /// <summary>Polls that wait.</summary>
    public Places LongPolls { get; } = new(limits.MaxLongPollsPerTenant, limits.MaxLongPolls);

    /// <summary>Streams that are open.</summary>
    public Places Streams { get; } = new(limits.MaxStreamsPerTenant, limits.MaxStreams);

    /// <summary>Tests of states that really call something.</summary>
    public Places StateTests { get; } = new(limits.MaxStateTestsPerTenant, limits.MaxStateTests);

    /// <summary>How often tenants call the operations of the Step Functions protocol.</summary>
    public OperationBuckets Operations { get; } = new(options.Throttling, time);

    /// <summary>Requests with wrong keys; null when rates are not bounded.</summary>
    public WrongKeys? WrongKeys { get; } = options.LimitRate ? new WrongKeys(limits, time) : null;

    /// <summary>Counts a request against the tenant's rate.</summary>
    public bool TryAdmit(TenantId tenant, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        return !options.LimitRate
            || _buckets.GetOrAdd(tenant, static (_, self) => self.NewBucket(), this).TryTake(out retryAfterSeconds);
    }

    /// <summary>Seconds that a request of a pace may take.</summary>
    public int SecondsOf(RoutePace pace) => pace switch
    {
        RoutePace.Prompt => limits.MaxRequestSeconds,
        RoutePace.Synchronous => limits.MaxSyncSeconds + limits.MaxRequestSeconds,
        RoutePace.LongPoll => limits.MaxLongPollSeconds + limits.MaxRequestSeconds,
        RoutePace.Transfer => limits.MaxTransferSeconds,
        RoutePace.Stream => limits.MaxStreamSeconds + limits.MaxRequestSeconds,
        _ => throw new System.Diagnostics.UnreachableException($"There is no pace {pace}."),
    };

    private TokenBucket NewBucket() => new(limits.RequestsPerSecond, limits.RequestBurst, time);
}
