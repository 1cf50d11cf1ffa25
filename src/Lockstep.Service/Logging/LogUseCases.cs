using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Logging;

/// <summary>Reading a tenant's log groups.</summary>
public sealed class LogUseCases(ILogStore store, PageTokens pages)
{
    private const string GroupQuery = "log-groups";

    /// <summary>Lists the names of the log groups that have events.</summary>
    public ValueTask<Result<Page<string>>> ListGroupsAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, GroupQuery, asked, page => store.ListGroupsAsync(tenant, page, cancellation));

    /// <summary>Reads the events of a log group, oldest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="query">Which.</param>
    /// <param name="asked">The page.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Result<Page<LogEvent>>> ReadAsync(TenantId tenant, LogQuery query, ListRequest asked, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!LogGroupName.IsValid(query.LogGroup))
        {
            return new ServiceError(
                ErrorCodes.InvalidName,
                string.Create(CultureInfo.InvariantCulture, $"A log group has a name of 1 to {LogGroupName.MaxLength} letters, digits and characters of \"_-/.#\"."))
            {
                Target = "logGroup",
            };
        }

        string? execution = null;
        if (query.Execution is { } named)
        {
            Result<ExecutionKey> key = ExecutionIds.Read(tenant, named);
            if (!key.Succeeded)
            {
                return key.Error with { Target = "execution" };
            }

            execution = key.Value.Id;
        }

        string filter = string.Create(
            CultureInfo.InvariantCulture, $"log-events\n{query.LogGroup}\n{execution}\n{query.From?.UtcTicks}\n{query.Before?.UtcTicks}");
        var group = new LogGroup(tenant, query.LogGroup);
        return await pages.ListAsync(
            tenant, filter, asked, page => store.ReadAsync(group, new LogFilter(execution, query.From, query.Before), page, cancellation));
    }
}

/// <summary>Which log events a caller asks for.</summary>
/// <param name="LogGroup">The name of the log group.</param>
/// <param name="Execution">The id or ARN of an execution; null for all.</param>
/// <param name="From">None before this time; null for no bound.</param>
/// <param name="Before">None at or after this time; null for no bound.</param>
public sealed record LogQuery(string LogGroup, string? Execution, DateTimeOffset? From, DateTimeOffset? Before);
