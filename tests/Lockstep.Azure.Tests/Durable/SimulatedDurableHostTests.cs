using Lockstep.Azure.Ports;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Time;

namespace Lockstep.Azure.Tests.Durable;

/// <summary>The simulated host is as strict as the real runtime, so that what passes on it can be trusted.</summary>
public sealed class SimulatedDurableHostTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Each_event_replays_the_code_and_gives_every_activity_its_answer()
    {
        SimulatedDurableHost host = HostOf(async (orchestration, input) =>
        {
            string first = await orchestration.CallActivityAsync("Echo", input + "1");
            return await orchestration.CallActivityAsync("Echo", first + "2");
        });

        SimulatedInstance instance = Start(host);

        Assert.Equal((InstanceStatus.Completed, "in12"), (instance.Status, instance.Outcome));
        Assert.Equal((3, 1 + 2, 2), (host.Cost.Episodes, host.Cost.ReplayedEvents, host.Cost.Activities));
    }

    [Fact]
    public void Code_that_asks_for_something_else_on_replay_fails()
    {
        int runs = 0;
        SimulatedDurableHost host = HostOf(async (orchestration, _) => await orchestration.CallActivityAsync("Echo", $"run {++runs}"));

        var broken = Assert.Throws<OrchestrationRuleException>(() => Start(host));

        Assert.Contains("not deterministic", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_awaits_something_of_its_own_hangs_and_that_is_found()
    {
        SimulatedDurableHost host = HostOf(async (_, _) =>
        {
            await new TaskCompletionSource().Task;
            return "";
        });

        var broken = Assert.Throws<OrchestrationRuleException>(() => Start(host));

        Assert.Contains("hangs", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_leaves_its_thread_is_found()
    {
        using var left = new ManualResetEventSlim();
        SimulatedDurableHost host = HostOf(async (orchestration, _) =>
        {
            await orchestration.CallActivityAsync("Echo", "");
            try
            {
                await orchestration.StartTimer(orchestration.Now.AddSeconds(1)).Fired.ConfigureAwait(false);
                await orchestration.CallActivityAsync("Echo", "");
            }
            finally
            {
                left.Set();
            }

            return "";
        });

        var broken = Assert.Throws<OrchestrationRuleException>(() =>
        {
            SimulatedInstance instance = Start(host);
            host.Advance(TimeSpan.FromSeconds(1));
            left.Wait(TestContext.Current.CancellationToken);
            Assert.Equal(InstanceStatus.Failed, instance.Status);
        });

        Assert.NotEmpty(broken.Message);
    }

    [Fact]
    public void An_open_timer_holds_the_end_back_and_a_cancelled_one_does_not()
    {
        SimulatedDurableHost host = HostOf((orchestration, input) =>
        {
            IOrchestrationTimer timer = orchestration.StartTimer(orchestration.Now.AddMinutes(1));
            if (input == "cancel")
            {
                timer.Cancel();
            }

            return Task.FromResult("done");
        });

        SimulatedInstance held = Start(host, "in");
        SimulatedInstance free = Start(host, "cancel");

        Assert.Equal((true, InstanceStatus.Running), (held.HasReturned, held.Status));
        Assert.Equal(InstanceStatus.Completed, free.Status);
        host.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(InstanceStatus.Completed, held.Status);
    }

    [Fact]
    public void Continuing_as_new_waits_for_what_is_open_and_begins_with_an_empty_history()
    {
        var answer = new TaskCompletionSource<string>();
        SimulatedDurableHost host = HostOf((orchestration, input) =>
        {
            if (input == "in")
            {
                _ = orchestration.CallActivityAsync("Slow", "");
                orchestration.ContinueAsNew("next");
            }

            return Task.FromResult(input);
        });
        host.AddActivity("Slow", (_, _) => new ValueTask<string>(answer.Task));

        SimulatedInstance instance = Start(host);
        Assert.Equal((0, InstanceStatus.Running), (instance.Cost.Rollovers, instance.Status));
        answer.SetResult("");
        host.Run();

        Assert.Equal((1, "next"), (instance.Cost.Rollovers, instance.Outcome));
    }

    [Fact]
    public void A_child_answers_its_parent()
    {
        SimulatedDurableHost host = HostOf((orchestration, input) => orchestration.CallOrchestrationAsync("Child", "child-1", input + "!"));
        host.AddOrchestrator("Child", (orchestration, input) => orchestration.CallActivityAsync("Echo", input + "?"));

        Assert.Equal("in!?", Start(host).Outcome);
    }

    [Theory]
    [InlineData(512 * 1024, true)]
    [InlineData((512 * 1024) + 1, false)]
    public void Inputs_have_a_limit(int size, bool accepted)
    {
        SimulatedDurableHost host = HostOf(async (orchestration, _) =>
        {
            await orchestration.CallActivityAsync("Drop", new string('x', size));
            return "";
        });
        host.AddActivity("Drop", (_, _) => ValueTask.FromResult(""));

        if (accepted)
        {
            Assert.Equal(InstanceStatus.Completed, Start(host).Status);
        }
        else
        {
            Assert.Throws<OrchestrationRuleException>(() => Start(host));
        }
    }

    [Fact]
    public void Activities_run_at_least_once_and_sometimes_their_answer_gets_lost()
    {
        int failures = 0;
        var host = new SimulatedDurableHost(_time, DurableFaults.Many(seed: 7));
        host.AddActivity("Echo", (input, _) => ValueTask.FromResult(input));
        host.AddOrchestrator("Execution", async (orchestration, _) =>
        {
            failures = 0;
            for (int i = 0; i < 100; i++)
            {
                try
                {
                    await orchestration.CallActivityAsync("Echo", "");
                }
                catch (ActivityFailedException)
                {
                    failures++;
                }
            }

            return "done";
        });

        SimulatedInstance instance = Start(host);
        host.RunToEnd(TimeSpan.FromHours(1));

        Assert.Equal("done", instance.Outcome);
        Assert.InRange(failures, 5, 50);
        Assert.InRange(instance.Cost.ActivityRuns - instance.Cost.Activities, 1, 50);
    }

    [Fact]
    public void A_wake_is_kept_for_the_next_wait()
    {
        SimulatedDurableHost host = HostOf(async (orchestration, _) =>
        {
            await orchestration.CallActivityAsync("Wake", "");
            await orchestration.WaitForWakeAsync();
            return "woken";
        });
        host.AddActivity("Wake", async (_, cancellation) =>
        {
            await host.WakeAsync("i", cancellation);
            return "";
        });

        Assert.Equal("woken", Start(host, id: "i").Outcome);
    }

    private SimulatedDurableHost HostOf(Func<IOrchestration, string, Task<string>> code)
    {
        var host = new SimulatedDurableHost(_time);
        host.AddOrchestrator("Execution", code);
        host.AddActivity("Echo", (input, _) => ValueTask.FromResult(input));
        return host;
    }

    private static SimulatedInstance Start(SimulatedDurableHost host, string input = "in", string? id = null)
    {
        id ??= $"instance {host.Instances.Count}";
        host.ScheduleAsync(new OrchestrationStart(id, input), TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
        host.Run();
        return host.Instances[id];
    }
}
