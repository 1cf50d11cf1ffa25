using Lockstep.Azure.Orchestration;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>A callback, its timeout and its heartbeat compete for one row; whoever wins is what the interpreter sees, and the loser is told so.</summary>
public sealed class RaceTests
{
    private const string Callback = """
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":20,"HeartbeatSeconds":10,
          "Parameters":{"MessageBody.$":"$$.Task.Token"},"End":true}}}
        """;

    private static readonly CommandId _task = new(1);

    private readonly PumpHarness _harness = new();

    public RaceTests() => _harness.World.Script = _ => null;

    [Fact]
    public void A_callback_in_time_wins()
    {
        _harness.Start(Callback);
        _harness.Host.Advance(TimeSpan.FromSeconds(5));

        Assert.True(Report().Succeeded);
        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_callback_that_comes_just_before_the_claim_of_a_timer_wins(bool isHeartbeat)
    {
        _harness.Host.OnActivity = (name, input) =>
        {
            bool isMine = name == OrchestrationNames.Claim && input.Contains(isHeartbeat ? "Heartbeat" : "Timeout", StringComparison.Ordinal);
            if (isMine)
            {
                Assert.True(Report().Succeeded);
            }
        };
        _harness.Start(Callback);
        if (!isHeartbeat)
        {
            Beat(8);
            Beat(8);
        }

        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
    }

    [Fact]
    public void A_callback_that_comes_after_the_claim_is_refused_and_the_task_has_timed_out()
    {
        _harness.Start(Callback);
        Beat(8);
        Beat(8);
        _harness.Host.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(ErrorCodes.TaskTimedOut, Report().Error?.Code);
        Assert.Equal((ExecutionStatus.Failed, "States.Timeout"), (_harness.Head.Record.Status, _harness.Head.Record.Error));
        Assert.Equal(Run().TotalSeconds, TimeSpan.FromSeconds(20).TotalSeconds);
    }

    [Fact]
    public void Heartbeats_keep_a_task_alive_and_wake_nobody_and_their_absence_fails_it()
    {
        _harness.Start(Callback);
        Beat(6);
        long wakes = _harness.Host.Cost.Wakes;
        _harness.Host.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((ExecutionStatus.Running, 0L), (_harness.Head.Record.Status, wakes));

        _harness.Host.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((ExecutionStatus.Failed, "States.Timeout"), (_harness.Head.Record.Status, _harness.Head.Record.Error));
        Assert.Equal([_task], _harness.World.GivenUp);
    }

    [Fact]
    public void A_callback_that_comes_before_its_submission_is_answered_is_held()
    {
        var open = new TaskCompletionSource();
        _harness.World.Hold = _ => open.Task;
        _harness.Start(Callback);
        _harness.Host.Run();
        Assert.True(Report().Succeeded);
        _harness.Host.Run();
        Assert.Equal(ExecutionStatus.Running, _harness.Head.Record.Status);

        open.SetResult();
        _harness.Host.Run();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
    }

    [Fact]
    public void A_callback_that_is_held_takes_effect_when_the_timeout_strikes()
    {
        _harness.World.Hold = _ => new TaskCompletionSource().Task;
        _harness.Start(Callback);
        _harness.Host.Run();
        Assert.True(Report().Succeeded);
        _harness.Host.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
    }

    private Result<Service.Executions.Accepted> Report() => _harness.Report(new TaskSucceeded(_harness.Time.GetUtcNow(), _task, JsonString.Of("answer")));

    private void Beat(int afterSeconds)
    {
        _harness.Host.Advance(TimeSpan.FromSeconds(afterSeconds));
        Assert.True(_harness.Ledger.HeartbeatAsync(PumpHarness.Key, _task, _harness.Time.GetUtcNow(), CancellationToken.None)
            .AsTask().GetAwaiter().GetResult().Succeeded);
    }

    private TimeSpan Run() => (_harness.Head.Record.StoppedAt ?? default) - _harness.Head.Record.StartedAt;
}
