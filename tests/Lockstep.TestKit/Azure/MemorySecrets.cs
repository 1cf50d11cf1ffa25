using System.Collections.Concurrent;
using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure;

/// <summary>A vault in memory. Safe for use by many threads.</summary>
public sealed class MemorySecrets : ISecrets
{
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly FaultyLine _line;

    internal MemorySecrets(FaultyLine line) => _line = line;

    /// <summary>Every name, ascending: for what a test wants to see, past counts and faults.</summary>
    public IReadOnlyList<string> Names => [.. _secrets.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public ValueTask<string?> FindAsync(string name, CancellationToken cancellation)
    {
        SecretRules.CheckName(name);
        return _line.CallAsync(new StorageOperation(StorageOperationKind.SecretFind, "secrets"), () => _secrets.GetValueOrDefault(name), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string name, string value, CancellationToken cancellation)
    {
        SecretRules.Check(name, value);
        await _line.CallAsync(new StorageOperation(StorageOperationKind.SecretPut, "secrets"), () => _secrets[name] = value, cancellation);
    }
}
