using System.Collections.Concurrent;
using Lockstep.Api.Bounds;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Wire.Throttling;

/// <summary>A token bucket for each tenant and operation, made when it is first used.</summary>
public sealed class OperationBuckets(ThrottlingOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(TenantId Tenant, string Operation), TokenBucket> _buckets = new();

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
}
