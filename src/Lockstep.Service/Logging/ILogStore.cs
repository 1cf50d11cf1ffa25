using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Logging;

/// <summary>Names one log group of one tenant.</summary>
/// <param name="Tenant">The tenant that owns it.</param>
/// <param name="Name">Its name (<see cref="LogGroupName"/>).</param>
public readonly record struct LogGroup(TenantId Tenant, string Name);

/// <summary>An event to log.</summary>
/// <param name="Execution">The execution within its tenant, as <see cref="Executions.ExecutionKey.Id"/> has it.</param>
/// <param name="Id">The event's id within the execution.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Text">The event as one line of JSON.</param>
public sealed record LogEvent(string Execution, long Id, DateTimeOffset Time, string Text);

/// <summary>Which events of a log group are asked for.</summary>
/// <param name="Execution">Those of one execution; null for all.</param>
/// <param name="From">None before this time; null for no bound.</param>
/// <param name="Before">None at or after this time; null for no bound.</param>
public sealed record LogFilter(string? Execution, DateTimeOffset? From, DateTimeOffset? Before)
{
    /// <summary>Everything.</summary>
    public static LogFilter All { get; } = new(null, null, null);
}

/// <summary>Keeps log events, by log group. A group is there as long as it has events.</summary>
public interface ILogStore
{
    /// <summary>
    /// Adds events, durable when it answers. An event of the same execution, id and time is the same event: it is kept once, however often it is added.
    /// </summary>
    ValueTask AppendAsync(LogGroup group, IReadOnlyList<LogEvent> events, CancellationToken cancellation);

    /// <summary>
    /// Reads events in the order of their times; those of one time by execution, and those of one execution in the order of their ids. A group that is not
    /// there has none.
    /// </summary>
    ValueTask<Page<LogEvent>> ReadAsync(LogGroup group, LogFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>Lists the names of a tenant's log groups, in ordinal order.</summary>
    ValueTask<Page<string>> ListGroupsAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);
}
