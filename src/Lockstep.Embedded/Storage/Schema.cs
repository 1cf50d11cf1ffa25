using System.Globalization;
using Lockstep.Embedded.Hosting;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// The tables, and the two numbers in the file's header by which a database is known to be ours and of this version. Times are UTC ticks of
/// 100 ns; tenants, machines, revisions and executions are referred to by small integers, so that every index stays small.
/// </summary>
internal static class Schema
{
    /// <summary>Version of the tables below.</summary>
    public const long Version = 15;

    /// <summary>SQLite's application id: the letters "Lkst".</summary>
    public const long ApplicationId = 0x4C6B7374;

    private const string Tables = """
        CREATE TABLE tenants(no INTEGER PRIMARY KEY, digits TEXT NOT NULL UNIQUE, name TEXT, created INTEGER);
        CREATE TABLE api_keys(key_id TEXT PRIMARY KEY, tenant INTEGER NOT NULL, hash BLOB NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX api_keys_tenant ON api_keys(tenant);

        -- A machine keeps its number when it is deleted (revision NULL) and created again, so its executions stay reachable by name.
        CREATE TABLE machines(no INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, name TEXT NOT NULL, revision INTEGER, last_version INTEGER NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX machines_name ON machines(tenant, name);
        CREATE TABLE revisions(
            no INTEGER PRIMARY KEY, machine INTEGER NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL, role TEXT NOT NULL,
            type INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, tags TEXT NOT NULL);
        CREATE UNIQUE INDEX revisions_id ON revisions(machine, id);

        CREATE TABLE functions(
            tenant INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY(tenant, name)) WITHOUT ROWID;
        CREATE TABLE activities(
            tenant INTEGER NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY(tenant, name)) WITHOUT ROWID;

        -- Tasks that no worker has taken yet, in the order in which they were scheduled.
        CREATE TABLE activity_tasks(
            no INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL, activity TEXT NOT NULL, execution INTEGER NOT NULL, task INTEGER NOT NULL);
        CREATE UNIQUE INDEX activity_tasks_task ON activity_tasks(execution, task);

        -- parked: the newest snapshot is the whole truth and nothing is in memory; wake_at is the earliest timer or heartbeat of it.
        CREATE TABLE executions(
            no INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id TEXT NOT NULL, machine INTEGER NOT NULL, revision INTEGER NOT NULL,
            type INTEGER NOT NULL, status INTEGER NOT NULL, started INTEGER NOT NULL, stopped INTEGER, transitions INTEGER NOT NULL,
            parked INTEGER NOT NULL, wake_at INTEGER, parent INTEGER, parent_task INTEGER, parent_waits INTEGER, quarantine TEXT,
            kind INTEGER NOT NULL DEFAULT 0, map_state INTEGER NOT NULL DEFAULT 0, version INTEGER, alias TEXT,
            redrives INTEGER NOT NULL DEFAULT 0, redriven INTEGER);
        CREATE UNIQUE INDEX executions_id ON executions(tenant, id);
        CREATE INDEX executions_of_machine ON executions(machine, status) WHERE kind = 0;
        CREATE INDEX executions_of_tenant ON executions(tenant, status) WHERE kind = 0;
        CREATE INDEX executions_open ON executions(no) WHERE status = 0 AND parked = 0;
        CREATE INDEX executions_wake ON executions(wake_at) WHERE parked = 1 AND wake_at IS NOT NULL;
        CREATE UNIQUE INDEX executions_parent ON executions(parent, parent_task) WHERE parent IS NOT NULL;

        -- How far map runs are, written with the turn that changed it.
        CREATE TABLE map_runs(execution INTEGER PRIMARY KEY, progress BLOB NOT NULL);

        -- Append-only. Turns of one execution ascend in seq, in first_event and in rowid alike.
        CREATE TABLE journal(
            execution INTEGER NOT NULL, seq INTEGER NOT NULL, first_event INTEGER NOT NULL, events INTEGER NOT NULL, hash INTEGER NOT NULL,
            turn BLOB NOT NULL);
        CREATE INDEX journal_place ON journal(execution, first_event);
        CREATE TABLE snapshots(
            execution INTEGER PRIMARY KEY, turn INTEGER NOT NULL, last_event INTEGER NOT NULL, transitions INTEGER NOT NULL, state BLOB NOT NULL,
            heartbeats BLOB NOT NULL);

        -- Input and result of an asynchronous Express execution, which has no journal.
        CREATE TABLE express(execution INTEGER PRIMARY KEY, input BLOB NOT NULL, output BLOB, error TEXT, cause TEXT);

        -- Outcomes of children on their way to the parents that wait for them.
        CREATE TABLE child_outcomes(child INTEGER PRIMARY KEY, parent INTEGER NOT NULL, parent_task INTEGER NOT NULL);

        -- event: the last history event at that time, and redrives: how often the execution had been redriven. 0 in rows of versions before 8.
        CREATE TABLE execution_events(
            tenant INTEGER NOT NULL, seq INTEGER NOT NULL, execution INTEGER NOT NULL, status INTEGER NOT NULL, time INTEGER NOT NULL,
            event INTEGER NOT NULL DEFAULT 0, redrives INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(tenant, seq)) WITHOUT ROWID;

        """ + ChannelTables + ObjectTables + ItemTables;

    /// <summary>
    /// Queues (kind 0), topics (1) and event buses (2). content is NULL once a message has been deleted: its id is remembered until its age ends it,
    /// so that a send which is repeated after a crash is recognised. kept counts those with content.
    /// </summary>
    private const string ChannelTables = """
        CREATE TABLE channels(
            no INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
            last INTEGER NOT NULL, kept INTEGER NOT NULL);
        CREATE UNIQUE INDEX channels_name ON channels(tenant, kind, name);
        CREATE TABLE messages(
            channel INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, content TEXT, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
            received INTEGER NOT NULL, PRIMARY KEY(channel, seq)) WITHOUT ROWID;
        CREATE UNIQUE INDEX messages_id ON messages(channel, id);
        CREATE INDEX messages_kept ON messages(channel, seq) WHERE content IS NOT NULL;

        """;

    /// <summary>Tables that tasks work on, with their items by the text of their keys; items counts those. What changed an item is remembered for a while.</summary>
    private const string ItemTables = """
        CREATE TABLE item_tables(
            no INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL, name TEXT NOT NULL, partition_name TEXT NOT NULL, partition_type TEXT NOT NULL,
            sort_name TEXT, sort_type TEXT, created INTEGER NOT NULL, items INTEGER NOT NULL);
        CREATE UNIQUE INDEX item_tables_name ON item_tables(tenant, name);
        CREATE TABLE items(tbl INTEGER NOT NULL, key TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY(tbl, key)) WITHOUT ROWID;
        CREATE TABLE item_changes(id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX item_changes_at ON item_changes(at);
        """;

    /// <summary>
    /// Objects: content is in files, whose names are here. A file that waits for its removal, or whose object is not there yet, is in object_litter.
    /// </summary>
    private const string ObjectTables = """
        CREATE TABLE objects(
            tenant INTEGER NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
            type TEXT NOT NULL, modified INTEGER NOT NULL, PRIMARY KEY(tenant, bucket, key)) WITHOUT ROWID;
        CREATE TABLE object_litter(file TEXT PRIMARY KEY) WITHOUT ROWID;

        """;

    /// <summary>From version 1: tenants have a name, and their keys can be listed.</summary>
    private const string FromVersion1 = """
        ALTER TABLE tenants ADD COLUMN name TEXT;
        ALTER TABLE tenants ADD COLUMN created INTEGER;
        CREATE INDEX api_keys_tenant ON api_keys(tenant);

        """;

    /// <summary>From version 5: map runs and their children, which no list of executions shows.</summary>
    private const string FromVersion5 = """
        ALTER TABLE executions ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN map_state INTEGER NOT NULL DEFAULT 0;
        DROP INDEX executions_of_machine;
        DROP INDEX executions_of_tenant;
        CREATE INDEX executions_of_machine ON executions(machine, status) WHERE kind = 0;
        CREATE INDEX executions_of_tenant ON executions(tenant, status) WHERE kind = 0;
        CREATE TABLE map_runs(execution INTEGER PRIMARY KEY, progress BLOB NOT NULL);

        """;

    private const string VersionTables = """

        -- A number is never given out twice while the machine exists: machines.last_version. An alias routes to version1 and perhaps version2.
        CREATE TABLE versions(
            machine INTEGER NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL, description TEXT, created INTEGER NOT NULL,
            PRIMARY KEY(machine, number)) WITHOUT ROWID;
        CREATE UNIQUE INDEX versions_revision ON versions(machine, revision);
        CREATE TABLE aliases(
            machine INTEGER NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, description TEXT, version1 INTEGER NOT NULL, weight1 INTEGER NOT NULL,
            version2 INTEGER, weight2 INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY(machine, name)) WITHOUT ROWID;
        CREATE INDEX executions_of_version ON executions(machine, version, status) WHERE version IS NOT NULL;
        CREATE INDEX executions_of_alias ON executions(machine, alias, status) WHERE alias IS NOT NULL;
        """;

    /// <summary>From version 6: machines have versions and aliases, and executions may run one.</summary>
    private const string FromVersion6 = """
        ALTER TABLE machines ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN version INTEGER;
        ALTER TABLE executions ADD COLUMN alias TEXT;
        """ + VersionTables;

    /// <summary>From version 7: executions can be redriven.</summary>
    private const string FromVersion7 = """
        ALTER TABLE executions ADD COLUMN redrives INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN redriven INTEGER;
        ALTER TABLE execution_events ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE execution_events ADD COLUMN redrives INTEGER NOT NULL DEFAULT 0;
        """;

    private const string RetentionTables = """

        -- Revisions that were put out of force, or whose version was deleted, and since when.
        CREATE TABLE unused_revisions(revision INTEGER PRIMARY KEY, since INTEGER NOT NULL);

        -- Executions whose row is gone and of which something may be left; and the highest number ever used, once its row is gone.
        CREATE TABLE removed_executions(no INTEGER PRIMARY KEY);
        """;

    /// <summary>
    /// From version 9: what nothing needs is removed. When a revision went out of force was not noted before: at the latest when the next came, or, of a
    /// machine that is gone, before its last execution could start any more.
    /// </summary>
    private const string FromVersion9 = RetentionTables + """

        INSERT INTO unused_revisions(revision, since)
        SELECT r.no, coalesce(
            (SELECT min(n.updated) FROM revisions n WHERE n.machine = r.machine AND n.no > r.no),
            (SELECT max(e.started) FROM executions e WHERE e.machine = r.machine),
            r.updated)
        FROM revisions r JOIN machines m ON m.no = r.machine
        WHERE m.revision IS NOT r.no AND NOT EXISTS(SELECT 1 FROM versions v WHERE v.machine = r.machine AND v.revision = r.no);
        """;

    /// <summary>Up to which sequence of execution_events the changes of status are on an event bus; only that of the bus named default counts.</summary>
    private const string BusPlace = "ALTER TABLE channels ADD COLUMN forwarded INTEGER NOT NULL DEFAULT 0;\n";

    /// <summary>From version 8: changes of status go to the event bus, from now on.</summary>
    private const string FromVersion8 = BusPlace + """
        UPDATE channels SET forwarded = (SELECT coalesce(max(e.seq), 0) FROM execution_events e WHERE e.tenant = channels.tenant);

        """;

    /// <summary>Changed tags of state machines (kind 0) and activities (1); created tells a resource from an earlier one of its name.</summary>
    private const string TagTables = """

        CREATE TABLE resource_tags(
            tenant INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL, tags TEXT NOT NULL,
            PRIMARY KEY(tenant, kind, name)) WITHOUT ROWID;

        """;

    /// <summary>
    /// Log events by the group that a revision names (log_groups); an event of the same execution, id and time is there once. What a revision logs is JSON, or
    /// NULL for nothing.
    /// </summary>
    private const string LogTables = """

        ALTER TABLE revisions ADD COLUMN logging TEXT;
        CREATE TABLE log_groups(no INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL, name TEXT NOT NULL);
        CREATE UNIQUE INDEX log_groups_name ON log_groups(tenant, name);
        CREATE TABLE log_events(
            no INTEGER PRIMARY KEY, log_group INTEGER NOT NULL, time INTEGER NOT NULL, execution TEXT NOT NULL, event INTEGER NOT NULL, content TEXT NOT NULL);
        CREATE UNIQUE INDEX log_events_place ON log_events(log_group, time, execution, event);
        CREATE INDEX log_events_execution ON log_events(log_group, execution, time, event);

        """;

    /// <summary>From version 12: the children of a map run are listed, and found for a redrive.</summary>
    private const string MapRunIndex = "CREATE INDEX executions_of_map_run ON executions(parent, status, redrives > 0) WHERE kind = 2;\n";

    /// <summary>
    /// From version 13: children that nobody waits for any more are found after a crash. Those of a parent that has ended are found by the index; given_up
    /// holds the tasks that a parent gave up and went on.
    /// </summary>
    private const string GivenUpTable = """

        CREATE INDEX executions_waited_for ON executions(parent) WHERE status = 0 AND type = 0 AND parent_waits = 1;
        CREATE TABLE given_up(parent INTEGER NOT NULL, parent_task INTEGER NOT NULL, PRIMARY KEY(parent, parent_task)) WITHOUT ROWID;

        """;

    /// <summary>Connections: what of one may be shown (JSON), and all of it sealed under a key that is not here.</summary>
    private const string ConnectionTable = """

        CREATE TABLE connections(
            tenant INTEGER NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            shown TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY(tenant, name));

        """;

    /// <summary>What makes each version the next, from version 1 on.</summary>
    private static readonly string[] Steps =
    [
        FromVersion1, ChannelTables, ObjectTables, ItemTables, FromVersion5, FromVersion6, FromVersion7, FromVersion8, FromVersion9, TagTables, LogTables,
        MapRunIndex, GivenUpTable, ConnectionTable,
    ];

    /// <summary>
    /// Prepares the database for use: creates the tables in an empty one, brings an older one up to date, and refuses one that is not ours or
    /// too new.
    /// </summary>
    public static void Ensure(SqliteConnection connection, string path)
    {
        long applicationId = connection.Prepare("PRAGMA application_id").ReadScalar() ?? 0;
        long version = connection.Prepare("PRAGMA user_version").ReadScalar() ?? 0;
        long tables = connection.Prepare("SELECT count(*) FROM sqlite_master").ReadScalar() ?? 0;
        if (tables == 0 && applicationId == 0)
        {
            Apply(connection, Tables + VersionTables + BusPlace + RetentionTables + TagTables + LogTables + MapRunIndex + GivenUpTable + ConnectionTable);
            return;
        }

        if (applicationId != ApplicationId)
        {
            throw new EmbeddedStartupException(
                StorageFailure.SchemaForeign, $"{path} is a database of another program. Name another data folder.");
        }

        if (version is >= 1 and < Version)
        {
            Apply(connection, string.Concat(Steps[(int)(version - 1)..]));
        }
        else if (version != Version)
        {
            throw new EmbeddedStartupException(
                StorageFailure.SchemaNewer,
                $"{path} has schema version {version}; this program reads version {Version}. Start the version of lockstep that wrote it, or a newer one.");
        }
    }

    private static void Apply(SqliteConnection connection, string statements)
    {
        connection.Run("BEGIN IMMEDIATE");
        connection.Run(statements);
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}"));
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version}"));
        connection.Run("COMMIT");
    }
}
