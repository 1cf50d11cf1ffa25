using Lockstep.Service.Tenancy;

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

    public static TenantId Of(int number) =>
        TenantId.TryParse($"{number:000000000000}", out TenantId tenant) ? tenant : throw new ArgumentOutOfRangeException(nameof(number));
}
