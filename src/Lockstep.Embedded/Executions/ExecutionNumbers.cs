using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Executions;

/// <summary>Gives out the numbers of executions, ascending in the order of starting. One that is given out and not used stays unused; that of an execution that retention has removed stays used.</summary>
internal sealed class ExecutionNumbers(Store store)
{
    private const string Highest = "SELECT max(no) FROM (SELECT max(no) AS no FROM executions UNION ALL SELECT max(no) FROM removed_executions)";

    private long _last = store.Read(0, static (connection, _) => connection.Prepare(Highest).ReadScalar() ?? 0);

    /// <summary>The next number.</summary>
    public long Next() => Interlocked.Increment(ref _last);
}
