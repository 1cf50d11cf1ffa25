using System.Collections.Concurrent;
using Lockstep.Embedded.Committing;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// What every store works with: reads from the pool, writes through the committer, and the numbers that stand for tenants in the
/// tables. A number is remembered only once it has been read back, so never before it is durable.
/// </summary>
internal sealed class Store(ReaderPool readers, Committer committer)
{
    private const string FindTenant = "SELECT no FROM tenants WHERE digits = ?1";
    private const string InsertTenant = "INSERT INTO tenants(digits) VALUES(?1) ON CONFLICT DO NOTHING";
    private const string FindDigits = "SELECT digits FROM tenants WHERE no = ?1";

    private readonly ConcurrentDictionary<TenantId, long> _numbers = new();
    private readonly ConcurrentDictionary<long, TenantId> _tenants = new();

    /// <summary>Reads on a connection of the pool.</summary>
    public TResult Read<TArgument, TResult>(TArgument argument, Func<SqliteConnection, TArgument, TResult> read) => readers.Read(argument, read);

    /// <summary>Writes in the next batch; completes once it is durable.</summary>
    public Task<T> WriteAsync<T>(Func<WriteContext, T> write) => committer.WriteAsync(write);

    /// <summary>The number of a tenant; null when nothing was ever stored for it.</summary>
    public long? NumberOf(TenantId tenant)
    {
        if (_numbers.TryGetValue(tenant, out long known))
        {
            return known;
        }

        long? number = readers.Read(tenant, static (connection, tenant) => connection.Prepare(FindTenant).Bind(1, tenant.Value).ReadScalar());
        if (number is long found)
        {
            _numbers[tenant] = found;
        }

        return number;
    }

    /// <summary>The tenant that has a number.</summary>
    public TenantId TenantOf(SqliteConnection connection, long number)
    {
        if (_tenants.TryGetValue(number, out TenantId known))
        {
            return known;
        }

        using SqliteStatement statement = connection.Prepare(FindDigits).Bind(1, number);
        if (!statement.Step() || !TenantId.TryParse(statement.Text(0), out TenantId tenant))
        {
            throw new StorageException(SqliteCorrupt, $"No tenant has number {number}.");
        }

        _tenants[number] = tenant;
        return tenant;
    }

    /// <summary>The number of a tenant within a write, given out when it has none yet.</summary>
    public static long EnsureTenant(WriteContext context, TenantId tenant, out bool created)
    {
        created = context.Prepare(InsertTenant).Bind(1, tenant.Value).ExecuteChanges() > 0;
        return context.Prepare(FindTenant).Bind(1, tenant.Value).ReadScalar()
            ?? throw new InvalidOperationException("A tenant that was just stored has no number.");
    }

    private const int SqliteCorrupt = 11;
}
