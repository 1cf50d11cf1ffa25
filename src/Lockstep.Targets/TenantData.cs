using Lockstep.Service;
using Lockstep.Service.Channels;
using Lockstep.Service.Connections;
using Lockstep.Service.Objects;
using Lockstep.Service.Tables;

namespace Lockstep.Targets;

/// <summary>
/// What a tenant keeps in this service and tasks work on. Each is asked for at the first call, because the application is composed after its targets.
/// </summary>
/// <param name="Channels">Queues, topics and event buses.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Tables">Tables.</param>
/// <param name="Connections">Connections.</param>
public sealed record TenantData(Func<ChannelUseCases> Channels, Func<ObjectUseCases> Objects, Func<TableUseCases> Tables, Func<ConnectionUseCases> Connections)
{
    /// <summary>What an application keeps.</summary>
    public static TenantData Of(Func<LockstepService> service) =>
        new(() => service().Channels, () => service().Objects, () => service().Tables, () => service().Connections);
}
