using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of tables with items does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class ItemTableStoreContract
{
    private const int Plenty = 1_000;

    private static readonly TablePlace Orders = new(Tenants.Of(1), "orders");

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ITableStore>> OpenAsync();

    [Fact]
    public async Task Table_is_created_once_found_counted_and_deleted_within_its_tenant()
    {
        await using StoreLease<ITableStore> lease = await OpenAsync();
        TableRecord table = New(Orders) with { SortKey = new KeyAttribute("at", "N") };
        Assert.True(await lease.Store.CreateAsync(table, CancellationToken.None));
        Assert.False(await lease.Store.CreateAsync(New(Orders) with { CreatedAt = Tenants.Noon.AddDays(1) }, CancellationToken.None));
        Assert.True(await lease.Store.CreateAsync(New(new TablePlace(Tenants.Of(2), "orders")), CancellationToken.None));
        await PutAsync(lease.Store, "k", 1);

        Assert.Equal(table, await lease.Store.FindAsync(Orders, CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Orders with { Name = "Orders" }, CancellationToken.None));
        Assert.Equal(1, await lease.Store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Assert.Null(await lease.Store.FindItemAsync(Orders with { Tenant = Tenants.Of(2) }, "k", CancellationToken.None));

        Assert.True(await lease.Store.DeleteAsync(Orders, CancellationToken.None));
        Assert.False(await lease.Store.DeleteAsync(Orders, CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Orders, CancellationToken.None));
        Assert.Equal(0, await lease.Store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Assert.Equal(1, await lease.Store.CountAsync(Tenants.Of(2), CancellationToken.None));
    }

    [Fact]
    public async Task Pages_of_tables_add_up_to_the_whole_in_the_order_of_names()
    {
        await using StoreLease<ITableStore> lease = await OpenAsync();
        string[] names = ["A.b", "a", "a-b", "a.b", "a_b", "ab"];
        foreach (string name in names.Reverse())
        {
            await lease.Store.CreateAsync(New(Orders with { Name = name }), CancellationToken.None);
        }

        List<string> read = [];
        string? cursor = null;
        do
        {
            Page<TableRecord> page = await lease.Store.ListAsync(Tenants.Of(1), new PageRequest(2, cursor), CancellationToken.None);
            read.AddRange(page.Items.Select(table => table.Place.Name));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(names.Order(StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task Item_is_put_replaced_found_and_removed()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        Assert.Null(await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        await PutAsync(lease.Store, "k", 1);
        Assert.Equal(Item(1), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        ItemChangeOutcome replaced = await ChangeAsync(lease.Store, "k", "second", before => Put(2, told: before));
        Assert.Equal((ItemChangeStatus.Done, Item(1)), (replaced.Status, replaced.Answer));
        Assert.Equal(Item(2), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));

        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "third", Remove)).Status);
        Assert.Null(await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "fourth", Remove)).Status);
    }

    [Fact]
    public async Task The_same_change_again_is_answered_as_the_first_time_and_changes_nothing()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        await PutAsync(lease.Store, "k", 1);
        Assert.Equal(Item(2), (await ChangeAsync(lease.Store, "k", "add", Add)).Answer);
        await ChangeAsync(lease.Store, "k", "another", Add);

        Assert.Equal((ItemChangeStatus.Done, Item(2)), Told(await ChangeAsync(lease.Store, "k", "add", Add)));
        Assert.Equal((ItemChangeStatus.Done, Item(2)), Told(await ChangeAsync(lease.Store, "k", "add", Refuse)));
        Assert.Equal(Item(3), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));

        await ChangeAsync(lease.Store, "k", "remove", Remove);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "add", Add)).Status);
        Assert.Null(await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        await PutAsync(lease.Store, "k", 7);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "remove", Remove)).Status);
        Assert.Equal(Item(7), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_refuses_changes_nothing_and_is_not_remembered()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        Assert.Equal((ItemChangeStatus.Refused, Item(99)), Told(await ChangeAsync(lease.Store, "k", "one", Refuse)));
        Assert.Null(await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "one", _ => Put(1))).Status);
        Assert.Equal(Item(1), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
    }

    [Fact]
    public async Task A_full_table_takes_no_further_item_but_changes_those_it_has()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "a", "a", _ => Put(1), maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "b", "b", _ => Put(1), maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Full, (await ChangeAsync(lease.Store, "c", "c", _ => Put(1), maxItems: 2)).Status);
        Assert.Null(await lease.Store.FindItemAsync(Orders, "c", CancellationToken.None));
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "b", "b", _ => Put(1), maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "b", "b2", _ => Put(2), maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "nothing", "n", Remove, maxItems: 2)).Status);

        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "a", "a2", Remove, maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "c", "c", _ => Put(1), maxItems: 2)).Status);
        Assert.Equal(ItemChangeStatus.Full, (await ChangeAsync(lease.Store, "d", "d", _ => Put(1), maxItems: 2)).Status);
    }

    [Fact]
    public async Task Nothing_is_changed_in_a_table_that_is_not_there_and_a_new_one_begins_empty()
    {
        await using StoreLease<ITableStore> lease = await OpenAsync();
        Assert.Equal(ItemChangeStatus.NoTable, (await ChangeAsync(lease.Store, "k", "one", _ => Put(1))).Status);
        Assert.Empty((await lease.Store.ListItemsAsync(Orders, new PageRequest(9, null), CancellationToken.None)).Items);
        await lease.Store.CreateAsync(New(Orders), CancellationToken.None);
        await PutAsync(lease.Store, "k", 1);
        await lease.Store.DeleteAsync(Orders, CancellationToken.None);
        Assert.Equal(ItemChangeStatus.NoTable, (await ChangeAsync(lease.Store, "k", "two", _ => Put(1))).Status);
        await lease.Store.CreateAsync(New(Orders), CancellationToken.None);
        Assert.Null(await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        Assert.Empty((await lease.Store.ListItemsAsync(Orders, new PageRequest(9, null), CancellationToken.None)).Items);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "k", "three", _ => Put(1), maxItems: 1)).Status);
    }

    [Fact]
    public async Task Any_text_is_a_key_and_items_are_listed_in_the_order_of_their_keys()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        string[] keys =
        [
            " ", " a", "\t", "!", "\"", "#", "$", "%", ".", "..", "/", "//", "1:a", "?", "A", "[", "\\", "^", "a", "a\u0001", "a b", "a/b", "ab", "|", "}", "~", "~~",
            "\u007f", "\u0085", "\u00e9", "\ufffd", "\uffff", "\U0001F600", "\U0010FFFF", new('x', 300), new('/', 190),
        ];
        string[] ordered = [.. keys.OrderBy(key => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)];
        foreach ((string key, int number) in ordered.Select((key, number) => (key, number)).Reverse())
        {
            await PutAsync(lease.Store, key, number);
        }

        Assert.All(ordered.Select((key, number) => (key, number)), pair =>
            Assert.Equal(Item(pair.number), lease.Store.FindItemAsync(Orders, pair.key, CancellationToken.None).AsTask().GetAwaiter().GetResult()));
        Assert.Equal(Enumerable.Range(0, keys.Length), await ListAsync(lease.Store, 7));
    }

    [Fact]
    public async Task Keys_of_any_length_are_told_from_one_another()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        string[] keys = [new('k', 5_000), new string('k', 5_000) + "a", new string('k', 5_000) + "b", new('k', 400), new('k', 401)];
        foreach ((string key, int number) in keys.Select((key, number) => (key, number)))
        {
            await PutAsync(lease.Store, key, number);
        }

        foreach ((string key, int number) in keys.Select((key, number) => (key, number)))
        {
            Assert.Equal(Item(number), await lease.Store.FindItemAsync(Orders, key, CancellationToken.None));
        }

        Assert.Equal(Enumerable.Range(0, keys.Length), (await ListAsync(lease.Store, 2)).Order());
    }

    [Fact]
    public async Task A_page_of_items_ends_early_when_it_gets_large_and_large_items_stay_whole()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        JsonObject large = JsonObject.Of("text", JsonString.Of(new string('\u00e4', 204_000)));
        foreach (string key in (string[])["a", "b", "c"])
        {
            await ChangeAsync(lease.Store, key, key, before => new ItemChange(Accepted: true, large, large));
        }

        Page<JsonObject> first = await lease.Store.ListItemsAsync(Orders, new PageRequest(9, null) { MaxBytes = 500_000 }, CancellationToken.None);
        Assert.Equal(2, first.Items.Count);
        Page<JsonObject> second = await lease.Store.ListItemsAsync(Orders, new PageRequest(9, first.Next), CancellationToken.None);
        Assert.Equal(large, Assert.Single(second.Items));
        Assert.Null(second.Next);
        Assert.Equal(large, (await ChangeAsync(lease.Store, "a", "a", Refuse)).Answer);
    }

    [Fact]
    public async Task Changes_at_the_same_time_come_one_after_the_other()
    {
        const int Writers = 8;
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        await PutAsync(lease.Store, "k", 0);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            await ChangeAsync(lease.Store, "k", $"add-{writer}", Add);
            await ChangeAsync(lease.Store, $"new-{writer}", $"new-{writer}", _ => Put(writer));
        }));

        Assert.Equal(Item(Writers), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
        Assert.Equal(ItemChangeStatus.Full, (await ChangeAsync(lease.Store, "more", "more", _ => Put(1), maxItems: Writers + 1)).Status);
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(lease.Store, "more", "more", _ => Put(1), maxItems: Writers + 2)).Status);
    }

    [Fact]
    public async Task What_is_remembered_of_changes_goes_and_the_items_stay()
    {
        await using StoreLease<ITableStore> lease = await OpenWithTableAsync();
        for (int day = 0; day < 60; day++)
        {
            DateTimeOffset now = Tenants.Noon.AddDays(day);
            ItemChangeOutcome outcome = await lease.Store.ChangeItemAsync(
                Orders, "k", $"change-{day}", Plenty, now, now.AddDays(-4), before => before is null ? Put(1) : Add(before), CancellationToken.None);
            Assert.Equal((ItemChangeStatus.Done, Item(day + 1)), Told(day == 0 ? outcome with { Answer = Item(1) } : outcome));
            Assert.Equal(ItemChangeStatus.Done, (await lease.Store.ChangeItemAsync(
                Orders, "k", $"change-{Math.Max(0, day - 3)}", Plenty, now, now.AddDays(-4), Add, CancellationToken.None)).Status);
        }

        Assert.Equal(Item(60), await lease.Store.FindItemAsync(Orders, "k", CancellationToken.None));
    }

    private async Task<StoreLease<ITableStore>> OpenWithTableAsync()
    {
        StoreLease<ITableStore> lease = await OpenAsync();
        Assert.True(await lease.Store.CreateAsync(New(Orders), CancellationToken.None));
        return lease;
    }

    private static async Task<List<int>> ListAsync(ITableStore store, int size)
    {
        List<int> read = [];
        string? cursor = null;
        do
        {
            Page<JsonObject> page = await store.ListItemsAsync(Orders, new PageRequest(size, cursor), CancellationToken.None);
            Assert.InRange(page.Items.Count, 0, size);
            read.AddRange(page.Items.Select(NumberOf));
            cursor = page.Next;
        }
        while (cursor is not null);
        return read;
    }

    private static async Task PutAsync(ITableStore store, string key, int number) =>
        Assert.Equal(ItemChangeStatus.Done, (await ChangeAsync(store, key, $"put {key} {number}", _ => Put(number))).Status);

    private static async Task<ItemChangeOutcome> ChangeAsync(
        ITableStore store, string key, string id, Func<JsonObject?, ItemChange> change, int maxItems = Plenty) =>
        await store.ChangeItemAsync(Orders, key, id, maxItems, Tenants.Noon, Tenants.Noon.AddDays(-4), change, CancellationToken.None);

    private static (ItemChangeStatus Status, JsonObject Answer) Told(ItemChangeOutcome outcome) => (outcome.Status, outcome.Answer);

    private static ItemChange Put(int number, JsonObject? told = null) => new(Accepted: true, Item(number), told ?? JsonObject.Empty);

    private static ItemChange Add(JsonObject? before)
    {
        int sum = (before is null ? 0 : NumberOf(before)) + 1;
        return new ItemChange(Accepted: true, Item(sum), Item(sum));
    }

    private static ItemChange Remove(JsonObject? before) => new(Accepted: true, null, JsonObject.Empty);

    private static ItemChange Refuse(JsonObject? before) => new(Accepted: false, before, Item(99));

    private static JsonObject Item(int number) =>
        JsonObject.Of("n", JsonObject.Of("N", JsonString.Of(number.ToString(CultureInfo.InvariantCulture))));

    private static int NumberOf(JsonObject item) =>
        item["n"] is JsonObject attribute && attribute["N"] is JsonString number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : -1;

    private static TableRecord New(TablePlace place) => new(place, new KeyAttribute("id", "S"), null, Tenants.Noon);
}
