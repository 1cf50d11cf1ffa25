using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Effects;

/// <summary>
/// Counts effects under way, in all and by tenant. Those beyond a limit wait in a queue of their tenant; a place that becomes free goes to
/// the tenants in turn.
/// </summary>
public sealed class EffectGate(int maxEffects, int maxEffectsPerTenant)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, TenantEffects> _tenants = [];
    private readonly Queue<TenantEffects> _turns = new();
    private int _underWay;

    /// <summary>Effects under way.</summary>
    public int UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _underWay;
            }
        }
    }

    /// <summary>Takes a place; false when there is none, and the effect then waits for <see cref="Leave"/> to hand it out.</summary>
    public bool TryEnter(Effect effect)
    {
        lock (_gate)
        {
            if (!_tenants.TryGetValue(effect.Tenant, out TenantEffects? tenant))
            {
                tenant = new TenantEffects();
                _tenants.Add(effect.Tenant, tenant);
            }

            if (_underWay < maxEffects && tenant.UnderWay < maxEffectsPerTenant)
            {
                _underWay++;
                tenant.UnderWay++;
                return true;
            }

            tenant.Waiting.Enqueue(effect);
            QueueForTurn(tenant);
            return false;
        }
    }

    /// <summary>Gives a place back, and answers with the effect that takes it; null when none may.</summary>
    public Effect? Leave(Effect effect)
    {
        lock (_gate)
        {
            TenantEffects tenant = _tenants[effect.Tenant];
            tenant.UnderWay--;
            _underWay--;
            QueueForTurn(tenant);
            while (_turns.TryDequeue(out TenantEffects? next))
            {
                next.HasTurn = false;
                if (next.UnderWay < maxEffectsPerTenant && next.Waiting.TryDequeue(out Effect? started))
                {
                    next.UnderWay++;
                    _underWay++;
                    QueueForTurn(next);
                    return started;
                }
            }

            return null;
        }
    }

    private void QueueForTurn(TenantEffects tenant)
    {
        if (!tenant.HasTurn && tenant.Waiting.Count > 0 && tenant.UnderWay < maxEffectsPerTenant)
        {
            tenant.HasTurn = true;
            _turns.Enqueue(tenant);
        }
    }

    private sealed class TenantEffects
    {
        public int UnderWay { get; set; }

        public Queue<Effect> Waiting { get; } = new();

        public bool HasTurn { get; set; }
    }
}
