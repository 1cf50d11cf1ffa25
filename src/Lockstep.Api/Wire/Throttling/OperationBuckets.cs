using System.Collections.Concurrent;
using Lockstep.Api.Bounds;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Wire.Throttling;

/// <summary>A token bucket for each tenant and operation, made when it is first used.</summary>
public sealed class OperationBuckets(ThrottlingOptions options, TimeProvider time)
{
    private const int MaxKnownTypes = 10_000;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Operation), TokenBucket> _buckets = new();
    private readonly ConcurrentDictionary<(TenantId Tenant, string Machine), WorkflowType> _types = new();

    /// <summary>Whether calls are counted at all: if not, nobody has to find out which bucket a call takes from.</summary>
    public bool IsEnabled => options.IsEnabled;

    /// <summary>Takes one; false when the tenant has called the operation too often.</summary>
    public bool TryTake(TenantId tenant, string operation, ThrottleRate usual)
    {
        if (!IsEnabled)
        {
            return true;
        }

        ThrottleRate rate = options.RateOf(operation, usual);
        return _buckets.GetOrAdd(
            (tenant, operation),
            static (_, made) => new TokenBucket(made.rate.RefillPerSecond, made.rate.BucketSize, made.time),
            (rate, time)).TryTake(out _);
    }

    /// <summary>
    /// The type of a state machine when it was started last; null when that is not known any more. It saves a look-up at every start, which looks the machine up anyway:
    /// one that was deleted and created with another type counts once as what it was.
    /// </summary>
    public WorkflowType? TypeOf(TenantId tenant, string machine) => _types.TryGetValue((tenant, machine), out WorkflowType type) ? type : null;

    /// <summary>Remembers the type that a state machine has.</summary>
    public void Learn(TenantId tenant, string machine, WorkflowType type)
    {
        if (!IsEnabled || TypeOf(tenant, machine) == type)
        {
            return;
        }

        if (_types.Count >= MaxKnownTypes)
        {
            _types.Clear();
        }

        _types[(tenant, machine)] = type;
    }
}
