namespace Lockstep.Embedded.Journal;

/// <summary>The statements that turns are written with.</summary>
internal static class Sql
{
    public const string InsertTurn = "INSERT INTO journal(execution, seq, first_event, events, hash, turn) VALUES(?1, ?2, ?3, ?4, ?5, ?6)";

    public const string InsertEvent = "INSERT INTO execution_events(tenant, seq, execution, status, time, event, redrives) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    /// <summary>A child of a task that waits for it, or of a map run, begins only while its parent runs and has not given the task up.</summary>
    public const string InsertExecution = """
        INSERT INTO executions(
            no, tenant, id, machine, revision, type, status, started, stopped, transitions, parked, parent, parent_task, parent_waits,
            kind, map_state, version, alias)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, ?14, ?15, ?16, ?17
        WHERE (?14 = 0 AND ?13 IS NOT 1) OR (EXISTS(SELECT 1 FROM executions WHERE no = ?11 AND status = 0)
            AND NOT EXISTS(SELECT 1 FROM given_up WHERE parent = ?11 AND parent_task = ?12))
        ON CONFLICT DO NOTHING
        """;

    public const string GiveUp = "INSERT INTO given_up(parent, parent_task) VALUES(?1, ?2) ON CONFLICT DO NOTHING";

    public const string PutMapRun = """
        INSERT INTO map_runs(execution, progress) VALUES(?1, ?2) ON CONFLICT(execution) DO UPDATE SET progress = ?2
        """;

    public const string EndExecution =
        "UPDATE executions SET status = ?2, stopped = ?3, transitions = ?4, parked = 0, wake_at = NULL WHERE no = ?1";

    public const string ReopenExecution =
        "UPDATE executions SET status = 0, stopped = NULL, redrives = ?2, redriven = ?3, parked = 0, wake_at = NULL WHERE no = ?1";

    /// <summary>Reopens what another execution started, for a task of that execution that waits for it from now on.</summary>
    public const string ReopenPart = """
        UPDATE executions SET status = 0, stopped = NULL, redrives = ?2, redriven = ?3, parked = 0, wake_at = NULL, parent_task = ?4
        WHERE no = ?1 AND status NOT IN (0, 1) AND EXISTS(SELECT 1 FROM executions p WHERE p.no = executions.parent AND p.status = 0)
        """;

    public const string SetParentTask = """
        UPDATE executions SET parent_task = ?2
        WHERE no = ?1 AND status = ?3 AND EXISTS(SELECT 1 FROM executions p WHERE p.no = executions.parent AND p.status = 0)
        """;

    public const string ForgetOutcome = "DELETE FROM child_outcomes WHERE child = ?1";

    public const string SetRevision = "UPDATE executions SET revision = ?2, version = ?3 WHERE no = ?1";

    public const string SetPlace = "UPDATE executions SET parked = ?2, wake_at = ?3 WHERE no = ?1";

    public const string Quarantine = "UPDATE executions SET quarantine = ?2, parked = 0, wake_at = NULL WHERE no = ?1";

    public const string PutSnapshot = """
        INSERT INTO snapshots(execution, turn, last_event, transitions, state, heartbeats) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT(execution) DO UPDATE SET turn = ?2, last_event = ?3, transitions = ?4, state = ?5, heartbeats = ?6
        """;

    public const string DeleteSnapshot = "DELETE FROM snapshots WHERE execution = ?1";

    public const string InsertActivityTask = "INSERT INTO activity_tasks(tenant, activity, execution, task) VALUES(?1, ?2, ?3, ?4)";

    public const string DeleteActivityTask = "DELETE FROM activity_tasks WHERE execution = ?1 AND task = ?2";

    public const string DeleteActivityTasks = "DELETE FROM activity_tasks WHERE execution = ?1";

    /// <summary>For the task that waits by now: a redrive may have put another one in the place of the one that started the child.</summary>
    public const string InsertChildOutcome = """
        INSERT INTO child_outcomes(child, parent, parent_task) SELECT no, parent, parent_task FROM executions WHERE no = ?1
        ON CONFLICT(child) DO UPDATE SET parent = excluded.parent, parent_task = excluded.parent_task
        """;

    public const string DeleteChildOutcome = "DELETE FROM child_outcomes WHERE child = ?1 AND parent_task = ?2";
}
