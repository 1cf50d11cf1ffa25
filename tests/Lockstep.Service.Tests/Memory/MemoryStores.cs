using System.Collections.Concurrent;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>The stores without a database: what they answer is what a durable store has to answer.</summary>
internal static class MemoryPages
{
    public static Page<T> ByName<T>(IEnumerable<T> items, Func<T, string> nameOf, PageRequest page)
    {
        T[] rest = [.. items.OrderBy(nameOf, StringComparer.Ordinal).Where(item => page.Cursor is null || string.CompareOrdinal(nameOf(item), page.Cursor) > 0)];
        T[] taken = [.. rest.Take(page.MaxItems)];
        return new Page<T>(taken, rest.Length > taken.Length ? nameOf(taken[^1]) : null);
    }
}

internal sealed class MemoryStateMachineStore : IStateMachineStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, string), StateMachineRecord> _machines = [];
    private readonly Dictionary<(TenantId, string, string), StateMachineRecord> _revisions = [];

    public ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_machines.TryAdd((machine.Tenant, machine.Name), machine))
            {
                return new(new ServiceError(ErrorCodes.StateMachineAlreadyExists, "taken"));
            }

            _revisions[(machine.Tenant, machine.Name, machine.RevisionId)] = machine;
            return new(machine);
        }
    }

    /// <summary>How often a machine was looked up.</summary>
    public int Finds { get; private set; }

    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Finds++;
            return new(_machines.GetValueOrDefault((tenant, name)));
        }
    }

    public ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_revisions.GetValueOrDefault((tenant, name, revisionId)));
        }
    }

    public ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        FindRevisionAsync(tenant, name, revisionId, cancellation);

    public ValueTask<Result<StateMachineRecord>> UpdateAsync(StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            StateMachineRecord? current = _machines.GetValueOrDefault((machine.Tenant, machine.Name));
            if (current is null)
            {
                return new(new ServiceError(ErrorCodes.StateMachineDoesNotExist, "gone"));
            }

            if (expectedRevisionId is not null && current.RevisionId != expectedRevisionId)
            {
                return new(new ServiceError(ErrorCodes.PreconditionFailed, "changed"));
            }

            _machines[(machine.Tenant, machine.Name)] = machine;
            _revisions[(machine.Tenant, machine.Name, machine.RevisionId)] = machine;
            return new(machine);
        }
    }

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_machines.TryGetValue((tenant, name), out StateMachineRecord? current)
                && (expectedRevisionId is null || current.RevisionId == expectedRevisionId)
                && _machines.Remove((tenant, name)));
        }
    }

    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(MemoryPages.ByName(_machines.Values.Where(machine => machine.Tenant == tenant), machine => machine.Name, page));
        }
    }

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_machines.Values.Count(machine => machine.Tenant == tenant));
        }
    }
}

internal sealed class MemoryFunctionStore : IFunctionStore
{
    private readonly ConcurrentDictionary<(TenantId, string), FunctionRecord> _functions = new();

    public ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation)
    {
        bool created = !_functions.ContainsKey((function.Tenant, function.Name));
        _functions[(function.Tenant, function.Name)] = function;
        return new(created);
    }

    public ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        new(_functions.GetValueOrDefault((tenant, name)));

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        new(_functions.TryRemove((tenant, name), out _));

    public ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        new(MemoryPages.ByName(_functions.Values.Where(function => function.Tenant == tenant), function => function.Name, page));

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        new(_functions.Keys.Count(key => key.Item1 == tenant));
}

internal sealed class MemoryConnectionStore : IConnectionStore
{
    private readonly ConcurrentDictionary<(TenantId, string), ConnectionRecord> _connections = new();

    public ValueTask<StoredConnection> PutAsync(ConnectionRecord connection, CancellationToken cancellation)
    {
        bool created = true;
        ConnectionRecord stored = _connections.AddOrUpdate(
            (connection.Summary.Tenant, connection.Summary.Name),
            connection,
            (_, old) =>
            {
                created = false;
                return connection with { Summary = connection.Summary with { Id = old.Summary.Id, CreatedAt = old.Summary.CreatedAt } };
            });
        return new(new StoredConnection(stored.Summary, created));
    }

    /// <summary>Writes a record as it is, whoever it was sealed for.</summary>
    public void Overwrite(ConnectionRecord connection) => _connections[(connection.Summary.Tenant, connection.Summary.Name)] = connection;

    public ValueTask<ConnectionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        new(_connections.GetValueOrDefault((tenant, name)));

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        new(_connections.TryRemove((tenant, name), out _));

    public ValueTask<Page<ConnectionSummary>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        new(MemoryPages.ByName(_connections.Values.Select(found => found.Summary).Where(found => found.Tenant == tenant), found => found.Name, page));

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        new(_connections.Keys.Count(key => key.Item1 == tenant));
}

internal sealed class MemoryTenantStore : ITenantStore
{
    private readonly ConcurrentDictionary<string, ApiKeyRecord> _keys = new();
    private readonly ConcurrentDictionary<TenantId, TenantRecord> _tenants = new();

    public int LookUps { get; private set; }

    public bool Broken { get; set; }

    public IEnumerable<ApiKeyRecord> Keys => _keys.Values;

    public ValueTask<bool> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
        new(_tenants.TryAdd(tenant, new TenantRecord(tenant, null, null)));

    public ValueTask<bool> CreateAsync(TenantRecord tenant, CancellationToken cancellation) => new(_tenants.TryAdd(tenant.Tenant, tenant));

    public ValueTask<TenantRecord?> FindAsync(TenantId tenant, CancellationToken cancellation) => new(_tenants.GetValueOrDefault(tenant));

    public ValueTask<TenantId?> FindLastAsync(CancellationToken cancellation) =>
        new(_tenants.IsEmpty ? null : _tenants.Keys.MaxBy(tenant => tenant.Value, StringComparer.Ordinal));

    public ValueTask<Page<TenantRecord>> ListAsync(PageRequest page, CancellationToken cancellation) =>
        new(MemoryPages.ByName(_tenants.Values, tenant => tenant.Tenant.Value, page));

    public ValueTask<IReadOnlyList<ApiKeyRecord>> ListKeysAsync(TenantId tenant, CancellationToken cancellation) =>
        new([.. _keys.Values.Where(key => key.Tenant == tenant).OrderBy(key => key.KeyId, StringComparer.Ordinal)]);

    public ValueTask<bool> RemoveKeyAsync(TenantId tenant, string keyId, CancellationToken cancellation) =>
        new(_keys.TryGetValue(keyId, out ApiKeyRecord? key) && key.Tenant == tenant && _keys.TryRemove(keyId, out _));

    public ValueTask PutKeyAsync(ApiKeyRecord key, CancellationToken cancellation)
    {
        _keys[key.KeyId] = key;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ApiKeyRecord?> FindKeyAsync(string keyId, CancellationToken cancellation)
    {
        LookUps++;
        return Broken ? throw new StorageUnavailableException("the disk is full") : new(_keys.GetValueOrDefault(keyId));
    }

    public void Remove(string keyId) => _keys.TryRemove(keyId, out _);
}

internal sealed class MemorySigningKeyStore : ISigningKeyStore
{
    private readonly Dictionary<string, List<SigningKey>> _keys = [];

    public ValueTask<IReadOnlyList<SigningKey>> LoadAsync(string purpose, CancellationToken cancellation) =>
        new(_keys.TryGetValue(purpose, out List<SigningKey>? keys) ? keys : []);

    public ValueTask<IReadOnlyList<SigningKey>> AddFirstAsync(string purpose, SigningKey key, CancellationToken cancellation)
    {
        _keys.TryAdd(purpose, [key]);
        return new(_keys[purpose]);
    }
}
