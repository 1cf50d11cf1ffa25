using Lockstep.Api.Routing;
using Lockstep.Api.Wire;

namespace Lockstep.Api.Operations;

/// <summary>The whole API: every group of operations, in the order of the documentation.</summary>
public static class ApiRoutes
{
    /// <summary>The table that every host serves.</summary>
    public static RouteTable Table { get; } = new(
    [
        .. StateMachineOperations.Routes,
        .. VersionOperations.Routes,
        .. AliasOperations.Routes,
        .. ExecutionOperations.Routes,
        .. RedriveOperations.Routes,
        .. HistoryOperations.Routes,
        .. MapRunOperations.Routes,
        .. ActivityOperations.Routes,
        .. TaskOperations.Routes,
        .. ApprovalOperations.Routes,
        .. FunctionOperations.Routes,
        .. ConnectionOperations.Routes,
        .. ObjectOperations.Routes,
        .. EventOperations.Routes,
        .. LogOperations.Routes,
        .. ChannelOperations.Routes,
        .. TableOperations.Routes,
        .. TestStateOperations.Routes,
        .. ServiceOperations.Routes,
        .. OperatorOperations.Routes,
        .. WireRoute.Routes,
    ]);
}
