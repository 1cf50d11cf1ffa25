using System.Collections.Concurrent;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Tests.Ledger;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.MapRuns;

/// <summary>However many children a map run has: a page of them reads a bounded number of rows, and the pages together show each child once.</summary>
public sealed class ChildListingSizeTests
{
    private const int Children = 20_000;
    private const int PageSize = 1_000;
    private const int LookedThrough = 200;

    private static readonly ArnFormat _arns = new("local");
    private static readonly ExecutionKey _run = MapRunNames.OfRun(LedgerFixture.Key(), "l", "r");

    /// <summary>Three children of four have failed, which is more in each partition than one query gives.</summary>
    private static readonly long[] _failed = [.. Enumerable.Range(0, Children).Where(HasFailed).Select(index => (long)index)];

    [Fact]
    public async Task Twenty_thousand_children_are_listed_and_found_in_pages_that_read_a_bounded_number_of_rows()
    {
        ITables tables = await FilledAsync();

        // Of every partition, the lists of children that were redriven and of those that were not: each may have the whole page, and one more.
        const int Lists = 2 * ExecutionListings.Shards;
        (List<long> found, int pages) = await ListAsync(tables, new MapRunChildFilter(null, null), null, Lists * (PageSize + 1));
        Assert.Equal(Enumerable.Range(1, Children).Select(place => (long)(Children - place)), found);
        Assert.Equal(Children / PageSize, pages);
        (found, pages) = await ListAsync(tables, new MapRunChildFilter(ExecutionStatus.Failed, null), null, Lists * (PageSize + 1));
        Assert.Equal(_failed.Reverse(), found);
        Assert.Equal(_failed.Length / PageSize, pages);

        // A redrive has come to none of them, so all that failed are passed over: a page ends early, with nothing and where to go on.
        (found, pages) = await ListAsync(
            tables, new MapRunChildFilter(ExecutionStatus.Failed, null), LedgerFixture.Noon.AddDays(1), Lists * (LookedThrough + TableRules.MaxPageItems));
        Assert.Empty(found);
        Assert.InRange(pages, 2, _failed.Length / PageSize);

        (found, pages) = await FindPastAsync(tables);
        Assert.Equal(_failed, found);

        // The last one is empty, as the one before it was full.
        Assert.Equal((_failed.Length / PageSize) + 1, pages);
    }

    private static async Task<(List<long> Found, int Answers)> FindPastAsync(ITables tables)
    {
        List<long> found = [];
        int answers = 0;
        string? cursor = null;
        do
        {
            var counting = new CountingTables(tables);
            PastChildrenAnswer answer = await new ChildListings(counting).FindPastAsync(
                _run, new PastChildrenRequest(PageSize, cursor, HasBatches: false), CancellationToken.None);
            Assert.InRange(counting.Rows, 0, ExecutionListings.Shards * PageSize);
            Assert.InRange(answer.Children.Length, 0, PageSize);
            found.AddRange(answer.Children.Select(child => child.Index));
            cursor = answer.Cursor;
            answers++;
        }
        while (cursor is not null && answers <= Children);
        return (found, answers);
    }

    private static async Task<(List<long> Found, int Pages)> ListAsync(ITables tables, MapRunChildFilter filter, DateTimeOffset? redriven, int maxRows)
    {
        List<long> found = [];
        int pages = 0;
        string? cursor = null;
        do
        {
            var counting = new CountingTables(tables);
            Page<ExecutionRecord> page = await new ChildListings(counting, LookedThrough).ListAsync(
                _run, filter, redriven, new PageRequest(PageSize, cursor), CancellationToken.None);
            Assert.InRange(counting.Rows, 0, maxRows);
            Assert.InRange(page.Items.Count, 0, PageSize);
            Assert.NotEqual(cursor ?? "", page.Next);
            found.AddRange(page.Items.Select(child => MapRunNames.IndexOf(child.Key)));
            cursor = page.Next;
            pages++;
        }
        while (cursor is not null && pages <= Children);
        return (found, pages);
    }

    private static bool HasFailed(int index) => index % 4 > 0;

    /// <summary>The rows that the children have in the lists of their map run, spread over the partitions evenly.</summary>
    private static async Task<ITables> FilledAsync()
    {
        var azure = new MemoryAzure();
        ITable table = azure.Tables[TableName.Listings];
        string[] parts = [ListingRow.ListOfParts(null), ListingRow.ListOfParts(ExecutionStatus.Succeeded), ListingRow.ListOfParts(ExecutionStatus.Failed)];
        for (int shard = 0; shard < ExecutionListings.Shards; shard++)
        {
            string partition = ExecutionListings.PartitionOf(_run.Tenant, shard);
            IEnumerable<EntityWrite> writes =
                from number in Enumerable.Range(0, Children / ExecutionListings.Shards)
                let child = Child((number * ExecutionListings.Shards) + shard)
                let shown = ListingRow.ToEntity(partition, "", child)
                from row in ListingRow.RowsOf(child)
                where !parts.Any(list => row.StartsWith(list, StringComparison.Ordinal))
                select new InsertEntity(shown with { Key = new EntityKey(partition, row) });
            foreach (EntityWrite[] transaction in writes.Chunk(TableRules.MaxWrites))
            {
                Assert.True((await table.WriteAsync(transaction, CancellationToken.None)).Succeeded);
            }
        }

        return azure.Tables;
    }

    private static ExecutionRecord Child(int index)
    {
        string machine = MapRunNames.LabelledMachineOf(_run);
        string name = MapRunNames.OfChild(_run, index);
        return new ExecutionRecord
        {
            Key = ExecutionKey.Of(_run.Tenant, machine, name, expressRunId: null),
            Arn = _arns.Execution(_run.Tenant, machine, name, null),
            Name = name,
            StateMachineName = machine,
            StateMachineArn = _arns.StateMachine(_run.Tenant, machine),
            RevisionId = "r1",
            Type = WorkflowType.Standard,
            Status = HasFailed(index) ? ExecutionStatus.Failed : ExecutionStatus.Succeeded,
            StartedAt = LedgerFixture.Noon,
            StoppedAt = LedgerFixture.Noon.AddHours(1),
        };
    }

    /// <summary>Counts the rows that are read.</summary>
    private sealed class CountingTables(ITables tables) : ITables
    {
        private readonly ConcurrentQueue<int> _read = new();

        /// <summary>Rows so far.</summary>
        public int Rows => _read.Sum();

        /// <inheritdoc/>
        public ITable this[TableName name] => new Table(this, tables[name]);

        private sealed class Table(CountingTables owner, ITable table) : ITable
        {
            public ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation) => table.FindAsync(key, cancellation);

            public async ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation)
            {
                EntityPage page = await table.QueryAsync(range, maxItems, continuation, cancellation);
                owner._read.Enqueue(page.Items.Count);
                return page;
            }

            public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation) => table.WriteAsync(writes, cancellation);
        }
    }
}
