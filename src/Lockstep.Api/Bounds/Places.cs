using System.Collections.Concurrent;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Bounds;

/// <summary>Counted places for requests that stay: so many for each tenant, so many in all.</summary>
public sealed class Places(int perTenant, int total)
{
    private readonly ConcurrentDictionary<TenantId, int> _taken = new();
    private int _allTaken;

    /// <summary>Places that are taken.</summary>
    public int Taken => Volatile.Read(ref _allTaken);

    /// <summary>Takes a place; null when none is free. Disposing gives it back.</summary>
    public IDisposable? TryTake(TenantId tenant)
    {
        if (Interlocked.Increment(ref _allTaken) > total)
        {
            Interlocked.Decrement(ref _allTaken);
            return null;
        }

        if (_taken.AddOrUpdate(tenant, 1, static (_, taken) => taken + 1) > perTenant)
        {
            GiveBack(tenant);
            return null;
        }

        return new Place(this, tenant);
    }

    private void GiveBack(TenantId tenant)
    {
        _taken.AddOrUpdate(tenant, 0, static (_, taken) => taken - 1);
        Interlocked.Decrement(ref _allTaken);
    }

    private sealed class Place(Places places, TenantId tenant) : IDisposable
    {
        private int _returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                places.GiveBack(tenant);
            }
        }
    }
}
