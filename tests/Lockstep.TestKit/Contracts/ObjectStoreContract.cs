using System.Text;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of objects does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class ObjectStoreContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<IObjectStore>> OpenAsync();

    [Fact]
    public async Task Object_is_put_replaced_read_and_deleted_within_its_tenant_and_bucket()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        ObjectPlace place = At(1, "data", "in/orders.json");

        ObjectRecord first = await PutAsync(lease.Store, place, "one", "text/plain");
        await PutAsync(lease.Store, At(2, "data", "in/orders.json"), "other tenant");
        await PutAsync(lease.Store, At(1, "other", "in/orders.json"), "other bucket");
        Assert.Equal(first, await lease.Store.FindAsync(place, Cancellation));
        ObjectRecord second = await PutAsync(lease.Store, place, "two!", "application/json");

        Assert.Equal(4, second.Size);
        Assert.Equal("application/json", second.ContentType);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(second, await lease.Store.FindAsync(place, Cancellation));
        Assert.Equal("two!", await ReadAsync(lease.Store, place));
        Assert.True(await lease.Store.DeleteAsync(place, Cancellation));
        Assert.False(await lease.Store.DeleteAsync(place, Cancellation));
        Assert.Null(await lease.Store.FindAsync(place, Cancellation));
        Assert.Null(await lease.Store.OpenAsync(place, 0, Cancellation));
        Assert.Equal("other tenant", await ReadAsync(lease.Store, At(2, "data", "in/orders.json")));
        Assert.Equal("other bucket", await ReadAsync(lease.Store, At(1, "other", "in/orders.json")));
    }

    [Fact]
    public async Task Equal_content_has_an_equal_etag_wherever_it_is()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();

        ObjectRecord one = await PutAsync(lease.Store, At(1, "data", "a"), "same");
        ObjectRecord two = await PutAsync(lease.Store, At(2, "other", "b"), "same");

        Assert.Equal(one.ETag, two.ETag);
        Assert.DoesNotContain('"', one.ETag);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData((4 * 1024 * 1024) + 1)]
    public async Task Content_is_read_from_any_offset(int size)
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        ObjectPlace place = At(1, "data", "bytes");

        ObjectRecord put = await lease.Store.PutAsync(place, "x/y", new MemoryStream(content), Cancellation);

        Assert.Equal(size, put.Size);
        foreach (long offset in new long[] { 0, 1, size / 2, size - 1, size, size + 1L }.Where(offset => offset >= 0))
        {
            await using OpenObject? open = await lease.Store.OpenAsync(place, offset, Cancellation);
            Assert.NotNull(open);
            using var read = new MemoryStream();
            await open.Content.CopyToAsync(read, Cancellation);
            Assert.Equal(content[(int)Math.Min(offset, size)..], read.ToArray());
        }
    }

    [Fact]
    public async Task Reader_reads_on_when_the_object_is_replaced_or_deleted()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        ObjectPlace place = At(1, "data", "k");
        await PutAsync(lease.Store, place, "old");

        await using OpenObject? old = await lease.Store.OpenAsync(place, 0, Cancellation);
        await PutAsync(lease.Store, place, "new");
        await using OpenObject? replaced = await lease.Store.OpenAsync(place, 0, Cancellation);
        await lease.Store.DeleteAsync(place, Cancellation);

        Assert.Equal("old", await TextAsync(old));
        Assert.Equal("new", await TextAsync(replaced));
    }

    [Fact]
    public async Task Content_that_breaks_off_leaves_what_was_there()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        ObjectPlace place = At(1, "data", "k");
        await PutAsync(lease.Store, place, "old");

        await Assert.ThrowsAsync<BrokenContentException>(
            async () => await lease.Store.PutAsync(place, "x/y", new BrokenContent(100_000), Cancellation));
        await Assert.ThrowsAsync<BrokenContentException>(
            async () => await lease.Store.PutAsync(At(1, "data", "none"), "x/y", new BrokenContent(0), Cancellation));

        Assert.Equal("old", await ReadAsync(lease.Store, place));
        Assert.Null(await lease.Store.FindAsync(At(1, "data", "none"), Cancellation));
    }

    [Fact]
    public async Task Keys_may_be_anything_that_S3_accepts()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        string[] keys =
        [
            "a", "a/", "a//b", "a/b", "a.b", "..", "a b", "a+b", "a%2Fb", "a'b", "a?b#c", "a\\b", "ümläut", "日本", "😀", "\uFFFD", "\uF8FF", "[x]", "\"q\"", "$&>", new string('k', 1_024),
            new string('k', 1_023) + "j",
        ];
        foreach (string key in keys)
        {
            await PutAsync(lease.Store, At(1, "data", key), "content of " + key);
        }

        Assert.All(keys, key => Assert.Equal("content of " + key, ReadAsync(lease.Store, At(1, "data", key)).GetAwaiter().GetResult()));
        Assert.Equal(keys.Length, (await ListAsync(lease.Store, "data", "", 1_000)).Count);
    }

    [Fact]
    public async Task Pages_add_up_to_the_keys_with_the_prefix_in_their_order()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        string[] keys = ["a", "a!", "a-1", "a.1", "a/", "a/1", "a/10", "a/2", "a/b/c", "a0", "a1", "aa", "b/1", "ä", "\uF8FF", "\uFFFD", "😀"];
        foreach (string key in keys.Reverse())
        {
            await PutAsync(lease.Store, At(1, "data", key), key);
        }

        await PutAsync(lease.Store, At(2, "data", "a/3"), "x");
        foreach (string prefix in new[] { "", "a", "a/", "a/1", "a.", "b", "c", "😀" })
        {
            string[] expected = [.. keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
            for (int size = 1; size <= keys.Length + 1; size++)
            {
                Assert.Equal(expected, await ListAsync(lease.Store, "data", prefix, size));
            }
        }
    }

    [Fact]
    public async Task A_list_starts_after_any_key()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        foreach (string key in new[] { "a", "b/1", "b/2", "c" })
        {
            await PutAsync(lease.Store, At(1, "data", key), key);
        }

        Assert.Equal(["b/2", "c"], await KeysAfterAsync("", "b/1"));
        Assert.Equal(["b/1", "b/2", "c"], await KeysAfterAsync("", "aa"));
        Assert.Equal(["b/1", "b/2"], await KeysAfterAsync("b/", "a"));
        Assert.Empty(await KeysAfterAsync("b/", "c"));

        async Task<IEnumerable<string>> KeysAfterAsync(string prefix, string after) =>
            (await lease.Store.ListAsync(HarnessTenant(1), "data", prefix, new PageRequest(10, after), Cancellation)).Items.Select(item => item.Place.Key);
    }

    [Fact]
    public async Task Puts_of_one_object_at_the_same_time_leave_one_of_them()
    {
        await using StoreLease<IObjectStore> lease = await OpenAsync();
        ObjectPlace place = At(1, "data", "k");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => PutAsync(lease.Store, place, $"content {number}")));

        ObjectRecord? left = await lease.Store.FindAsync(place, Cancellation);
        Assert.Matches("^content [0-7]$", await ReadAsync(lease.Store, place));
        Assert.Equal((await PutAsync(lease.Store, At(1, "data", "copy"), await ReadAsync(lease.Store, place))).ETag, left?.ETag);
    }

    private static ObjectPlace At(int tenant, string bucket, string key) => new(HarnessTenant(tenant), bucket, key);

    private static Service.Tenancy.TenantId HarnessTenant(int tenant) => Tenants.Of(tenant);

    private static async Task<ObjectRecord> PutAsync(IObjectStore store, ObjectPlace place, string text, string type = "text/plain") =>
        await store.PutAsync(place, type, new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancellation);

    private static async Task<string> ReadAsync(IObjectStore store, ObjectPlace place)
    {
        await using OpenObject? open = await store.OpenAsync(place, 0, Cancellation);
        return await TextAsync(open);
    }

    private static async Task<string> TextAsync(OpenObject? open)
    {
        Assert.NotNull(open);
        using var reader = new StreamReader(open.Content, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task<List<string>> ListAsync(IObjectStore store, string bucket, string prefix, int size)
    {
        List<string> keys = [];
        string? cursor = null;
        do
        {
            Page<ObjectRecord> page = await store.ListAsync(HarnessTenant(1), bucket, prefix, new PageRequest(size, cursor), Cancellation);
            Assert.InRange(page.Items.Count, page.Next is null ? 0 : 1, size);
            keys.AddRange(page.Items.Select(item => item.Place.Key));
            cursor = page.Next;
        }
        while (cursor is not null);
        return keys;
    }

    private sealed class BrokenContentException : Exception;

    /// <summary>Gives so many bytes, and then throws.</summary>
    private sealed class BrokenContent(int left) : MemoryStream(new byte[left])
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is > 0 and int read ? read : throw new BrokenContentException();
    }
}
