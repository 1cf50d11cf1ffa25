using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.Limits;
using Lockstep.Service.Tests.Memory;
using Lockstep.TestKit;

namespace Lockstep.Service.Tests;

public sealed class RegistryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://example.com/f", true)]
    [InlineData("https://example.com:8443/f?x=1", true)]
    [InlineData("http://example.com/f", false)]
    [InlineData("ftp://example.com/f", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/relative", false)]
    [InlineData("https://user:secret@example.com/", false)]
    [InlineData("https://example.com/#part", false)]
    [InlineData("https://", false)]
    [InlineData("", false)]
    public async Task An_endpoint_is_an_absolute_https_url_without_user_or_fragment(string url, bool accepted)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Result<PutFunctionOutcome> put = await platform.Service.Functions.PutAsync(MemoryPlatform.Anna, "f", url, Cancellation);
        Assert.Equal(accepted, put.Succeeded);
        Assert.Equal(accepted ? null : "/url", put.Error?.Target);
        Assert.DoesNotContain("secret", put.Error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_is_for_development()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(settings: new ServiceSettings { AllowPlainHttpFunctions = true });
        Assert.True((await platform.Service.Functions.PutAsync(MemoryPlatform.Anna, "f", "http://127.0.0.1:1/", Cancellation)).Value?.Created);
        Assert.False((await platform.Service.Functions.PutAsync(MemoryPlatform.Anna, "f", "http://127.0.0.1:2/", Cancellation)).Value?.Created);
    }

    [Fact]
    public async Task Functions_keep_to_their_limits()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxFunctions = 1 });
        async Task<string?> Put(string name, string url) =>
            (await platform.Service.Functions.PutAsync(MemoryPlatform.Anna, name, url, Cancellation)).Error?.Code;
        string stem = "https://example.com/";
        Assert.Null(await Put("f", stem + new string('p', 2_048 - stem.Length)));
        Assert.Equal(ErrorCodes.Validation, await Put("f", stem + new string('p', 2_049 - stem.Length)));
        Assert.Equal(ErrorCodes.FunctionLimitExceeded, await Put("g", stem));
        Assert.Null(await Put("f", stem));
        Assert.Equal(ErrorCodes.InvalidName, await Put("a b", stem));
    }

    [Fact]
    public async Task Activities_keep_to_their_limits()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxActivities = 1 });
        ActivityUseCases activities = platform.Service.Activities;
        Assert.True((await activities.CreateAsync(MemoryPlatform.Anna, "a", Cancellation)).Value?.Created);
        Assert.False((await activities.CreateAsync(MemoryPlatform.Anna, "a", Cancellation)).Value?.Created);
        Assert.Equal(ErrorCodes.ActivityLimitExceeded, (await activities.CreateAsync(MemoryPlatform.Anna, "b", Cancellation)).Error?.Code);
        async Task<string?> Poll(string name, string? worker, int? wait) =>
            (await activities.PollAsync(MemoryPlatform.Anna, name, worker, wait, Cancellation)).Error?.Code;
        Assert.Null(await Poll("a", new string('w', 80), 0));
        Assert.Equal(ErrorCodes.InvalidName, await Poll("a", new string('w', 81), 0));
        Assert.Equal(ErrorCodes.Validation, await Poll("a", null, -1));
        Assert.Equal(ErrorCodes.Validation, await Poll("a", null, 61));
        Assert.Equal(ErrorCodes.ActivityDoesNotExist, await Poll("x", null, 0));
        Assert.Equal(ErrorCodes.ActivityDoesNotExist, (await activities.PollAsync(MemoryPlatform.Bert, "a", null, 0, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task A_poll_waits_as_long_as_it_says_and_no_longer()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        await platform.Service.Activities.CreateAsync(MemoryPlatform.Anna, "a", Cancellation);
        Task<Result<PollOutcome>> poll = platform.Service.Activities.PollAsync(MemoryPlatform.Anna, "a", null, 60, Cancellation).AsTask();
        await platform.Activities.Waits.WaitAsync(Cancellation);
        platform.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(poll.IsCompleted);
        platform.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await poll).Value?.Task);
    }

    [Fact]
    public async Task A_follower_hears_of_what_was_committed_since_it_followed()
    {
        var time = new ManualTime();
        var hub = new ExecutionChangeHub(time);
        var key = new ExecutionKey(MemoryPlatform.Anna, "m:e");
        hub.Publish(key, 1);
        using (IExecutionFollower follower = hub.Follow(key))
        {
            hub.Publish(key, 2);
            Assert.True(await follower.WaitAsync(1, TimeSpan.FromSeconds(1), Cancellation));
            Task<bool> more = follower.WaitAsync(2, TimeSpan.FromSeconds(10), Cancellation).AsTask();
            Assert.False(more.IsCompleted);
            hub.Publish(key, 3);
            Assert.True(await more);
            Task<bool> none = follower.WaitAsync(3, TimeSpan.FromSeconds(10), Cancellation).AsTask();
            time.Advance(TimeSpan.FromSeconds(10));
            Assert.False(await none);
            using IExecutionFollower second = hub.Follow(key);
            Assert.Equal(1, hub.FollowedExecutions);
        }

        Assert.Equal(0, hub.FollowedExecutions);
    }
}
