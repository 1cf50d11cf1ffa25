using Lockstep.Embedded.Channels;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Channels;
using Lockstep.Service.Events;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Events;

/// <summary>
/// Puts changes of status on the event bus <c>default</c> of their tenant, once it has that bus. Invariant: the bus has every change since it was
/// created exactly once and in order, because a message and the place up to which the outbox is on the bus are one write; a tenant without the bus costs a look.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="events">Reads the outbox.</param>
/// <param name="arns">How resources are named.</param>
/// <param name="limits">What a bus keeps.</param>
/// <param name="time">The clock.</param>
/// <param name="fail">Told of a store that cannot be read, which ends the process.</param>
internal sealed class StatusChangePump(
    Store store, SqliteExecutionEventReader events, ArnFormat arns, ServiceLimits limits, TimeProvider time, Action<StorageException> fail)
{
    private const int EventsAtOnce = 50;

    private const string Place =
        "SELECT no, forwarded FROM channels WHERE tenant = ?1 AND kind = 2 AND name = '" + ChannelNames.DefaultBus + "'";

    private const string SetPlace = "UPDATE channels SET forwarded = ?2 WHERE no = ?1 AND forwarded < ?2";

    private const string Behind = """
        SELECT t.digits FROM channels c JOIN tenants t ON t.no = c.tenant
        WHERE c.kind = 2 AND c.name = 'default' AND EXISTS(SELECT 1 FROM execution_events e WHERE e.tenant = c.tenant AND e.seq > c.forwarded)
        """;

    private readonly Lock _gate = new();
    private readonly HashSet<TenantId> _waiting = [];
    private readonly RedriveRules _redrives = RedriveRules.Of(limits);
    private Task _running = Task.CompletedTask;
    private bool _stopped;

    /// <summary>Completes when everything that was told of until now is on its bus.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Goes on where the process before this one stopped.</summary>
    public void Recover()
    {
        List<string> behind = store.Read(0, static (connection, _) =>
        {
            List<string> found = [];
            using SqliteStatement rows = connection.Prepare(Behind);
            while (rows.Step())
            {
                found.Add(rows.Text(0));
            }

            return found;
        });
        foreach (string digits in behind)
        {
            if (TenantId.TryParse(digits, out TenantId tenant))
            {
                Tell(tenant);
            }
        }
    }

    /// <summary>A change of a tenant's execution is durable.</summary>
    public void Tell(TenantId tenant)
    {
        lock (_gate)
        {
            if (!_stopped && _waiting.Add(tenant) && _running.IsCompleted)
            {
                _running = Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Begins nothing more; what is not on its bus then, the next process puts there.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
            return _running;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (Next() is { } tenant)
            {
                while (await ForwardAsync(tenant))
                {
                    // As long as there is more.
                }
            }
        }
        catch (StorageException failure)
        {
            fail(failure);
        }
    }

    private TenantId? Next()
    {
        lock (_gate)
        {
            foreach (TenantId tenant in _waiting)
            {
                _waiting.Remove(tenant);
                return tenant;
            }

            _running = Task.CompletedTask;
            return null;
        }
    }

    /// <summary>Puts the next changes on the bus; true when there may be more.</summary>
    private async ValueTask<bool> ForwardAsync(TenantId tenant)
    {
        if (store.NumberOf(tenant) is not long number || PlaceOf(number) is not { } place)
        {
            return false;
        }

        Page<ExecutionEvent> page = await events.ReadAsync(tenant, place.Forwarded, EventsAtOnce, CancellationToken.None);
        if (page.Items.Count == 0)
        {
            return false;
        }

        NewMessage[] messages = [.. page.Items.Select(change => StatusChangeEvent.ToMessage(change, arns, _redrives))];
        DateTimeOffset now = time.GetUtcNow();
        var keeping = new ChannelKeeping(limits.MaxChannelMessages, DropOldest: true, now.AddDays(-limits.MessageRetentionDays));
        await store.WriteAsync(context =>
        {
            if (ChannelRow.Find(context, number, new ChannelPlace(tenant, ChannelKind.EventBus, ChannelNames.DefaultBus)) is { } bus && bus.Number == place.Channel)
            {
                bus.Append(context, messages, now, keeping);
                context.Prepare(SetPlace).Bind(1, bus.Number).Bind(2, page.Items[^1].Sequence).Execute();
            }

            return true;
        });
        return page.Next is not null;
    }

    private (long Channel, long Forwarded)? PlaceOf(long tenantNumber) => store.Read(tenantNumber, static (connection, number) =>
    {
        using SqliteStatement rows = connection.Prepare(Place).Bind(1, number);
        return rows.Step() ? (rows.Int64(0), rows.Int64(1)) : ((long, long)?)null;
    });
}
