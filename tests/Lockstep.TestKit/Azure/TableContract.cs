using Lockstep.Azure.Ports;
using Lockstep.TestKit.Contracts;
using Xunit;

namespace Lockstep.TestKit.Azure;

/// <summary>
/// What every adapter of tables does, the one in memory as the real one. Derived classes supply tables without faults; partitions are drawn anew by
/// every test, so that the tables need not be empty.
/// </summary>
public abstract class TableContract
{
    private readonly string _partition = $"000000000001|{Guid.NewGuid():N}";

    /// <summary>Tables; disposed by the test.</summary>
    protected abstract Task<StoreLease<ITables>> OpenAsync();

    [Fact]
    public async Task Entity_comes_back_with_every_kind_of_value_as_it_was()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Executions];
        byte[] binary = [.. Enumerable.Range(0, 256).Select(number => (byte)number)];
        Entity written = Row("r")
            .With("text", "a'\"\\/<>&\u00e9\u4e2d\U0001F600\n\t").With("empty", "").With("least", long.MinValue).With("most", long.MaxValue)
            .With("yes", true).With("no", false).With("time", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(1))
            .With("binary", new ReadOnlyMemory<byte>(binary)).With("nothing", ReadOnlyMemory<byte>.Empty).With("left_out", null);

        WriteOutcome outcome = await WriteAsync(table, new InsertEntity(written));
        Entity? read = await table.FindAsync(written.Key, CancellationToken.None);

        Assert.NotNull(read);
        Assert.Equal((written.Key, outcome.ETags[0]), (read.Key, read.ETag));
        Assert.Equal(written.Properties.Keys.Order(StringComparer.Ordinal), read.Properties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((written.Get<string>("text"), ""), (read.Get<string>("text"), read.Get<string>("empty")));
        Assert.Equal((long.MinValue, long.MaxValue), (read.Get<long>("least"), read.Get<long>("most")));
        Assert.Equal((true, false), (read.Get<bool>("yes"), read.Get<bool>("no")));
        Assert.Equal((written.Get<DateTimeOffset>("time").UtcTicks, TimeSpan.Zero), (read.Get<DateTimeOffset>("time").Ticks, read.Get<DateTimeOffset>("time").Offset));
        Assert.Equal(binary, read.Get<ReadOnlyMemory<byte>>("binary").ToArray());
        Assert.True(read.Get<ReadOnlyMemory<byte>>("nothing").IsEmpty);
    }

    [Fact]
    public async Task Insert_is_refused_where_a_row_is_and_replace_and_delete_where_none_is()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Machines];
        Entity row = Row("r").With("v", 1L);

        Assert.Equal(WriteRefusal.Missing, (await WriteAsync(table, new DeleteEntity(row.Key, null))).Refusal);
        WriteOutcome inserted = await WriteAsync(table, new InsertEntity(row));
        Assert.Equal(WriteRefusal.Exists, (await WriteAsync(table, new InsertEntity(row.With("v", 2L)))).Refusal);
        Assert.True((await WriteAsync(table, new DeleteEntity(row.Key, inserted.ETags[0]))).Succeeded);
        Assert.Equal(WriteRefusal.Missing, (await WriteAsync(table, new ReplaceEntity(row, Version(inserted)))).Refusal);
        Assert.Equal(WriteRefusal.Missing, (await WriteAsync(table, new DeleteEntity(row.Key, inserted.ETags[0]))).Refusal);
        Assert.Null(await table.FindAsync(row.Key, CancellationToken.None));
    }

    [Fact]
    public async Task Replace_takes_the_place_of_the_whole_entity_if_it_has_the_version_that_was_read()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Machines];
        string first = Version(await WriteAsync(table, new InsertEntity(Row("r").With("a", 1L).With("b", 1L))));
        string second = Version(await WriteAsync(table, new ReplaceEntity(Row("r").With("a", 2L), first)));

        Assert.NotEqual(first, second);
        Assert.Equal(WriteRefusal.Changed, (await WriteAsync(table, new ReplaceEntity(Row("r").With("a", 3L), first))).Refusal);
        Assert.Equal(WriteRefusal.Changed, (await WriteAsync(table, new DeleteEntity(Row("r").Key, first))).Refusal);

        Entity? read = await table.FindAsync(Row("r").Key, CancellationToken.None);
        Assert.Equal((2L, 1), (read?.Get<long>("a"), read?.Properties.Count));
        Assert.NotEqual(second, Version(await WriteAsync(table, new PutEntity(Row("r")))));
        Assert.True((await WriteAsync(table, new PutEntity(Row("new")))).Succeeded);
    }

    [Fact]
    public async Task Transaction_is_made_whole_or_not_at_all_and_says_which_change_was_refused()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Executions];
        await WriteAsync(table, new InsertEntity(Row("taken")));

        WriteOutcome refused = await WriteAsync(
            table, new InsertEntity(Row("a")), new PutEntity(Row("b")), new InsertEntity(Row("taken")), new InsertEntity(Row("c")));
        Assert.Equal((WriteRefusal.Exists, 2, 0), (refused.Refusal, refused.FailedIndex, refused.ETags.Length));
        Assert.Equal(["taken"], await ReadRowsAsync(table, "", "~", 10));

        WriteOutcome made = await WriteAsync(table, new InsertEntity(Row("a")), new DeleteEntity(Row("taken").Key, null), new PutEntity(Row("b")));
        Assert.True(made.Succeeded);
        Assert.Equal([false, true, false], made.ETags.Select(version => version is null));
        Assert.Equal(["a", "b"], await ReadRowsAsync(table, "", "~", 10));
    }

    [Fact]
    public async Task Range_has_its_first_row_and_not_its_last_in_ordinal_order_whatever_the_size_of_pages()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Listings];
        string[] rows = ["!", "-", "0", "10", "2", "A", "B", "_", "a", "a b", "ab", "b", "z", "|", "~", "\u00e9", "\u4e2d"];
        await WriteAsync(table, [.. rows.Reverse().Select(row => new InsertEntity(Row(row)))]);
        await WriteAsync(table, new InsertEntity(new Entity(new EntityKey(_partition + "0", "a"))));

        for (int size = 1; size <= rows.Length + 1; size++)
        {
            Assert.Equal(rows, await ReadRowsAsync(table, "", "\uffff", size));
            Assert.Equal(["A", "B", "_", "a", "a b", "ab"], await ReadRowsAsync(table, "A", "b", size));
            Assert.Empty(await ReadRowsAsync(table, "b", "b", size));
        }
    }

    [Fact]
    public async Task Of_writers_of_one_version_one_wins()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Tenants];
        await WriteAsync(table, new InsertEntity(Row("n").With("v", 0L)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            bool done = false;
            while (!done)
            {
                Entity read = await table.FindAsync(Row("n").Key, CancellationToken.None) ?? throw new InvalidOperationException("The row is gone.");
                done = (await WriteAsync(table, new ReplaceEntity(Row("n").With("v", read.Get<long>("v") + 1), read.ETag ?? ""))).Succeeded;
            }
        })));

        Assert.Equal(8, (await table.FindAsync(Row("n").Key, CancellationToken.None))?.Get<long>("v"));
    }

    [Fact]
    public async Task What_is_as_large_as_allowed_is_kept_and_one_more_is_refused_loudly()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Executions];
        string longKey = new('k', TableRules.MaxKeyLength - _partition.Length);
        Entity largest = new Entity(new EntityKey(_partition + longKey, new string('r', TableRules.MaxKeyLength)))
            .With("text", new string('\u4e2d', TableRules.MaxTextLength)).With("binary", new ReadOnlyMemory<byte>(new byte[TableRules.MaxBinaryBytes]));

        Assert.True((await WriteAsync(table, new InsertEntity(largest))).Succeeded);
        Entity? read = await table.FindAsync(largest.Key, CancellationToken.None);
        Assert.Equal((TableRules.MaxTextLength, TableRules.MaxBinaryBytes), (read?.Get<string>("text").Length, read?.Get<ReadOnlyMemory<byte>>("binary").Length));
        Assert.True((await WriteAsync(table, [.. Enumerable.Range(0, TableRules.MaxWrites).Select(n => new InsertEntity(Row($"{n}")))])).Succeeded);
        Assert.True((await WriteAsync(table, new InsertEntity(OfBytes(TableRules.MaxEntityBytes)))).Succeeded);

        await RefusedAsync(table, new InsertEntity(Row("t").With("text", new string('t', TableRules.MaxTextLength + 1))));
        await RefusedAsync(table, new InsertEntity(Row("t").With("binary", new ReadOnlyMemory<byte>(new byte[TableRules.MaxBinaryBytes + 1]))));
        await RefusedAsync(table, new InsertEntity(Row(new string('r', TableRules.MaxKeyLength + 1))));
        await RefusedAsync(table, new InsertEntity(OfBytes(TableRules.MaxEntityBytes + 1)));
        await RefusedAsync(table, [.. Enumerable.Range(0, TableRules.MaxWrites + 1).Select(n => new PutEntity(Row($"{n}")))]);
        await RefusedAsync(table);
        await RefusedAsync(table, [.. Enumerable.Range(0, 5).Select(n => new PutEntity(OfBytes(TableRules.MaxEntityBytes) with { Key = Row($"{n}").Key }))]);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\U0001F600b")]
    public async Task Key_with_a_forbidden_character_is_refused_loudly(string key)
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Machines];

        await RefusedAsync(table, new PutEntity(Row(key)));
        await RefusedAsync(table, new DeleteEntity(new EntityKey(key, "r"), null));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await table.FindAsync(Row(key).Key, CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await table.QueryAsync(new EntityRange(_partition, "", key), 1, null, CancellationToken.None));
    }

    [Fact]
    public async Task Transaction_over_two_partitions_or_twice_over_a_row_is_refused_loudly()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        ITable table = lease.Store[TableName.Machines];

        await RefusedAsync(table, new PutEntity(Row("a")), new PutEntity(new Entity(new EntityKey(_partition + "2", "b"))));
        await RefusedAsync(table, new PutEntity(Row("a")), new DeleteEntity(Row("a").Key, null));
        Assert.Empty(await ReadRowsAsync(table, "", "~", 10));
    }

    [Fact]
    public async Task Tables_do_not_meet()
    {
        await using StoreLease<ITables> lease = await OpenAsync();
        foreach (TableName name in Enum.GetValues<TableName>())
        {
            Assert.True((await WriteAsync(lease.Store[name], new InsertEntity(Row("r").With("v", name.ToString())))).Succeeded);
        }

        foreach (TableName name in Enum.GetValues<TableName>())
        {
            Assert.Equal(name.ToString(), (await lease.Store[name].FindAsync(Row("r").Key, CancellationToken.None))?.Get<string>("v"));
        }
    }

    private static ValueTask<WriteOutcome> WriteAsync(ITable table, params EntityWrite[] writes) => table.WriteAsync(writes, CancellationToken.None);

    private static async Task RefusedAsync(ITable table, params EntityWrite[] writes) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await WriteAsync(table, writes));

    private static string Version(WriteOutcome outcome) => outcome.ETags[0] ?? throw new InvalidOperationException("A write gave no version.");

    private Entity Row(string row) => new(new EntityKey(_partition, row));

    /// <summary>An entity of so many bytes by the count of the rules.</summary>
    private Entity OfBytes(int bytes)
    {
        Entity entity = Row("large");
        for (int i = 0; TableRules.EntityBytes(entity) + TableRules.MaxBinaryBytes + 1000 < bytes; i++)
        {
            entity = entity.With($"b{i:00}", new ReadOnlyMemory<byte>(new byte[TableRules.MaxBinaryBytes]));
        }

        long missing = bytes - TableRules.EntityBytes(entity.With("rest", ReadOnlyMemory<byte>.Empty));
        int half = (int)missing / 2;
        missing -= TableRules.EntityBytes(entity.With("more", ReadOnlyMemory<byte>.Empty)) - TableRules.EntityBytes(entity);
        return entity.With("rest", new ReadOnlyMemory<byte>(new byte[half])).With("more", new ReadOnlyMemory<byte>(new byte[missing - half]));
    }

    private async Task<List<string>> ReadRowsAsync(ITable table, string from, string to, int size)
    {
        List<string> rows = [];
        string? continuation = null;
        do
        {
            EntityPage page = await table.QueryAsync(new EntityRange(_partition, from, to), size, continuation, CancellationToken.None);
            Assert.InRange(page.Items.Count, 0, size);
            rows.AddRange(page.Items.Select(entity => entity.Key.Row));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return rows;
    }
}
