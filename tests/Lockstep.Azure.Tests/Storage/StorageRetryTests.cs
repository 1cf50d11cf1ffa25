using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.TestKit;

namespace Lockstep.Azure.Tests.Storage;

public sealed class StorageRetryTests
{
    private static readonly StorageRetryOptions NoWaits = new() { MaxAttempts = 3, FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero };

    [Fact]
    public async Task Operation_is_tried_as_often_as_allowed_and_no_more()
    {
        Assert.Equal(3, await RunAsync(failures: 2));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await RunAsync(failures: 3));
    }

    [Fact]
    public async Task Operation_that_somebody_always_comes_in_between_of_ends_as_unavailable()
    {
        int attempts = 0;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await new StorageRetry(NoWaits, new ManualTime()).RunAsync<int>(
            () =>
            {
                attempts++;
                return ValueTask.FromResult<Attempt<int>>(Attempt.Again);
            },
            CancellationToken.None));

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Defect_is_not_repeated()
    {
        int attempts = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new StorageRetry(NoWaits, new ManualTime()).RunAsync<int>(
            () =>
            {
                attempts++;
                throw new InvalidOperationException();
            },
            CancellationToken.None));

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Attempts_wait_by_the_clock_and_never_longer_than_the_bound()
    {
        var time = new ManualTime();
        var options = new StorageRetryOptions { MaxAttempts = 20, FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(4) };
        int attempts = 0;
        Task<int> run = new StorageRetry(options, time).RunAsync<int>(
            () => ++attempts < 20 ? throw new StorageUnavailableException() : ValueTask.FromResult<Attempt<int>>(attempts), CancellationToken.None).AsTask();
        Assert.False(run.IsCompleted);

        for (int waits = 0; waits < 19 && !run.IsCompleted; waits++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.Equal(20, await run);
    }

    private static async Task<int> RunAsync(int failures)
    {
        int attempts = 0;
        return await new StorageRetry(NoWaits, new ManualTime()).RunAsync<int>(
            () => ++attempts <= failures ? throw new StorageUnavailableException() : ValueTask.FromResult<Attempt<int>>(attempts), CancellationToken.None);
    }
}
