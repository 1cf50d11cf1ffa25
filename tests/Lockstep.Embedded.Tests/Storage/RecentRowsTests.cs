using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Tests.Storage;

/// <summary>Rows kept in memory never show what an acknowledged write has replaced.</summary>
public sealed class RecentRowsTests
{
    [Fact]
    public void A_row_is_read_once()
    {
        var rows = new RecentRows<string, string>(maxRows: 2);
        Assert.Equal("old", rows.Get("key", 0, static (_, _) => "old"));
        Assert.Equal("old", rows.Get("key", 0, static (_, _) => "new"));
    }

    [Fact]
    public void A_row_that_was_written_is_read_again()
    {
        var rows = new RecentRows<string, string>(maxRows: 2);
        rows.Get("key", 0, static (_, _) => "old");
        rows.Forget("key");
        Assert.Equal("new", rows.Get("key", 0, static (_, _) => "new"));
    }

    [Fact]
    public void What_was_read_before_a_write_is_not_kept()
    {
        var rows = new RecentRows<string, string>(maxRows: 2);
        rows.Get("key", rows, static (key, rows) =>
        {
            rows.Forget(key);
            return "old";
        });
        Assert.Equal("new", rows.Get("key", 0, static (_, _) => "new"));
    }

    [Fact]
    public void What_is_not_there_is_not_remembered()
    {
        var rows = new RecentRows<string, string>(maxRows: 2);
        Assert.Null(rows.Get("key", 0, static (_, _) => null));
        Assert.Equal("new", rows.Get("key", 0, static (_, _) => "new"));
    }

    [Fact]
    public void The_memory_starts_over_beyond_its_limit()
    {
        var rows = new RecentRows<string, string>(maxRows: 2);
        rows.Get("a", 0, static (_, _) => "a");
        rows.Get("b", 0, static (_, _) => "b");
        Assert.Equal(2, rows.Count);
        rows.Get("c", 0, static (_, _) => "c");
        Assert.Equal(1, rows.Count);
    }
}
