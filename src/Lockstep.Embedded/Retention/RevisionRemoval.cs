using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Retention;

/// <summary>
/// Removes revisions that are out of force, that have no version, and that no execution can pin: whatever started later than a day after that has another
/// one. Each is noted when it goes out of force, or when its version is deleted; revision and note go in one write.
/// </summary>
internal sealed class RevisionRemoval(Store store, int maxRows)
{
    /// <summary>Longer than any request takes that has read a revision and still starts it.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromDays(1);

    private const string Notes = "SELECT revision, since FROM unused_revisions WHERE revision > ?1 ORDER BY revision LIMIT ?2";
    private const string ForgetUsed = """
        DELETE FROM unused_revisions WHERE revision = ?1
        AND EXISTS(SELECT 1 FROM revisions r JOIN machines m ON m.no = r.machine WHERE r.no = ?1
            AND (m.revision = r.no OR EXISTS(SELECT 1 FROM versions v WHERE v.machine = r.machine AND v.revision = r.no)))
        """;

    private const string MachineOf = "SELECT machine FROM revisions WHERE no = ?1";
    private const string Forget = "DELETE FROM unused_revisions WHERE revision = ?1";
    private const string Remove = "DELETE FROM revisions WHERE no = ?1";

    // The index is ordered within a status, so this reads one row.
    private const string FirstStarted = "SELECT started FROM executions WHERE machine = ?1 AND status = ?2 AND kind = 0 ORDER BY no LIMIT 1";

    private static readonly long[] _statuses = [.. Enum.GetValues<Engine.ExecutionStatus>().Select(status => (long)status)];

    /// <summary>Removes those among the next revisions that may go; answers with how many, and where to go on, null after the last.</summary>
    public async Task<(int Removed, long? Next)> RemoveAsync(long after, DateTimeOffset cutoff)
    {
        List<(long Revision, long Since)> notes = store.Read((after, maxRows), static (connection, query) =>
        {
            List<(long, long)> found = [];
            using SqliteStatement rows = connection.Prepare(Notes).Bind(1, query.after).Bind(2, (long)query.maxRows);
            while (rows.Step())
            {
                found.Add((rows.Int64(0), rows.Int64(1)));
            }

            return found;
        });
        long? next = notes.Count == maxRows ? notes[^1].Revision : null;
        long stored = StoredTime.ToStored(cutoff);
        List<(long Revision, long Since)> due = [.. notes.Where(note => note.Since <= stored)];
        return (due.Count == 0 ? 0 : await store.WriteAsync(context => due.Count(note => TryRemove(context, note.Revision, note.Since))), next);
    }

    private static bool TryRemove(WriteContext context, long revision, long since)
    {
        // One that is used again is noted anew when that ends.
        if (context.Prepare(ForgetUsed).Bind(1, revision).ExecuteChanges() > 0)
        {
            return false;
        }

        if (context.Prepare(MachineOf).Bind(1, revision).ReadScalar() is long machine && IsPinned(context, machine, since + _grace.Ticks))
        {
            return false;
        }

        context.Prepare(Forget).Bind(1, revision).Execute();
        return context.Prepare(Remove).Bind(1, revision).ExecuteChanges() > 0;
    }

    private static bool IsPinned(WriteContext context, long machine, long until) => _statuses.Any(status =>
        context.Prepare(FirstStarted).Bind(1, machine).Bind(2, status).ReadScalar() is long started && started <= until);
}
