using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Retention;

/// <summary>
/// Removes executions that ended long ago. The row goes first, in one write with a note of its number: from then on nobody finds the execution, and its
/// name is free. Journal and bodies follow in as many writes as they take, found by the note. A note is the last to go, and stays while no higher number
/// is known, because numbers of executions are never used twice (<see cref="Executions.ExecutionNumbers"/>).
/// </summary>
internal sealed class ExecutionRemoval(Store store, int maxRows)
{
    /// <summary>Journal rows that one write removes, for each row that a step looks at.</summary>
    private const int TurnsForEachRow = 10;

    /// <summary>
    /// What nothing needs any more: it ended by ?2, nobody has to look at it, no parent waits for its outcome, and no running parent may ask what has become
    /// of its child.
    /// </summary>
    private const string MayGo = """
        e.status <> 0 AND e.stopped <= ?2 AND e.quarantine IS NULL
        AND NOT EXISTS(SELECT 1 FROM child_outcomes c WHERE c.child = e.no)
        AND NOT EXISTS(SELECT 1 FROM executions p WHERE p.no = e.parent AND p.status = 0)
        """;

    private const string After = $"SELECT e.no, e.started <= ?2, {MayGo} FROM executions e WHERE e.no > ?1 ORDER BY e.no LIMIT ?3";
    private const string Note = $"INSERT INTO removed_executions(no) SELECT e.no FROM executions e WHERE e.no = ?1 AND {MayGo}";
    private const string Remove = "DELETE FROM executions WHERE no = ?1";

    private const string Notes = "SELECT no FROM removed_executions ORDER BY no LIMIT ?1";
    private const string ForgetNote = """
        DELETE FROM removed_executions WHERE no = ?1
        AND (no < (SELECT max(no) FROM executions) OR no < (SELECT max(no) FROM removed_executions))
        """;

    private const string RemoveTurns = "DELETE FROM journal WHERE rowid IN (SELECT rowid FROM journal WHERE execution = ?1 LIMIT ?2)";

    private static readonly string[] _removeRest =
    [
        "DELETE FROM snapshots WHERE execution = ?1",
        "DELETE FROM express WHERE execution = ?1",
        "DELETE FROM map_runs WHERE execution = ?1",
        "DELETE FROM activity_tasks WHERE execution = ?1",
        "DELETE FROM given_up WHERE parent = ?1",
    ];

    /// <summary>
    /// Removes those among the next executions, in the order of starting, that may go; answers with how many, and where to go on, null after the last that
    /// is old enough.
    /// </summary>
    public async Task<(int Removed, long? Next)> RemoveAsync(long after, DateTimeOffset cutoff)
    {
        long stored = StoredTime.ToStored(cutoff);
        (List<long> due, long? next) = store.Read((after, stored, maxRows), static (connection, query) =>
        {
            List<long> due = [];
            int seen = 0;
            long last = query.after;
            using SqliteStatement rows = connection.Prepare(After).Bind(1, query.after).Bind(2, query.stored).Bind(3, (long)query.maxRows);
            while (rows.Step() && rows.Int64(1) != 0)
            {
                seen++;
                last = rows.Int64(0);
                if (rows.Int64(2) != 0)
                {
                    due.Add(last);
                }
            }

            return (due, seen == query.maxRows ? last : (long?)null);
        });
        return (due.Count == 0 ? 0 : await store.WriteAsync(context => due.Count(number => TryRemove(context, number, stored))), next);
    }

    /// <summary>Clears away what removed executions have left, as much as one write may; true when something is left.</summary>
    public async Task<bool> ClearAsync()
    {
        List<long> notes = store.Read(maxRows, static (connection, maxRows) =>
        {
            List<long> found = [];
            using SqliteStatement rows = connection.Prepare(Notes).Bind(1, (long)maxRows);
            while (rows.Step())
            {
                found.Add(rows.Int64(0));
            }

            return found;
        });
        return notes.Count > 0 && await store.WriteAsync(context => Clear(context, notes));
    }

    private static bool TryRemove(WriteContext context, long number, long cutoff) =>
        context.Prepare(Note).Bind(1, number).Bind(2, cutoff).ExecuteChanges() > 0
        && context.Prepare(Remove).Bind(1, number).ExecuteChanges() > 0;

    private bool Clear(WriteContext context, List<long> notes)
    {
        int left = maxRows * TurnsForEachRow;
        int forgotten = 0;
        foreach (long number in notes)
        {
            left -= context.Prepare(RemoveTurns).Bind(1, number).Bind(2, (long)left).ExecuteChanges();
            if (left <= 0)
            {
                return true;
            }

            foreach (string rest in _removeRest)
            {
                context.Prepare(rest).Bind(1, number).Execute();
            }

            forgotten += context.Prepare(ForgetNote).Bind(1, number).ExecuteChanges();
        }

        return forgotten > 0 && notes.Count == maxRows;
    }
}
