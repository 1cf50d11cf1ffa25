using System.Diagnostics;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Telemetry;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>What the embedded driver tells of executions: once, when it is durable, and the same before and after a restart.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ServiceTelemetry _telemetry = new(ServiceLimits.Default);

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task A_trace_goes_on_after_a_restart_and_a_replay_tells_nothing_again()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await NewAsync(time);
        using var recorder = TelemetryRecorder.Of(_telemetry);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Tasks(2));
        service.Targets.Answer = async (invocation, cancellation) =>
        {
            // The second call is under way when the process ends.
            await (service.Targets.Calls.Count == 2 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask);
            return new TaskAnswered(invocation.Parameters);
        };
        ExecutionKey key = await service.StartAsync(machine, "one", "7", TraceParent);
        await service.EventAsync(key, HistoryEventType.LambdaFunctionScheduled, occurrence: 2);

        // Scheduled is not called yet.
        using var patience = new CancellationTokenSource(HarnessSteps.Patience);
        while (service.Targets.Calls.Count < 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await service.RestartAsync();
        await service.EndAsync(key);
        await service.RestAsync();

        TaskInvocation[] calls = [.. service.Targets.Calls];
        Assert.All(calls, call => Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", call.Trace?.ToString(), StringComparison.Ordinal));
        Assert.Equal(calls[1].Trace, calls[2].Trace);
        Assert.NotEqual(calls[0].Trace, calls[1].Trace);
        Assert.Equal(
            ["call function", "call function", "execution m", "state S1", "state S2"], recorder.Spans.Select(span => span.DisplayName).Order(StringComparer.Ordinal));
        Activity execution = recorder.Spans.Single(span => span.DisplayName == "execution m");
        Assert.Equal("b7ad6b7169203331", execution.ParentSpanId.ToHexString());
        Assert.All(recorder.Spans.Where(span => span.DisplayName.StartsWith("state", StringComparison.Ordinal)), span => Assert.Equal(execution.SpanId, span.ParentSpanId));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsStarted));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "succeeded"));
        Assert.Equal(2, recorder.Sum(TelemetryNames.Transitions));
        Assert.Equal(2, recorder.Sum(TelemetryNames.TasksCalled, "function"));
    }

    [Fact]
    public async Task Open_executions_are_counted_as_they_are_also_after_a_restart()
    {
        await using TestService service = await NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        await service.StartAsync(machine, "one", """{"seconds":600}""");
        await service.RestartAsync();
        await service.StartAsync(machine, "two", """{"seconds":600}""");
        using var recorder = TelemetryRecorder.Of(_telemetry);
        recorder.Collect();

        // The host that was closed has been registered too: its count is that of its time.
        Assert.Contains(recorder.Measurements, item => item is { Name: "lockstep.executions.open", Value: 2 });
    }

    [Fact]
    public async Task What_is_told_is_what_the_list_of_names_says()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await NewAsync(time);
        using var recorder = TelemetryRecorder.Of(_telemetry);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await service.StartAsync(machine, "one", """{"seconds":4}""");
        await service.RestAsync();
        time.Advance(TimeSpan.FromSeconds(7));
        await service.RestAsync();
        await service.EndAsync(key);
        _telemetry.CallbackAnswered(null, new TaskHeartbeatReport(), accepted: false);
        recorder.Collect();

        Dictionary<string, MetricDefinition> known = TelemetryNames.Metrics.ToDictionary(metric => metric.Name);
        Assert.All(recorder.Measurements, item => Assert.Equal(known[item.Name].Dimensions.Order(), item.Tags.Keys.Order()));
        Assert.All(recorder.Spans, span => Assert.Subset(
            TelemetryNames.Spans.Single(item => item.Name.Split(' ')[0] == span.DisplayName.Split(' ')[0]).Attributes.ToHashSet(),
            span.TagObjects.Select(tag => tag.Key).ToHashSet()));
        Assert.Equal(2, recorder.Sum(TelemetryNames.EventsPublished, "000000000001"));
        Assert.True(recorder.Sum(TelemetryNames.StoreBatch) >= 2);
        Assert.Contains(recorder.Measurements, item => item.Name == "lockstep.timer.lateness" && item.Value == 0);
        Assert.Equal(ExecutionStatus.Succeeded, (await service.DescribeAsync(key)).Status);
    }

    private async Task<TestService> NewAsync(TimeProvider? time = null)
    {
        TestService service = TestService.Closed(time);
        service.Telemetry = _telemetry;
        await service.OpenAsync();
        return service;
    }
}
