using Lockstep.Service.Channels;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Messaging;

/// <summary>How definitions name queues, topics and event buses. Partition and region are not interpreted; another tenant's is as good as none.</summary>
internal static class ChannelAddress
{
    /// <summary>
    /// The queue that a QueueUrl names: the address that this service shows for it, an address of SQS with the tenant's number before the name, or
    /// the name alone. Null when it cannot be a queue of the tenant.
    /// </summary>
    public static ChannelPlace? OfQueue(TenantId tenant, string queueUrl)
    {
        if (!queueUrl.Contains('/'))
        {
            return Place(tenant, ChannelKind.Queue, queueUrl);
        }

        if (!Uri.TryCreate(queueUrl, UriKind.Absolute, out Uri? url))
        {
            return null;
        }

        string[] segments = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments is [.., { } owner, { } name] && (owner == "queues" || owner == tenant.Value)
            ? Place(tenant, ChannelKind.Queue, name)
            : null;
    }

    /// <summary>The topic that an ARN names; null when it cannot be a topic of the tenant.</summary>
    public static ChannelPlace? OfTopic(TenantId tenant, string arn) =>
        arn.Split(':') is ["arn", _, "sns", _, { } owner, { } name] && owner == tenant.Value ? Place(tenant, ChannelKind.Topic, name) : null;

    /// <summary>The event bus that a name or ARN names; null when it cannot be a bus of the tenant.</summary>
    public static ChannelPlace? OfBus(TenantId tenant, string nameOrArn)
    {
        const string Kind = "event-bus/";
        return !nameOrArn.StartsWith("arn:", StringComparison.Ordinal)
            ? Place(tenant, ChannelKind.EventBus, nameOrArn)
            : nameOrArn.Split(':') is ["arn", _, "events", _, { } owner, { } rest] && owner == tenant.Value && rest.StartsWith(Kind, StringComparison.Ordinal)
                ? Place(tenant, ChannelKind.EventBus, rest[Kind.Length..])
                : null;
    }

    private static ChannelPlace? Place(TenantId tenant, ChannelKind kind, string name) =>
        ChannelNames.Check(name) is null ? new ChannelPlace(tenant, kind, name) : null;
}
