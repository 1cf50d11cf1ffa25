using System.Collections.Concurrent;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// Keeps the number of time series bounded: the first pairs of tenant and state machine are told by name until the limit, all that come later
/// are counted together under <see cref="Other"/>. Nothing is forgotten before the process ends, so a series never changes its meaning.
/// </summary>
/// <param name="maxSets">Pairs told by name (<c>MaxMetricLabelSets</c>).</param>
public sealed class MetricLabels(int maxSets)
{
    /// <summary>What stands for every tenant and every machine beyond the limit. Tenants are digits, so none is called so.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<(TenantId Tenant, string Machine), LabelSet> _sets = new();
    private int _taken;

    /// <summary>The labels of an execution.</summary>
    public LabelSet Of(ExecutionKey execution)
    {
        int colon = execution.Id.IndexOf(':', StringComparison.Ordinal);
        return Of(execution.Tenant, colon < 0 ? execution.Id : execution.Id[..colon]);
    }

    /// <summary>The labels of a tenant's state machine.</summary>
    public LabelSet Of(TenantId tenant, string stateMachine)
    {
        if (_sets.TryGetValue((tenant, stateMachine), out LabelSet known))
        {
            return known;
        }

        // Looked at first, so that a flood of names beyond the limit costs nothing.
        if (Volatile.Read(ref _taken) >= maxSets)
        {
            return LabelSet.Others;
        }

        if (Interlocked.Increment(ref _taken) > maxSets)
        {
            Interlocked.Decrement(ref _taken);
            return LabelSet.Others;
        }

        var added = new LabelSet(tenant.Value, stateMachine);
        if (!_sets.TryAdd((tenant, stateMachine), added))
        {
            Interlocked.Decrement(ref _taken);
        }

        return added;
    }
}

/// <summary>How a metric names the tenant and the state machine.</summary>
public readonly record struct LabelSet(string Tenant, string StateMachine)
{
    /// <summary>Everything beyond the limit.</summary>
    public static LabelSet Others { get; } = new(MetricLabels.Other, MetricLabels.Other);
}
