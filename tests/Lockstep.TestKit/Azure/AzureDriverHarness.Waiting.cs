using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.TestKit.Drivers;

namespace Lockstep.TestKit.Azure;

/// <content>What the driver would wait for by the clock of the contracts, which stands still.</content>
public sealed partial class AzureDriverHarness
{
    /// <summary>Lets the runtime work where a change of a map run would wait for it.</summary>
    private sealed class WaitingMapRuns(AzureDriverHarness harness, IMapRunDriver runs) : IMapRunDriver
    {
        public ValueTask<Result<Accepted>> StartRunAsync(
            ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation) =>
            runs.StartRunAsync(execution, task, request, traceParent, cancellation);

        public ValueTask<Result<Accepted>> StartChildAsync(
            ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation) =>
            runs.StartChildAsync(run, task, request, traceParent, cancellation);

        public ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation) =>
            runs.FindChildAsync(run, index, cancellation);

        public ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation) =>
            runs.FindPastChildrenAsync(run, request, cancellation);

        public ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(
            ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation) =>
            runs.ListChildrenAsync(run, filter, page, cancellation);

        public ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation) => runs.FindAsync(run, cancellation);

        public ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation) =>
            runs.ListAsync(execution, page, cancellation);

        public async ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation)
        {
            Result<MapRunRecord> asked = await runs.UpdateAsync(run, change, cancellation);
            if (!asked.Succeeded)
            {
                return asked;
            }

            await harness.RunUntilIdleAsync();
            return await runs.FindAsync(run, cancellation) is { } updated ? updated : asked;
        }
    }

    /// <summary>Lets the runtime work where the driver would wait for it: the clock of the contracts stands still.</summary>
    private sealed class WaitingDriver(AzureDriverHarness harness, IExecutionDriver driver) : IExecutionDriver
    {
        public ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation) => driver.StartAsync(request, cancellation);

        public ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation) =>
            driver.StartSyncAsync(request, cancellation);

        public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
        {
            Result<ExecutionRecord> asked = await driver.StopAsync(key, error, cause, cancellation);
            if (asked is not { Succeeded: true, Value.Status: ExecutionStatus.Running })
            {
                return asked;
            }

            await harness.RunUntilIdleAsync();
            return await harness.DescribeAsync(key);
        }

        public ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation) =>
            driver.RedriveAsync(request, cancellation);

        public ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation) =>
            driver.DeliverAsync(task, report, cancellation);
    }
}
