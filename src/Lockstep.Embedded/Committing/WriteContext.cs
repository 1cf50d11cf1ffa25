using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Committing;

/// <summary>
/// What an operation writes through: the connection, and the counters that are read once and then kept in memory. When a batch is
/// rolled back the counters are forgotten and read again, so a sequence never gets a gap.
/// </summary>
internal sealed class WriteContext(SqliteConnection connection)
{
    private const string LastSequence = "SELECT max(seq) FROM execution_events WHERE tenant = ?1";

    private readonly Dictionary<long, long> _lastSequence = [];

    /// <summary>The statement of a constant text.</summary>
    public SqliteStatement Prepare(string sql) => connection.Prepare(sql);

    /// <summary>The next number in a tenant's sequence of execution events.</summary>
    public long NextSequence(long tenantNumber)
    {
        if (!_lastSequence.TryGetValue(tenantNumber, out long last))
        {
            last = Prepare(LastSequence).Bind(1, tenantNumber).ReadScalar() ?? 0;
        }

        _lastSequence[tenantNumber] = ++last;
        return last;
    }

    /// <summary>Forgets what a rolled back transaction may have counted.</summary>
    public void Forget() => _lastSequence.Clear();
}
