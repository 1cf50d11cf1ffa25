using Lockstep.Embedded.Journal;
using Lockstep.Embedded.StateMachines;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Takes an execution into memory: its last snapshot, then every turn journalled since, decided again. Each turn must produce the very
/// events that were stored; one that does not is a defect, and the execution is quarantined rather than continued on a guess.
/// </summary>
internal sealed class ExecutionLoader(DriverRuntime runtime)
{
    private const string Snapshot = "SELECT turn, last_event, transitions, state, heartbeats FROM snapshots WHERE execution = ?1";
    private const string TurnsSince = """
        SELECT seq, events, hash, turn FROM journal WHERE execution = ?1 AND first_event > ?2 ORDER BY first_event DESC, rowid DESC
        """;

    /// <summary>Loads an execution.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="evenEnded">Whether also one that has ended.</param>
    /// <exception cref="ReplayDivergedException">The journal and the interpreter disagree.</exception>
    public LoadResult Load(long number, bool evenEnded = false)
    {
        if (runtime.IsQuarantined(number))
        {
            return new LoadResult(null, MailAnswer.Quarantined);
        }

        ExecutionRow? row = runtime.Store.Read((runtime.Store, number), static (connection, query) =>
            ExecutionRow.ReadOne(query.Store, connection, connection.Prepare(ExecutionRow.ByNumber).Bind(1, query.number)));
        if (row is null || !(row.IsOpen || (evenEnded && row.Type == WorkflowType.Standard)))
        {
            return new LoadResult(null, MailAnswer.Ended);
        }

        if (row.Quarantine is not null)
        {
            return new LoadResult(null, MailAnswer.Quarantined);
        }

        MachineRevision revision = runtime.Machines.Get(row.RevisionNumber);
        var header = new ExecutionHeader(row.Number, row.TenantNumber, row.Key, revision, row.Parent) { Part = row.Part };
        return new LoadResult(Replay(header, row), MailAnswer.Accepted);
    }

    private LiveExecution Replay(ExecutionHeader header, ExecutionRow row)
    {
        SavedState saved = runtime.Store.Read(header.Number, static (connection, number) => ReadSnapshot(connection, number));
        List<JournalledTurn> turns = runtime.Store.Read((header.Number, saved.State), static (connection, query) =>
        {
            List<JournalledTurn> found = [];
            using SqliteStatement rows = connection.Prepare(TurnsSince)
                .Bind(1, query.Number).Bind(2, query.State.LastEventId);

            // From the newest back to the snapshot: a map run has a great many turns, and hardly one of them adds an event.
            while (rows.Step() && rows.Int64(0) > query.State.Turn)
            {
                (Stimulus stimulus, TurnDigest _) = TurnCodec.ReadForReplay(rows.Blob(3));
                found.Add(new JournalledTurn(rows.Int64(0), (int)rows.Int64(1), rows.Int64(2), stimulus, rows.Blob(3).Length));
            }

            found.Reverse();
            return found;
        });

        ExecutionState state = saved.State;
        long transitions = saved.Transitions;
        long journalBytes = 0;
        Dictionary<CommandId, long> heartbeats = [];
        foreach (JournalledTurn turn in turns)
        {
            Decision decision = Interpreter.Decide(header.Machine, state, turn.Stimulus, runtime.Tokens);
            TurnDigest digest = TurnCodec.Digest(decision.Events.AsSpan());
            if (turn.Seq != decision.Next.Turn || digest.Events != turn.Events || digest.Hash != turn.Hash)
            {
                throw new ReplayDivergedException(row.Key.Id, turn.Seq, turn.Events, digest.Events);
            }

            state = decision.Next;
            transitions += Transitions.CountIn(decision.Events);
            journalBytes += turn.Bytes;
            NoteHeartbeats(heartbeats, turn.Stimulus, state);
        }

        var ledger = new SnapshotLedger(runtime.Options.MinSnapshotBytes, saved.Bytes, journalBytes);
        var live = new LiveExecution(runtime, header, state, ledger, transitions, row.Parked);
        Restore(live.Waits, saved, heartbeats, state);
        return live;
    }

    private static SavedState ReadSnapshot(SqliteConnection connection, long number)
    {
        using SqliteStatement rows = connection.Prepare(Snapshot).Bind(1, number);
        return rows.Step()
            ? new SavedState(StateCodec.Read(rows.Blob(3)), rows.Int64(2), rows.Blob(3).Length, HeartbeatFormat.Read(rows.Blob(4)))
            : new SavedState(ExecutionState.Initial, 0, 0, []);
    }

    private static void NoteHeartbeats(Dictionary<CommandId, long> heartbeats, Stimulus stimulus, ExecutionState state)
    {
        CommandId? task = stimulus switch
        {
            TaskSubmitted submitted => submitted.Task,
            ActivityTaken taken => taken.Task,
            _ => null,
        };
        if (task is CommandId waiting && state.FindTask(waiting)?.Command.HeartbeatSeconds is long seconds)
        {
            heartbeats[waiting] = seconds;
        }
    }

    /// <summary>
    /// Heartbeats could not arrive while no process ran, and those that arrived since the last snapshot are not stored; so no deadline is
    /// earlier than one full interval after the start of this process.
    /// </summary>
    private void Restore(OpenWaits waits, SavedState saved, Dictionary<CommandId, long> since, ExecutionState state)
    {
        foreach (Heartbeat heartbeat in saved.Heartbeats)
        {
            if (state.FindTask(heartbeat.Task) is not null)
            {
                long generous = runtime.StartedAtTicks + (heartbeat.Seconds * TimeSpan.TicksPerSecond);
                waits.Restore(heartbeat with { DeadlineTicks = Math.Max(heartbeat.DeadlineTicks, generous) });
            }
        }

        long now = runtime.Time.GetUtcNow().UtcTicks;
        foreach ((CommandId task, long seconds) in since)
        {
            if (state.FindTask(task) is not null)
            {
                waits.Restore(new Heartbeat(task, seconds, now + (seconds * TimeSpan.TicksPerSecond)));
            }
        }
    }

    private readonly record struct JournalledTurn(long Seq, int Events, long Hash, Stimulus Stimulus, int Bytes);

    private readonly record struct SavedState(ExecutionState State, long Transitions, int Bytes, IReadOnlyList<Heartbeat> Heartbeats);
}
