using System.Text;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>Content that no object has goes after an hour; what an object has never goes.</summary>
public sealed class ObjectLitterTests
{
    private static readonly TimeSpan Beyond = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1);

    private readonly ManualTime _time = new();
    private readonly MemoryAzure _azure = new();

    private TableObjectStore Store => new(_azure.Tables, _azure.Blobs, Stores.Stubborn, _time);

    private static ObjectPlace Place { get; } = new(TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default, "data", "k");

    [Fact]
    public async Task Replaced_and_deleted_content_stays_for_an_hour_and_then_goes()
    {
        await PutAsync("one");
        await PutAsync("two");
        await Store.DeleteAsync(Place, CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Equal(0, await Store.ClearAsync(10, CancellationToken.None));
        Assert.Equal(2, _azure.Blobs.Names.Count);
        _time.Advance(TimeSpan.FromTicks(2));
        Assert.Equal(2, await Store.ClearAsync(10, CancellationToken.None));

        Assert.Empty(_azure.Blobs.Names);
        Assert.Empty(_azure.Tables.All(TableName.Objects));
    }

    [Fact]
    public async Task Content_of_a_put_that_broke_off_goes()
    {
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.PutAsync(Place, "x/y", new BrokenOff(gone), gone.Token));
        Assert.Single(_azure.Blobs.Names);

        _time.Advance(Beyond);
        await Store.ClearAsync(10, CancellationToken.None);

        Assert.Empty(_azure.Blobs.Names);
        Assert.Empty(_azure.Tables.All(TableName.Objects));
    }

    [Fact]
    public async Task Content_that_an_object_has_stays_although_it_is_written_down()
    {
        // As a worker leaves it that dies after it has put the row, and before it has forgotten the content's name.
        await PutAsync("kept");
        Entity row = Assert.Single(_azure.Tables.All(TableName.Objects));
        await new Litter(_azure.Tables[TableName.Objects], ObjectRows.FolderName, Stores.Stubborn, _time)
            .AddAsync(row.Key, ObjectRows.FolderOf(row), CancellationToken.None);

        _time.Advance(Beyond);
        Assert.Equal(0, await Store.ClearAsync(10, CancellationToken.None));

        await using OpenObject? open = await Store.OpenAsync(Place, 0, CancellationToken.None);
        Assert.NotNull(open);
        using var reader = new StreamReader(open.Content, leaveOpen: true);
        Assert.Equal("kept", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Single(_azure.Tables.All(TableName.Objects));
    }

    [Fact]
    public async Task Content_that_takes_longer_than_an_hour_is_put_unless_it_has_been_removed()
    {
        await PutSlowlyAsync(sweep: false);
        Assert.NotNull(await Store.FindAsync(Place, CancellationToken.None));
        await Store.DeleteAsync(Place, CancellationToken.None);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => PutSlowlyAsync(sweep: true));
        Assert.Null(await Store.FindAsync(Place, CancellationToken.None));
    }

    private async Task PutSlowlyAsync(bool sweep) => await Store.PutAsync(
        Place,
        "x/y",
        new Slow(async () =>
        {
            _time.Advance(Beyond);
            if (sweep)
            {
                await Store.ClearAsync(10, CancellationToken.None);
            }
        }),
        CancellationToken.None);

    private async Task PutAsync(string text) =>
        await Store.PutAsync(Place, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None);

    /// <summary>Gives three bytes, and lets something happen before it ends.</summary>
    private sealed class Slow(Func<Task> beforeEnd) : MemoryStream([1, 2, 3])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await beforeEnd();
            }

            return read;
        }
    }

    /// <summary>Gives one part whole, and then the client is gone.</summary>
    private sealed class BrokenOff(CancellationTokenSource client) : MemoryStream(new byte[ObjectParts.PartBytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, CancellationToken.None);
            if (read == 0)
            {
                await client.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return read;
        }
    }
}
