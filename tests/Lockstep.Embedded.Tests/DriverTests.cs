using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>What the embedded driver does beyond the contracts.</summary>
public sealed class DriverTests
{
    [Fact]
    public async Task Execution_that_never_waits_has_ended_when_its_start_is_answered()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);

        ExecutionKey key = await service.StartAsync(machine, "one", """{"a":1}""");

        Assert.Equal(ExecutionStatus.Succeeded, (await service.DescribeAsync(key)).Status);
    }

    [Fact]
    public async Task Last_commit_of_an_execution_may_return_while_the_process_closes()
    {
        var time = new ManualTimeProvider();
        await using TestService service = TestService.Closed(time);
        var flush = new HeldFlush();
        service.Failpoints = flush;
        await service.OpenAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey[] keys = [await service.StartAsync(machine, "one", """{"seconds":60}"""), await service.StartAsync(machine, "two", """{"seconds":60}""")];
        IExecutionDriver driver = service.Host.Driver;
        flush.Hold();
        Task<Result<ExecutionRecord>>[] stops =
        [
            .. keys.Select(key => Task.Run(async () => await driver.StopAsync(key, null, null, CancellationToken.None), CancellationToken.None)),
        ];
        await flush.Held;

        Task closing = Task.Run(service.CloseAsync, CancellationToken.None);
        while (time.NextDue is not null)
        {
            await Task.Yield(); // Until the timers are gone, and the closing waits for the flush.
        }

        flush.Release();
        await closing;

        // What was decided is on disk and answered, or it is neither; in no case is it a defect.
        foreach (Task<Result<ExecutionRecord>> stop in stops)
        {
            await Task.WhenAny(stop).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }

        Assert.Empty(service.Log.Warnings);
        await service.OpenAsync();
        for (int index = 0; index < keys.Length; index++)
        {
            ExecutionStatus status = (await service.DescribeAsync(keys[index])).Status;
            Assert.Equal(stops[index].IsCompletedSuccessfully ? ExecutionStatus.Aborted : ExecutionStatus.Running, status);
        }
    }

    /// <summary>Holds the committer at the next flush.</summary>
    private sealed class HeldFlush : IFailpoints
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _holds;

        public Task Held => _held.Task;

        public void Hold() => _holds = true;

        public void Release() => _released.TrySetResult();

        public void Hit(Failpoint failpoint)
        {
            if (_holds && failpoint == Failpoint.BeforeCommit)
            {
                _held.TrySetResult();
                _released.Task.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
            }
        }
    }
}
