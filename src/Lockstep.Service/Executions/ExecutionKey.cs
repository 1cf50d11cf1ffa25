using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>
/// Names one execution of one tenant. Every query for an execution takes one, so a query without a tenant cannot be written.
/// </summary>
/// <param name="Tenant">The tenant that owns it.</param>
/// <param name="Id">Its identity within the tenant, the tail of its ARN: <c>machine:name</c>, or <c>machine:name:uuid</c> for Express.</param>
public readonly record struct ExecutionKey(TenantId Tenant, string Id)
{
    /// <summary>The key of a Standard execution (<paramref name="expressRunId"/> null) or of an Express one.</summary>
    public static ExecutionKey Of(TenantId tenant, string stateMachineName, string name, string? expressRunId) =>
        new(tenant, expressRunId is null ? $"{stateMachineName}:{name}" : $"{stateMachineName}:{name}:{expressRunId}");
}
