using Lockstep.Embedded.Storage;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Channels;

/// <summary>Queues, topics and event buses in SQLite. Every write goes through the committer, so what was acknowledged is on disk.</summary>
internal sealed class SqliteChannelStore(Store store) : IChannelStore
{
    /// <summary>Messages that one write removes with their channel, so that a large channel holds nobody up.</summary>
    private const int RemovedPerWrite = 1_000;

    /// <summary>What happened before a bus was there is not put on it.</summary>
    private const string Insert = """
        INSERT INTO channels(tenant, kind, name, created, last, kept, forwarded)
        VALUES(?1, ?2, ?3, ?4, 0, 0, (SELECT coalesce(max(seq), 0) FROM execution_events WHERE tenant = ?1)) ON CONFLICT DO NOTHING
        """;


    private const string Find = "SELECT created FROM channels WHERE tenant = ?1 AND kind = ?2 AND name = ?3";
    private const string ListQueues = "SELECT name, created FROM channels WHERE tenant = ?1 AND kind = 0 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string ListTopics = "SELECT name, created FROM channels WHERE tenant = ?1 AND kind = 1 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string ListBuses = "SELECT name, created FROM channels WHERE tenant = ?1 AND kind = 2 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string Count = "SELECT count(*) FROM channels WHERE tenant = ?1";
    private const string Delete = "DELETE FROM channels WHERE no = ?1";

    private const string Read =
        "SELECT seq, id, content, sent, received FROM messages WHERE channel = ?1 AND seq > ?2 AND content IS NOT NULL AND sent >= ?3 ORDER BY seq LIMIT ?4";

    private const string ReadVisible =
        "SELECT seq, id, content, sent, received FROM messages WHERE channel = ?1 AND content IS NOT NULL AND visible <= ?2 AND sent >= ?3 ORDER BY seq LIMIT ?4";

    private const string Hide = "UPDATE messages SET visible = ?3, received = received + 1 WHERE channel = ?1 AND seq = ?2";
    private const string RemoveSome = "DELETE FROM messages WHERE channel = ?1 AND seq IN (SELECT seq FROM messages WHERE channel = ?1 LIMIT ?2)";

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(ChannelRecord channel, CancellationToken cancellation) => await store.WriteAsync(context =>
    {
        long tenant = Store.EnsureTenant(context, channel.Place.Tenant, out _);
        return context.Prepare(Insert)
            .Bind(1, tenant).Bind(2, (long)channel.Place.Kind).Bind(3, channel.Place.Name).Bind(4, StoredTime.ToStored(channel.CreatedAt))
            .ExecuteChanges() > 0;
    });

    /// <inheritdoc/>
    public ValueTask<ChannelRecord?> FindAsync(ChannelPlace place, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(place.Tenant) is not long number
            ? null
            : store.Read((number, place), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(Find)
                    .Bind(1, query.number).Bind(2, (long)query.place.Kind).Bind(3, query.place.Name);
                return rows.Step() ? new ChannelRecord(query.place, StoredTime.FromStored(rows.Int64(0))) : null;
            }));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ChannelPlace place, CancellationToken cancellation)
    {
        if (store.NumberOf(place.Tenant) is not long tenant)
        {
            return false;
        }

        // The channel goes in the same write as the last of its messages: whatever happens in between, no message is left without one.
        while (true)
        {
            bool? existed = await store.WriteAsync<bool?>(context =>
            {
                if (ChannelRow.Find(context, tenant, place) is not { } channel)
                {
                    return false;
                }

                if (context.Prepare(RemoveSome).Bind(1, channel.Number).Bind(2, (long)RemovedPerWrite).ExecuteChanges() == RemovedPerWrite)
                {
                    return null;
                }

                context.Prepare(Delete).Bind(1, channel.Number).Execute();
                return true;
            });
            if (existed is bool known)
            {
                return known;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<ChannelRecord>> ListAsync(TenantId tenant, ChannelKind kind, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(
            store,
            store.NumberOf(tenant),
            page,
            kind switch { ChannelKind.Queue => ListQueues, ChannelKind.Topic => ListTopics, _ => ListBuses },
            rows => new ChannelRecord(new ChannelPlace(tenant, kind, rows.Text(0)), StoredTime.FromStored(rows.Int64(1))),
            channel => channel.Place.Name));

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    /// <inheritdoc/>
    public async ValueTask<SendOutcome> SendAsync(
        ChannelPlace place, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation) =>
        store.NumberOf(place.Tenant) is long tenant
            ? await store.WriteAsync(context => ChannelRow.Find(context, tenant, place) is { } channel
                ? channel.Append(context, messages, now, keeping)
                : SendOutcome.NoChannel)
            : SendOutcome.NoChannel;

    /// <inheritdoc/>
    public ValueTask<Page<MessageRecord>> ReadAsync(
        ChannelPlace place, long after, DateTimeOffset keptSince, PageRequest page, CancellationToken cancellation)
    {
        if (store.NumberOf(place.Tenant) is not long tenant)
        {
            return ValueTask.FromResult(new Page<MessageRecord>([], null));
        }

        return ValueTask.FromResult(store.Read((tenant, place, after, keptSince, page), static (connection, query) =>
        {
            List<MessageRecord> items = [];
            if (ChannelRow.NumberOf(connection, query.tenant, query.place) is not long channel)
            {
                return new Page<MessageRecord>(items, null);
            }

            long bytes = 0;
            using SqliteStatement rows = connection.Prepare(Read)
                .Bind(1, channel).Bind(2, query.after).Bind(3, StoredTime.ToStored(query.keptSince)).Bind(4, (long)query.page.MaxItems + 1);
            while (rows.Step())
            {
                if (items.Count == query.page.MaxItems || bytes >= query.page.MaxBytes)
                {
                    return new Page<MessageRecord>(items, "more");
                }

                MessageRecord message = ReadRow(rows);
                bytes += message.Content.Utf8Length;
                items.Add(message);
            }

            return new Page<MessageRecord>(items, null);
        }));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageRecord>> ReceiveAsync(
        ChannelPlace place, int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, DateTimeOffset hiddenUntil, CancellationToken cancellation)
    {
        if (store.NumberOf(place.Tenant) is not long tenant)
        {
            return [];
        }

        return await store.WriteAsync(context =>
        {
            List<MessageRecord> taken = [];
            if (ChannelRow.Find(context, tenant, place) is not { } channel)
            {
                return taken;
            }

            using (SqliteStatement rows = context.Prepare(ReadVisible)
                .Bind(1, channel.Number).Bind(2, StoredTime.ToStored(now)).Bind(3, StoredTime.ToStored(keptSince)).Bind(4, (long)maxMessages))
            {
                while (rows.Step())
                {
                    MessageRecord message = ReadRow(rows);
                    taken.Add(message with { Received = message.Received + 1 });
                }
            }

            foreach (MessageRecord message in taken)
            {
                context.Prepare(Hide).Bind(1, channel.Number).Bind(2, message.Sequence).Bind(3, StoredTime.ToStored(hiddenUntil)).Execute();
            }

            return taken;
        });
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteMessageAsync(ChannelPlace place, string messageId, CancellationToken cancellation) =>
        store.NumberOf(place.Tenant) is long tenant
        && await store.WriteAsync(context => ChannelRow.Find(context, tenant, place) is { } channel && channel.Remove(context, messageId));

    private static MessageRecord ReadRow(SqliteStatement rows) => new(
        rows.Int64(0),
        rows.Text(1),
        JsonValue.Parse(rows.Text(2)) as JsonObject ?? JsonObject.Empty,
        StoredTime.FromStored(rows.Int64(3)),
        (int)rows.Int64(4));
}
