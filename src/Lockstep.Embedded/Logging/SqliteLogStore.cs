using System.Globalization;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Logging;

/// <summary>
/// Log events in SQLite. Those of Standard executions are written in the commit of the turn whose events they are, so they are neither lost nor doubled;
/// those of Express executions come through <see cref="AppendAsync"/>.
/// </summary>
internal sealed class SqliteLogStore(Store store) : ILogStore
{
    private const string InsertGroup = "INSERT INTO log_groups(tenant, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING";
    private const string FindGroup = "SELECT no FROM log_groups WHERE tenant = ?1 AND name = ?2";
    private const string Insert = "INSERT INTO log_events(log_group, time, execution, event, content) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    private const string ListGroups = "SELECT name FROM log_groups WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3";

    private const string Columns = "SELECT execution, event, time, content FROM log_events";
    private const string Of = $"{Columns} WHERE log_group = ?1 AND (time, execution, event) > (?2, ?3, ?4) AND time < ?5 ORDER BY time, execution, event LIMIT ?6";
    private const string OfExecution =
        $"{Columns} WHERE log_group = ?1 AND execution = ?3 AND (time, event) > (?2, ?4) AND time < ?5 ORDER BY time, event LIMIT ?6";

    /// <inheritdoc/>
    public async ValueTask AppendAsync(LogGroup group, IReadOnlyList<LogEvent> events, CancellationToken cancellation) => await store.WriteAsync(context =>
    {
        Write(context, Store.EnsureTenant(context, group.Tenant, out _), group.Name, events);
        return true;
    });

    /// <inheritdoc/>
    public ValueTask<Page<LogEvent>> ReadAsync(LogGroup group, LogFilter filter, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(group.Tenant) is not long tenant
            ? new Page<LogEvent>([], null)
            : store.Read((tenant, group, filter, page), static (connection, query) =>
                connection.Prepare(FindGroup).Bind(1, query.tenant).Bind(2, query.group.Name).ReadScalar() is long number
                    ? Read(connection, number, query.filter, query.page)
                    : new Page<LogEvent>([], null)));

    /// <inheritdoc/>
    public ValueTask<Page<string>> ListGroupsAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, ListGroups, rows => rows.Text(0), name => name));

    /// <summary>Adds events within a write.</summary>
    public static void Write(WriteContext context, long tenantNumber, string group, IReadOnlyList<LogEvent> events)
    {
        long number = context.Prepare(FindGroup).Bind(1, tenantNumber).Bind(2, group).ReadScalar() ?? AddGroup(context, tenantNumber, group);
        foreach (LogEvent one in events)
        {
            context.Prepare(Insert)
                .Bind(1, number).Bind(2, StoredTime.ToStored(one.Time)).Bind(3, one.Execution).Bind(4, one.Id).Bind(5, one.Text).Execute();
        }
    }

    private static long AddGroup(WriteContext context, long tenantNumber, string group)
    {
        context.Prepare(InsertGroup).Bind(1, tenantNumber).Bind(2, group).Execute();
        return context.Prepare(FindGroup).Bind(1, tenantNumber).Bind(2, group).ReadScalar()
            ?? throw new InvalidOperationException("A log group that was just stored has no number.");
    }

    private static Page<LogEvent> Read(SqliteConnection connection, long group, LogFilter filter, PageRequest page)
    {
        Place after = page.Cursor is { } cursor ? Place.Parse(cursor) : new Place(filter.From is { } from ? StoredTime.ToStored(from) : 0, "", 0);
        List<LogEvent> items = [];
        long bytes = 0;
        using SqliteStatement rows = connection.Prepare(filter.Execution is null ? Of : OfExecution)
            .Bind(1, group).Bind(2, after.Time).Bind(3, filter.Execution ?? after.Execution).Bind(4, after.Event)
            .Bind(5, filter.Before is { } before ? StoredTime.ToStored(before) : long.MaxValue).Bind(6, (long)page.MaxItems + 1);
        while (rows.Step())
        {
            if (items.Count == page.MaxItems || bytes >= page.MaxBytes)
            {
                LogEvent last = items[^1];
                return new Page<LogEvent>(items, new Place(StoredTime.ToStored(last.Time), last.Execution, last.Id).ToString());
            }

            items.Add(new LogEvent(rows.Text(0), rows.Int64(1), StoredTime.FromStored(rows.Int64(2)), rows.Text(3)));
            bytes += items[^1].Text.Length;
        }

        return new Page<LogEvent>(items, null);
    }

    /// <summary>Where a page ended. Ids of events begin with 1, so an id of 0 is before all of a time.</summary>
    private sealed record Place(long Time, string Execution, long Event)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time} {Event} {Execution}");

        public static Place Parse(string cursor)
        {
            string[] parts = cursor.Split(' ', 3);
            return new Place(
                long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), parts[2], long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }
}
