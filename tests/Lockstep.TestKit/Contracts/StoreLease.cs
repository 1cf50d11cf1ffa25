using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Drivers;

namespace Lockstep.TestKit.Contracts;

/// <summary>A store for one test, and whatever has to be cleared away after it.</summary>
public sealed class StoreLease<T>(T store, IAsyncDisposable owner) : IAsyncDisposable
{
    /// <summary>The store.</summary>
    public T Store => store;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => owner.DisposeAsync();
}

/// <summary>Tenants and a time for contracts.</summary>
internal static class Tenants
{
    public static DateTimeOffset Noon { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TenantId Of(int number) => HarnessSteps.TenantOf(number);
}
