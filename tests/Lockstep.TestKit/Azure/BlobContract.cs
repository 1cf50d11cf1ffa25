using System.Text;
using Lockstep.Azure.Ports;
using Lockstep.TestKit.Contracts;
using Xunit;

namespace Lockstep.TestKit.Azure;

/// <summary>What every adapter of blobs does. Derived classes supply a container without faults; every test has a folder of its own in it.</summary>
public abstract class BlobContract
{
    private readonly string _folder = $"000000000001/{Guid.NewGuid():N}";

    /// <summary>A container; disposed by the test.</summary>
    protected abstract Task<StoreLease<IBlobs>> OpenAsync();

    [Fact]
    public async Task Blob_is_written_read_written_again_and_removed()
    {
        await using StoreLease<IBlobs> lease = await OpenAsync();
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(number => (byte)number)];

        Assert.Null(await lease.Store.FindAsync($"{_folder}/a", CancellationToken.None));
        await lease.Store.PutAsync($"{_folder}/a", content, CancellationToken.None);
        await lease.Store.PutAsync($"{_folder}/a", content, CancellationToken.None);
        await lease.Store.PutAsync($"{_folder}/empty", ReadOnlyMemory<byte>.Empty, CancellationToken.None);

        Assert.Equal(content, (await lease.Store.FindAsync($"{_folder}/a", CancellationToken.None))?.ToArray());
        Assert.Equal(0, (await lease.Store.FindAsync($"{_folder}/empty", CancellationToken.None))?.Length);
        await lease.Store.DeleteAsync($"{_folder}/a", CancellationToken.None);
        await lease.Store.DeleteAsync($"{_folder}/a", CancellationToken.None);
        Assert.Null(await lease.Store.FindAsync($"{_folder}/a", CancellationToken.None));
    }

    [Fact]
    public async Task Names_of_a_prefix_are_listed_in_order_whatever_the_size_of_pages()
    {
        await using StoreLease<IBlobs> lease = await OpenAsync();
        string[] names = [.. new[] { "x/1", "x/10", "x/2", "x/a/b", "x/a-b", "xy" }.Select(name => $"{_folder}/{name}").Order(StringComparer.Ordinal)];
        foreach (string name in names.Reverse().Append($"{_folder}-else/x/1"))
        {
            await lease.Store.PutAsync(name, Encoding.UTF8.GetBytes(name), CancellationToken.None);
        }

        for (int size = 1; size <= names.Length + 1; size++)
        {
            Assert.Equal(names, await ReadNamesAsync(lease.Store, $"{_folder}/", size));
            Assert.Equal(names.Where(name => name.Contains("/x/", StringComparison.Ordinal)), await ReadNamesAsync(lease.Store, $"{_folder}/x/", size));
            Assert.Empty(await ReadNamesAsync(lease.Store, $"{_folder}/none", size));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a/../b")]
    [InlineData("a./b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\u00e9")]
    public async Task Name_that_breaks_a_rule_is_refused_loudly(string name)
    {
        await using StoreLease<IBlobs> lease = await OpenAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await lease.Store.PutAsync(name, new byte[1], CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await lease.Store.FindAsync(name, CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await lease.Store.DeleteAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task Name_may_be_as_long_as_allowed_and_no_longer()
    {
        await using StoreLease<IBlobs> lease = await OpenAsync();
        string longest = _folder + "/" + new string('n', BlobRules.MaxNameLength - _folder.Length - 1);

        await lease.Store.PutAsync(longest, new byte[1], CancellationToken.None);
        Assert.NotNull(await lease.Store.FindAsync(longest, CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await lease.Store.PutAsync(longest + "n", new byte[1], CancellationToken.None));
    }

    private static async Task<List<string>> ReadNamesAsync(IBlobs blobs, string prefix, int size)
    {
        List<string> names = [];
        string? continuation = null;
        do
        {
            BlobPage page = await blobs.ListAsync(prefix, size, continuation, CancellationToken.None);
            Assert.InRange(page.Names.Count, 0, size);
            names.AddRange(page.Names);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return names;
    }
}
