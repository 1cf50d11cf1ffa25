using DurableTask.Core.Exceptions;
using Grpc.Core;
using Lockstep.Azure.Ports;
using Lockstep.Functions.Orchestrations;
using Lockstep.Functions.Tests.Fakes;
using Lockstep.Service.Errors;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lockstep.Functions.Tests;

/// <summary>The port of orchestrations over the client of Durable Task: what is anticipated is no failure, and everything else is an outage.</summary>
public sealed class DurableOrchestrationsTests : IAsyncDisposable
{
    private readonly FakeDurableClient _client;
    private readonly DurableOrchestrations _orchestrations = new();

    public DurableOrchestrationsTests()
    {
        _client = new FakeDurableClient();
        _orchestrations.Use(_client);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static OrchestrationStart Start => new("x-1", "{}") { Tags = new Dictionary<string, string> { ["tenant"] = "000000000001" } };

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Schedules_under_the_given_id_with_tags_and_version_and_never_over_what_is_there()
    {
        await _orchestrations.ScheduleAsync(Start, Cancellation);

        (string name, object? input, StartOrchestrationOptions? options) = Assert.Single(_client.Scheduled);
        Assert.Equal("Execution", name);
        Assert.Equal("{}", input);
        Assert.Equal("x-1", options?.InstanceId);
        Assert.Equal("000000000001", options?.Tags["tenant"]);
        Assert.Equal(DurableOrchestrations.CurrentVersion, options?.Version?.Version);
        Assert.Contains("Completed", options?.DedupeStatuses ?? []);
        Assert.Contains("Running", options?.DedupeStatuses ?? []);
    }

    [Fact]
    public async Task An_instance_that_is_there_is_no_failure()
    {
        _client.Failure = new OrchestrationAlreadyExistsException("there");
        await _orchestrations.ScheduleAsync(Start, Cancellation);
    }

    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    public async Task Nobody_to_wake_is_no_failure(StatusCode code)
    {
        _client.Failure = new RpcException(new Status(code, ""));
        await _orchestrations.WakeAsync("x-1", Cancellation);
    }

    [Fact]
    public async Task Wakes_by_the_event_that_orchestrators_wait_for()
    {
        await _orchestrations.WakeAsync("x-1", Cancellation);
        Assert.Equal(("x-1", "Wake"), Assert.Single(_client.Raised));
    }

    [Fact]
    public async Task A_scheduler_that_is_away_is_an_outage_on_every_call()
    {
        _client.Failure = new RpcException(new Status(StatusCode.Unavailable, "secret of the payload"));

        var failures = new[]
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _orchestrations.ScheduleAsync(Start, Cancellation)),
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _orchestrations.WakeAsync("x-1", Cancellation)),
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _orchestrations.IsRunningAsync("x-1", Cancellation)),
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _orchestrations.PurgeAsync("x-1", Cancellation)),
        };

        Assert.All(failures, failure => Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancellation_that_was_asked_for_is_no_outage()
    {
        using var asked = new CancellationTokenSource();
        await asked.CancelAsync();
        _client.Failure = new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await _orchestrations.WakeAsync("x-1", asked.Token));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, true)]
    [InlineData(OrchestrationRuntimeStatus.Running, true)]
    [InlineData(OrchestrationRuntimeStatus.Completed, false)]
    [InlineData(OrchestrationRuntimeStatus.Failed, false)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, false)]
    public async Task Only_what_has_ended_is_purged(OrchestrationRuntimeStatus status, bool isRunning)
    {
        _client.Instances["x-1"] = status;

        Assert.Equal(isRunning, await _orchestrations.IsRunningAsync("x-1", Cancellation));
        await _orchestrations.PurgeAsync("x-1", Cancellation);
        Assert.Equal(isRunning ? 0 : 1, _client.Purged.Count);
    }

    [Fact]
    public async Task What_is_not_there_does_not_run() => Assert.False(await _orchestrations.IsRunningAsync("x-2", Cancellation));

    [Fact]
    public async Task Without_a_client_every_call_is_a_defect() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new DurableOrchestrations().WakeAsync("x-1", Cancellation));
}
