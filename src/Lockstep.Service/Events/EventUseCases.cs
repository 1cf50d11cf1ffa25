using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Events;

/// <summary>Reading a tenant's execution events in order.</summary>
public sealed class EventUseCases(IExecutionEventReader reader, ServiceLimits limits)
{
    /// <summary>Events after a sequence number, ascending; 0 for all from the first.</summary>
    public async ValueTask<Result<Page<ExecutionEvent>>> ReadAsync(
        TenantId tenant, long afterSequence, int? pageSize, CancellationToken cancellation)
    {
        int size = pageSize ?? Math.Min(limits.DefaultPageSize, limits.MaxPageSize);
        if (size < 1 || size > limits.MaxPageSize)
        {
            return new ServiceError(
                ErrorCodes.Validation, string.Create(CultureInfo.InvariantCulture, $"pageSize is {size}, but has to be from 1 to {limits.MaxPageSize}."))
            {
                Target = "pageSize",
            };
        }

        return afterSequence < 0
            ? new ServiceError(ErrorCodes.Validation, "after is negative, but has to be the sequence of an event, or 0 for all.") { Target = "after" }
            : await reader.ReadAsync(tenant, afterSequence, size, cancellation);
    }
}
