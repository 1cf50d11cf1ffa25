using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;

namespace Lockstep.Azure.Listings;

/// <summary>
/// What lists of the children of map runs show: the first ones of a few lists in each partition, merged. A list that is looked through for what fits a
/// condition is read so far at most, so a page may have less than it could, and still not be the last.
/// </summary>
/// <param name="tables">The deployment's tables.</param>
/// <param name="maxRows">Rows of one list that are looked through for a page.</param>
internal sealed class ChildListings(ITables tables, int maxRows = ChildListings.MaxRows)
{
    /// <summary>Rows of one list that are looked through for a page, unless a test says otherwise.</summary>
    public const int MaxRows = 20_000;

    private readonly ITable _table = tables[TableName.Listings];

    /// <summary>The next children that have not succeeded, in the order of their numbers.</summary>
    public async ValueTask<PastChildrenAnswer> FindPastAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation)
    {
        string list = ListingRow.ListOfUnsuccessful(run);
        string from = request.Cursor is { } cursor ? $"{list}{LedgerKeys.Number(long.Parse(cursor, CultureInfo.InvariantCulture))}!" : list;
        (List<Found> found, _) = await ScanAsync(run, [(from, list)], request.MaxChildren, shows: null, cancellation);
        UnsuccessfulChild[] children =
        [
            .. found.Take(request.MaxChildren).Select(child => new UnsuccessfulChild(
                MapRunNames.IndexOf(child.Record.Key), request.HasBatches ? child.Record.ItemCount ?? 1 : 1, NestedExecutionReport.NameOf(child.Record.Status))),
        ];
        return new PastChildrenAnswer(
            [.. children], found.Count >= request.MaxChildren ? children[^1].Index.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>A page of children, the last one first.</summary>
    /// <param name="run">The map run.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="redriven">Since when the map run runs again; null for one that is not redriven, or has ended.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Page<ExecutionRecord>> ListAsync(
        ExecutionKey run, MapRunChildFilter filter, DateTimeOffset? redriven, PageRequest page, CancellationToken cancellation)
    {
        if (filter.IsPendingRedrive && redriven is null)
        {
            return new Page<ExecutionRecord>([], null);
        }

        IEnumerable<ExecutionStatus?> statuses = filter.IsPendingRedrive
            ? MapRunChildFilter.Unsuccessful.Select(status => (ExecutionStatus?)status)
            : [filter.Status];
        (string From, string List)[] lists =
        [
            .. from status in statuses
               from isRedriven in filter.IsRedriven is { } only ? [only] : (bool[])[false, true]
               let list = ListingRow.ListOfChildren(run, status, isRedriven)
               select (page.Cursor is null ? list : $"{list}{page.Cursor}!", list),
        ];
        bool divides = redriven is not null
            && (filter.IsPendingRedrive || (filter.Status is { } asked && MapRunChildFilter.Unsuccessful.Contains(asked)));
        Func<ExecutionRecord, bool>? shows = !divides ? null
            : child => MapRunChildFilter.IsPending(child.Status, child.StoppedAt, redriven) == filter.IsPendingRedrive;
        (List<Found> found, string? reached) = await ScanAsync(run, lists, page.MaxItems + 1, shows, cancellation);
        return new Page<ExecutionRecord>(
            [
                .. found.Take(page.MaxItems).Select(child => child.Record with
                {
                    ItemCount = child.Record.ItemCount ?? 1,
                    IsPendingRedrive = MapRunChildFilter.IsPending(child.Record.Status, child.Record.StoppedAt, redriven),
                }),
            ],
            found.Count > page.MaxItems ? found[page.MaxItems - 1].Place : reached);
    }

    /// <summary>
    /// The first rows of lists in all partitions, in their order; and the place up to which they are known to be all there are, null for the end.
    /// </summary>
    private async Task<(List<Found> Found, string? Reached)> ScanAsync(
        ExecutionKey run, IReadOnlyCollection<(string From, string List)> lists, int most, Func<ExecutionRecord, bool>? shows, CancellationToken cancellation)
    {
        (List<Found> Found, string? Reached)[] scans = await Task.WhenAll(
            from shard in Enumerable.Range(0, ExecutionListings.Shards)
            from list in lists
            select ScanOneAsync(run, shard, list.From, list.List, most, shows, cancellation));
        string? reached = scans.Select(scan => scan.Reached).Where(place => place is not null).Min(StringComparer.Ordinal);
        List<Found> merged =
        [
            .. scans.SelectMany(scan => scan.Found)
                .Where(child => reached is null || string.CompareOrdinal(child.Place, reached) <= 0)
                .OrderBy(child => child.Place, StringComparer.Ordinal)
                .Take(most),
        ];
        return (merged, reached);
    }

    private async Task<(List<Found> Found, string? Reached)> ScanOneAsync(
        ExecutionKey run, int shard, string from, string list, int most, Func<ExecutionRecord, bool>? shows, CancellationToken cancellation)
    {
        var range = new EntityRange(ExecutionListings.PartitionOf(run.Tenant, shard), from, list + "~");
        List<Found> found = [];
        string? last = null;
        string? continuation = null;
        int looked = 0;
        do
        {
            int wanted = shows is null ? Math.Min(most - found.Count, TableRules.MaxPageItems) : TableRules.MaxPageItems;
            EntityPage page = await _table.QueryAsync(range, wanted, continuation, cancellation);
            foreach (Entity row in page.Items)
            {
                last = row.Key.Row[list.Length..];
                ExecutionRecord record = ListingRow.Read(run.Tenant, row);
                if (shows is null || shows(record))
                {
                    found.Add(new Found(last, record));
                }
            }

            looked += page.Items.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count < most && looked < maxRows);
        return (found, continuation is not null && found.Count < most ? last : null);
    }

    /// <summary>A child, and its place in the lists.</summary>
    private sealed record Found(string Place, ExecutionRecord Record);
}
