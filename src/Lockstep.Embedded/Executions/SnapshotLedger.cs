using Lockstep.Embedded.Journal;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Decides when a snapshot is due: when the journal since the last one outweighs it. So writing snapshots costs no more than writing
/// the journal, and a replay reads no more than twice the state.
/// </summary>
internal sealed class SnapshotLedger(int minBytes, int lastSnapshotBytes, long journalBytes)
{
    private long _journalBytes = journalBytes;
    private int _lastSnapshotBytes = lastSnapshotBytes;

    /// <summary>Whether the store has a snapshot.</summary>
    public bool HasSnapshot => _lastSnapshotBytes > 0;

    /// <summary>Whether a commit with so many journal bytes should save the state as well.</summary>
    public bool IsDue(int commitBytes) => _journalBytes + commitBytes >= Math.Max(minBytes, _lastSnapshotBytes);

    /// <summary>A commit is durable.</summary>
    public void Committed(TurnCommit commit)
    {
        if (commit.Saved is { } snapshot)
        {
            _journalBytes = 0;
            _lastSnapshotBytes = snapshot.State.Length;
        }
        else
        {
            _journalBytes += commit.Bytes;
        }
    }
}
