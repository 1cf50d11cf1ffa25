using Lockstep.Service.Channels;
using Lockstep.Service.Objects;
using Lockstep.Service.Tables;

namespace Lockstep.Targets;

/// <summary>
/// What a tenant keeps in this service and tasks work on. Each is asked for at the first call, because the application is composed after its targets; null
/// where the host has no place for it, and then a definition that names such a resource is refused.
/// </summary>
public sealed record TenantData
{
    /// <summary>A host that keeps nothing for tasks.</summary>
    public static TenantData None { get; } = new();

    /// <summary>Queues, topics and event buses.</summary>
    public Func<ChannelUseCases>? Channels { get; init; }

    /// <summary>Objects.</summary>
    public Func<ObjectUseCases>? Objects { get; init; }

    /// <summary>Tables.</summary>
    public Func<TableUseCases>? Tables { get; init; }
}
