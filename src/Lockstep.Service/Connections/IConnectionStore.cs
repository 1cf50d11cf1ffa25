using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Connections;

/// <summary>What a list shows of a connection.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">1 to 64 characters.</param>
/// <param name="Id">Last part of the ARN; a connection of the same name that is made later has another.</param>
/// <param name="AuthorizationType">The kind of authorization.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last made or replaced.</param>
public sealed record ConnectionSummary(
    TenantId Tenant, string Name, Guid Id, string AuthorizationType, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A connection as it is kept.</summary>
/// <param name="Summary">What a list shows of it.</param>
/// <param name="Shown">Everything of it that is not secret.</param>
/// <param name="Sealed">All of it, sealed: who can read the store cannot read this.</param>
public sealed record ConnectionRecord(ConnectionSummary Summary, JsonObject Shown, ReadOnlyMemory<byte> Sealed);

/// <summary>How a connection was put.</summary>
/// <param name="Summary">The connection, with the id and the time of creation that it has kept.</param>
/// <param name="Created">True when the name was new.</param>
public sealed record StoredConnection(ConnectionSummary Summary, bool Created);

/// <summary>Keeps the connections of tenants. It never sees a secret.</summary>
public interface IConnectionStore
{
    /// <summary>Adds a connection, or replaces the one of its name, which keeps its id and the time of its creation.</summary>
    ValueTask<StoredConnection> PutAsync(ConnectionRecord connection, CancellationToken cancellation);

    /// <summary>Finds one; null when there is none.</summary>
    ValueTask<ConnectionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Removes one; true when it existed.</summary>
    ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Lists by name.</summary>
    ValueTask<Page<ConnectionSummary>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>Connections that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);
}
