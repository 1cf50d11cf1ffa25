using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Connections;

/// <summary>
/// The connections of tenants, as those of Amazon EventBridge are for Step Functions. Secrets go in, sealed for tenant and name, and come out only to the call
/// that needs them.
/// </summary>
public sealed class ConnectionUseCases(
    IConnectionStore store, SecretCipher cipher, ArnFormat arns, ResourceNames names, PageTokens pages, ServiceLimits limits, bool allowPlainHttp, TimeProvider time)
{
    /// <summary>The purpose of the keys that seal connections.</summary>
    public const string Purpose = "connection";

    private const string ListQuery = "connections";

    /// <summary>Makes a connection, or replaces all of the one that has the name, which keeps its ARN.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="name">Its name.</param>
    /// <param name="body">Its settings, under the names of EventBridge's API, beginning with a small letter.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Result<PutConnectionOutcome>> PutAsync(TenantId tenant, string name, JsonObject body, CancellationToken cancellation)
    {
        if (names.CheckConnection(name, "name") is { } badName)
        {
            return badName;
        }

        Result<ConnectionSettings> read = ConnectionReader.Read(body, limits, allowPlainHttp);
        if (!read.Succeeded)
        {
            return read.Error;
        }

        JsonObject whole = ConnectionWriter.Whole(read.Value);
        if (whole.Utf8Length > limits.MaxConnectionBytes)
        {
            return new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The connection has {whole.Utf8Length} bytes; {limits.MaxConnectionBytes} are allowed."));
        }

        if (await store.FindAsync(tenant, name, cancellation) is null && await store.CountAsync(tenant, cancellation) >= limits.MaxConnections)
        {
            return new ServiceError(
                ErrorCodes.ConnectionLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxConnections} connections, which is its limit. Delete one first."));
        }

        DateTimeOffset now = time.GetUtcNow();
        var record = new ConnectionRecord(
            new ConnectionSummary(tenant, name, Guid.NewGuid(), read.Value.Authorization.Type, now, now),
            ConnectionWriter.Shown(read.Value),
            cipher.Seal(ContextOf(tenant, name), Encoding.UTF8.GetBytes(whole.ToString())));
        StoredConnection stored = await store.PutAsync(record, cancellation);
        return new PutConnectionOutcome(Described(stored.Summary, record.Shown), stored.Created);
    }

    /// <summary>Shows a connection without its secrets.</summary>
    public async ValueTask<Result<ConnectionDescription>> DescribeAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.CheckConnection(name, "name") is { } badName)
        {
            return badName;
        }

        return await store.FindAsync(tenant, name, cancellation) is { } found
            ? Described(found.Summary, found.Shown)
            : new ServiceError(ErrorCodes.ConnectionDoesNotExist, $"There is no connection named \"{name}\".") { Target = "name" };
    }

    /// <summary>Lists a tenant's connections by name, each without its settings.</summary>
    public ValueTask<Result<Page<ConnectionSummary>>> ListAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, ListQuery, asked, page => store.ListAsync(tenant, page, cancellation));

    /// <summary>Removes a connection with its secrets; one that is not there counts as removed.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.CheckConnection(name, "name") is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(tenant, name, cancellation);
        return default(Accepted);
    }

    /// <summary>The ARN of a connection.</summary>
    public string ArnOf(ConnectionSummary connection) => arns.Connection(connection.Tenant, connection.Name, connection.Id);

    /// <summary>
    /// Opens a connection for a call. <see cref="ErrorCodes.ConnectionDoesNotExist"/> for an ARN of another tenant just as for one that there never was;
    /// <see cref="ErrorCodes.InternalError"/> when its secrets cannot be read any more.
    /// </summary>
    public async ValueTask<Result<OpenConnection>> OpenAsync(TenantId tenant, string arn, CancellationToken cancellation)
    {
        if (!ArnFormat.TryParseConnection(arn, out TenantId owner, out string? name, out Guid id) || owner != tenant
            || names.CheckConnection(name, "name") is not null
            || await store.FindAsync(tenant, name, cancellation) is not { } found || found.Summary.Id != id)
        {
            return new ServiceError(ErrorCodes.ConnectionDoesNotExist, "There is no such connection.");
        }

        if (cipher.Open(ContextOf(tenant, name), found.Sealed.Span) is not { } plain
            || JsonValue.Parse(Encoding.UTF8.GetString(plain)) is not JsonObject whole
            || ConnectionReader.ReadStored(whole) is not { Succeeded: true, Value: { } settings })
        {
            return new ServiceError(ErrorCodes.InternalError, $"The secrets of the connection \"{name}\" cannot be read. Put them anew.");
        }

        return new OpenConnection(found.Summary, SHA256.HashData(found.Sealed.Span), settings);
    }

    private static string ContextOf(TenantId tenant, string name) => $"{Purpose}/{tenant.Value}/{name}";

    private ConnectionDescription Described(ConnectionSummary summary, JsonObject shown) => new(summary, ArnOf(summary), shown);
}

/// <summary>How a connection was put.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Created">True when the name was new.</param>
public sealed record PutConnectionOutcome(ConnectionDescription Connection, bool Created);

/// <summary>A connection without its secrets.</summary>
/// <param name="Summary">Its names and times.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Shown">What of its settings is not secret.</param>
public sealed record ConnectionDescription(ConnectionSummary Summary, string Arn, JsonObject Shown);

/// <summary>A connection with its secrets, for one call.</summary>
/// <param name="Summary">Its names and times.</param>
/// <param name="Version">Different whenever it was put anew; 32 bytes, so that whoever remembers it remembers little.</param>
/// <param name="Settings">Its settings.</param>
public sealed record OpenConnection(ConnectionSummary Summary, ReadOnlyMemory<byte> Version, ConnectionSettings Settings)
{
    /// <summary>The name only.</summary>
    public override string ToString() => Summary.Name;
}
