using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Redrives;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Events;

/// <summary>
/// Puts changes of status on the event bus <c>default</c> of their tenant, once it has that bus. The id of a message follows from the change, so one that is
/// put there again is there once; the events of a tenant come one after the other, so the bus has them in their order.
/// </summary>
/// <param name="channels">Has the bus.</param>
/// <param name="arns">How resources are named.</param>
/// <param name="limits">What a bus keeps.</param>
/// <param name="time">The clock.</param>
public sealed class StatusChangeBus(IChannelStore channels, ArnFormat arns, ServiceLimits limits, TimeProvider time)
{
    /// <summary>Bytes of content that one send may have.</summary>
    private const int MaxSendBytes = 983_040;

    private readonly RedriveRules _redrives = RedriveRules.Of(limits);

    /// <summary>When the bus came to be, without which nothing is put on it; null while the tenant has none.</summary>
    public async ValueTask<DateTimeOffset?> FindAsync(TenantId tenant, CancellationToken cancellation) =>
        (await channels.FindAsync(PlaceOf(tenant), cancellation))?.CreatedAt;

    /// <summary>Puts changes on the bus, in their order; those it has stay where they are.</summary>
    /// <exception cref="StorageUnavailableException">Some may be missing; all have to come again.</exception>
    public async ValueTask PutAsync(TenantId tenant, IReadOnlyList<ExecutionEvent> changes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changes);
        List<NewMessage> send = [];
        int bytes = 0;
        foreach (NewMessage message in changes.Select(change => StatusChangeEvent.ToMessage(change, arns, _redrives)))
        {
            int more = message.Content.Utf8Length;
            if (send.Count == ChannelUseCases.MaxSent || (send.Count > 0 && bytes + more > MaxSendBytes))
            {
                await SendAsync(tenant, send, cancellation);
                send = [];
                bytes = 0;
            }

            send.Add(message);
            bytes += more;
        }

        if (send.Count > 0)
        {
            await SendAsync(tenant, send, cancellation);
        }
    }

    private static ChannelPlace PlaceOf(TenantId tenant) => new(tenant, ChannelKind.EventBus, ChannelNames.DefaultBus);

    private async ValueTask SendAsync(TenantId tenant, List<NewMessage> messages, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();

        // A bus that has been deleted meanwhile has nothing to keep.
        await channels.SendAsync(
            PlaceOf(tenant),
            messages,
            now,
            new ChannelKeeping(limits.MaxChannelMessages, DropOldest: true, now.AddDays(-limits.MessageRetentionDays)),
            cancellation);
    }
}
