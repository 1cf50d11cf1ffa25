using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.MapRuns;

/// <summary>Showing and changing map runs.</summary>
/// <param name="runs">The driver of map runs; null where Map states in DISTRIBUTED mode do not run, and there are none.</param>
/// <param name="pages">Seals page tokens.</param>
public sealed class MapRunUseCases(IMapRunDriver? runs, PageTokens pages)
{
    private const int MaxPercentage = 100;

    /// <summary>Finds a map run by its id within the tenant, <c>machine/label:name</c>, or by its ARN.</summary>
    public async ValueTask<Result<MapRunRecord>> DescribeAsync(TenantId tenant, string id, CancellationToken cancellation) =>
        runs is not null && MapRunNames.TryRead(tenant, id, out ExecutionKey? run) && await runs.FindAsync(run.Value, cancellation) is { } found
            ? found
            : DoesNotExist();

    /// <summary>Lists the map runs that an execution has started, newest first.</summary>
    public async ValueTask<Result<Page<MapRunRecord>>> ListAsync(ExecutionKey execution, ListRequest asked, CancellationToken cancellation)
    {
        string query = $"map-runs\n{execution.Id}";
        Result<PageRequest> page = pages.Open(execution.Tenant, query, asked);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        return runs is not null && await runs.ListAsync(execution, page.Value, cancellation) is { } found
            ? pages.Seal(execution.Tenant, query, found)
            : ExecutionIds.DoesNotExist();
    }

    /// <summary>Lists the children that a map run has started, newest first.</summary>
    public async ValueTask<Result<Page<ExecutionRecord>>> ListChildrenAsync(
        TenantId tenant, string id, MapRunChildFilter filter, ListRequest asked, CancellationToken cancellation)
    {
        if (runs is null || !MapRunNames.TryRead(tenant, id, out ExecutionKey? run))
        {
            return DoesNotExist();
        }

        string query = $"map-run\n{run.Value.Id}\n{filter.Status}\n{filter.IsRedriven}\n{filter.IsPendingRedrive}";
        Result<PageRequest> page = pages.Open(tenant, query, asked);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        return await runs.ListChildrenAsync(run.Value, filter, page.Value, cancellation) is { } found
            ? pages.Seal(tenant, query, found)
            : DoesNotExist();
    }

    /// <summary>Changes a map run while it runs.</summary>
    public async ValueTask<Result<MapRunRecord>> UpdateAsync(TenantId tenant, string id, MapRunChange change, CancellationToken cancellation)
    {
        if (Check(change) is { } wrong)
        {
            return wrong;
        }

        return runs is not null && MapRunNames.TryRead(tenant, id, out ExecutionKey? run)
            ? await runs.UpdateAsync(run.Value, change, cancellation)
            : DoesNotExist();
    }

    /// <summary>The failure of asking for a map run that is not there, or not the tenant's.</summary>
    public static ServiceError DoesNotExist() => new(ErrorCodes.ResourceNotFound, "There is no such map run.") { Target = "id" };

    /// <summary>The failure of changing a map run that has ended.</summary>
    public static ServiceError HasEnded() => new(ErrorCodes.Conflict, "The map run has ended; only one that runs can be changed.") { Target = "id" };

    private static ServiceError? Check(MapRunChange change) =>
        change is { MaxConcurrency: null, ToleratedFailureCount: null, ToleratedFailurePercentage: null }
            ? new ServiceError(ErrorCodes.Validation, "At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage is needed.")
        : change.MaxConcurrency is < 0 or > int.MaxValue ? OutOfRange("maxConcurrency", "a whole number from 0 on")
        : change.ToleratedFailureCount < 0 ? OutOfRange("toleratedFailureCount", "a whole number from 0 on")
        : change.ToleratedFailurePercentage is { } share && (share.CompareTo(JsonNumber.Of(0)) < 0 || share.CompareTo(JsonNumber.Of(MaxPercentage)) > 0)
            ? OutOfRange("toleratedFailurePercentage", "a number from 0 to 100")
        : null;

    private static ServiceError OutOfRange(string member, string expected) =>
        new(ErrorCodes.Validation, $"{member} must be {expected}.") { Target = "/" + member };
}
