using Lockstep.Service.Targets;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Http;

/// <summary>Calls of one connection at the same time share one request for a token, and each keeps its own time.</summary>
public sealed class SharedTokenTests
{
    private const int Callers = 8;
    private const string InvalidState = "Events.ConnectionResource.InvalidConnectionState";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _moment = TimeSpan.FromTicks(1);
    private static readonly TargetOptions _options = new() { DevelopmentMode = true, HttpInvokeTimeout = _limit };

    [Fact]
    public async Task Calls_that_need_a_token_at_the_same_time_fetch_it_once()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1] });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);

        // Each call runs to the point where it waits for the token before the next begins.
        Task<TaskOutcome>[] calls = [.. Enumerable.Range(0, Callers).Select(_ => world.CallAsync(endpoint.Url, arn))];
        await endpoint.Asked(1);
        endpoint.Release();

        Assert.All(await Task.WhenAll(calls), outcome => Assert.IsType<TaskAnswered>(outcome));
        Assert.Equal(1, endpoint.TokenRequests);
        Assert.Equal(Enumerable.Repeat("Bearer token-1", Callers), endpoint.Tokens);
    }

    [Fact]
    public async Task Each_connection_fetches_its_own()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1, 2] });
        using var world = new ConnectionWorld(_options);
        string one = await world.PutAsync(endpoint.Settings, name: "one");
        string two = await world.PutAsync(endpoint.Settings, name: "two");

        Task<TaskOutcome>[] calls = [world.CallAsync(endpoint.Url, one), world.CallAsync(endpoint.Url, two)];
        await endpoint.Asked(2);
        endpoint.Release();

        Assert.All(await Task.WhenAll(calls), outcome => Assert.IsType<TaskAnswered>(outcome));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], endpoint.Tokens.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public async Task A_token_that_is_refused_to_many_calls_is_replaced_once(int status)
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { StatusOfFirst = status, FirstTogether = Callers });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);

        TaskOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => world.CallAsync(endpoint.Url, arn)));

        Assert.All(outcomes, outcome => Assert.IsType<TaskAnswered>(outcome));
        Assert.Equal(2, endpoint.TokenRequests);
        Assert.Equal(
            Enumerable.Repeat("Bearer token-1", Callers).Concat(Enumerable.Repeat("Bearer token-2", Callers)), endpoint.Tokens.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_call_that_gives_up_takes_the_token_from_nobody()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1] });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);
        using var gaveUp = new CancellationTokenSource();

        Task<TaskOutcome> first = world.CallUntilAsync(endpoint.Url, arn, gaveUp.Token);
        Task<TaskOutcome> second = world.CallAsync(endpoint.Url, arn);
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await endpoint.Asked(1);
        endpoint.Release();
        Assert.IsType<TaskAnswered>(await second);
        Assert.Equal(1, endpoint.TokenRequests);
    }

    [Fact]
    public async Task The_shared_request_ends_at_its_own_deadline_also_for_who_joined_it_later()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1] });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);

        Task<TaskOutcome> first = world.CallAsync(endpoint.Url, arn);
        world.Time.Advance(_limit / 2);
        Task<TaskOutcome> joined = world.CallAsync(endpoint.Url, arn);
        world.Time.Advance((_limit / 2) - _moment);
        Assert.False(first.IsCompleted || joined.IsCompleted);
        world.Time.Advance(_moment);

        Assert.Equal(InvalidState, Assert.IsType<TaskRefused>(await first).Error);
        TaskRefused refused = Assert.IsType<TaskRefused>(await joined);
        Assert.Equal((InvalidState, "There is no token for the connection 'c': No whole response within 60.00 seconds."), (refused.Error, refused.Cause));
        Assert.Empty(endpoint.Tokens);
    }

    [Fact]
    public async Task After_a_deadline_the_next_call_asks_anew()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1] });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);
        Task<TaskOutcome> first = world.CallAsync(endpoint.Url, arn);
        await endpoint.Asked(1);
        world.Time.Advance(_limit / 2);
        Task<TaskOutcome> joined = world.CallAsync(endpoint.Url, arn);
        world.Time.Advance(_limit / 2);
        await Task.WhenAll(first, joined);

        Assert.IsType<TaskAnswered>(await world.CallAsync(endpoint.Url, arn));

        Assert.Equal(2, endpoint.TokenRequests);
        Assert.Equal(["Bearer token-2"], endpoint.Tokens);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_call_whose_time_is_up_waits_no_longer_for_the_shared_request()
    {
        using var world = new ConnectionWorld(_options);

        // The first token comes at once, its refusal after 40 of the 60 seconds, and the second token never.
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(
            new TokenScript { StatusOfFirst = 401, BeforeFirst = () => world.Time.Advance(TimeSpan.FromSeconds(40)), Held = [2] });
        string arn = await world.PutAsync(endpoint.Settings);
        Task<TaskOutcome> call = world.CallAsync(endpoint.Url, arn);
        await endpoint.Asked(2);
        while (world.Time.PendingTimers < 2)
        {
            // The request is on its way before the call waits for it: the deadline of the one, then that of the other.
            await Task.Yield();
        }

        world.Time.Advance(TimeSpan.FromSeconds(20) - _moment);
        Assert.False(call.IsCompleted);
        world.Time.Advance(_moment);

        TaskRefused refused = Assert.IsType<TaskRefused>(await call);
        Assert.Equal((InvalidState, "There was no token for the connection 'c' in time."), (refused.Error, refused.Cause));
    }

    [Fact]
    public async Task What_fetching_took_is_missing_from_the_time_of_the_call()
    {
        await using TokenEndpoint endpoint = await TokenEndpoint.StartAsync(new TokenScript { Held = [1], AnswersCalls = false });
        using var world = new ConnectionWorld(_options);
        string arn = await world.PutAsync(endpoint.Settings);

        Task<TaskOutcome> call = world.CallAsync(endpoint.Url, arn);
        await endpoint.Asked(1);
        world.Time.Advance(TimeSpan.FromSeconds(45));
        endpoint.Release();
        await endpoint.Called;
        world.Time.Advance(TimeSpan.FromSeconds(15) - _moment);
        Assert.False(call.IsCompleted);
        world.Time.Advance(_moment);

        TaskRefused refused = Assert.IsType<TaskRefused>(await call);
        Assert.Equal(("States.Http.Socket", "No whole response within 15.00 seconds."), (refused.Error, refused.Cause));
    }
}
