using System.Collections.Concurrent;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Storage;
using Lockstep.Embedded.Tests.Support;

namespace Lockstep.Embedded.Tests;

public sealed class CommitterTests : IDisposable
{
    private const string Insert = "INSERT INTO tenants(no, digits) VALUES(?1, ?2)";

    private readonly string _path = Directory.CreateTempSubdirectory("lockstep-committer-").FullName;

    [Fact]
    public async Task Write_that_fails_spoils_no_other_of_its_batch()
    {
        using DataFolder folder = DataFolder.Open(_path, new StorageOptions());
        using var held = new HeldCommits();
        using var committer = new Committer(folder, folder.OpenWriter(), new StorageOptions(), new RecordingFatal(), held, trace: null);
        Task<int> before = committer.WriteAsync(context => Add(context, 0));
        held.WaitForBatch();

        // These three share the next batch.
        Task<int> first = committer.WriteAsync(context => Add(context, 1));
        Task<int> bad = committer.WriteAsync<int>(context =>
        {
            Add(context, 2);
            throw new InvalidOperationException("mine");
        });
        Task<int> last = committer.WriteAsync(context => Add(context, 3));
        held.Release();

        int[] changes = await Task.WhenAll(before, first, last);
        Assert.Equal([1, 1, 1], changes);
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        long? count = await committer.WriteAsync(context => context.Prepare("SELECT count(*) FROM tenants").ReadScalar());
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Committer_is_overloaded_when_as_many_writes_wait_as_may()
    {
        using DataFolder folder = DataFolder.Open(_path, new StorageOptions());
        using var held = new HeldCommits();
        var options = new StorageOptions { MaxWaitingWrites = 2 };
        using var committer = new Committer(folder, folder.OpenWriter(), options, new RecordingFatal(), held, trace: null);
        List<Task<int>> writes = [committer.WriteAsync(context => Add(context, 0))];
        held.WaitForBatch();

        writes.Add(committer.WriteAsync(context => Add(context, 1)));
        Assert.False(committer.IsOverloaded);
        writes.Add(committer.WriteAsync(context => Add(context, 2)));
        Assert.True(committer.IsOverloaded);

        held.Release();
        await Task.WhenAll(writes);
        Assert.False(committer.IsOverloaded);
    }

    [Theory]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(3, new[] { 1, 2, 1 })]
    [InlineData(5, new[] { 1, 2, 2, 1 })]
    public async Task Transaction_has_as_many_writes_as_may_be(int waiting, int[] transactions)
    {
        using DataFolder folder = DataFolder.Open(_path, new StorageOptions());
        using var held = new HeldCommits();
        var sizes = new CommitSizes();
        var options = new StorageOptions { MaxBatchWrites = 2 };
        using var committer = new Committer(folder, folder.OpenWriter(), options, new RecordingFatal(), held, sizes);
        List<Task<int>> writes = [committer.WriteAsync(context => Add(context, 0))];
        held.WaitForBatch();
        writes.AddRange(Enumerable.Range(1, waiting).Select(number => committer.WriteAsync(context => Add(context, number))));

        held.Release();
        await Task.WhenAll(writes);

        Assert.Equal(transactions, sizes.Writes);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static int Add(WriteContext context, int number) =>
        context.Prepare(Insert).Bind(1, (long)number + 1).Bind(2, $"{number}").ExecuteChanges();

    private sealed class CommitSizes : ICommitTrace
    {
        private readonly ConcurrentQueue<int> _writes = new();

        public int[] Writes => [.. _writes];

        public void Flushed(long commit, int writes) => _writes.Enqueue(writes);

        public void Acknowledging(long commit, string executionId)
        {
        }
    }

    /// <summary>Holds the first commit until it is released.</summary>
    private sealed class HeldCommits : IFailpoints, IDisposable
    {
        private readonly ManualResetEventSlim _reached = new();
        private readonly ManualResetEventSlim _released = new();

        public void Hit(Failpoint failpoint)
        {
            _reached.Set();
            _released.Wait();
        }

        public void WaitForBatch() => _reached.Wait();

        public void Release() => _released.Set();

        public void Dispose()
        {
            _reached.Dispose();
            _released.Dispose();
        }
    }
}
