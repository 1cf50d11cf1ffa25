using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Log groups in memory.</summary>
internal sealed class MemoryLogStore : ILogStore
{
    private readonly Lock _gate = new();
    private readonly List<(LogGroup Group, LogEvent Event)> _events = [];

    public ValueTask AppendAsync(LogGroup group, IReadOnlyList<LogEvent> events, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (LogEvent one in events)
            {
                if (!_events.Any(known => known.Group == group && KeyOf(known.Event) == KeyOf(one)))
                {
                    _events.Add((group, one));
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<Page<LogEvent>> ReadAsync(LogGroup group, LogFilter filter, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            int after = page.Cursor is null ? 0 : int.Parse(page.Cursor, System.Globalization.CultureInfo.InvariantCulture);
            LogEvent[] rest =
            [
                .. _events.Where(known => known.Group == group).Select(known => known.Event)
                    .Where(one => (filter.Execution ?? one.Execution) == one.Execution && !(one.Time < filter.From) && !(one.Time >= filter.Before))
                    .OrderBy(one => one.Time).ThenBy(one => one.Execution, StringComparer.Ordinal).ThenBy(one => one.Id).Skip(after),
            ];
            return ValueTask.FromResult(new Page<LogEvent>(
                [.. rest.Take(page.MaxItems)],
                rest.Length > page.MaxItems ? (after + page.MaxItems).ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
        }
    }

    public ValueTask<Page<string>> ListGroupsAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            string[] rest =
            [
                .. _events.Where(known => known.Group.Tenant == tenant).Select(known => known.Group.Name).Distinct()
                    .Where(name => string.CompareOrdinal(name, page.Cursor) > 0).Order(StringComparer.Ordinal),
            ];
            string[] items = [.. rest.Take(page.MaxItems)];
            return ValueTask.FromResult(new Page<string>(items, rest.Length > items.Length ? items[^1] : null));
        }
    }

    private static (string Execution, long Id, DateTimeOffset Time) KeyOf(LogEvent one) => (one.Execution, one.Id, one.Time);
}
