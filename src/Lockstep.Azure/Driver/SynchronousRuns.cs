using Lockstep.Azure.Executions;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Driver;

/// <summary>
/// Synchronous Express executions: run in the worker that took the call, and gone with it, without a trace. One that takes longer than a call may
/// goes on as an asynchronous one: it gets its row in the ledger, the caller is told where to look, and the run itself continues; if this worker
/// dies before it ends, the sweep has another one run it again from its start.
/// </summary>
public sealed class SynchronousRuns(SynchronousParts parts) : IDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private int _running;

    /// <summary>Runs under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Gives up all runs: those with a row are run again by another worker.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Runs an execution; answers with its end, or, when that takes too long, with an execution that is still running.</summary>
    public async ValueTask<Result<ExecutionRecord>> RunAsync(StartRequest request, StateMachineRecord revision, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _running) > parts.Options.MaxSyncExecutions)
        {
            Interlocked.Decrement(ref _running);
            return new ServiceError(
                ErrorCodes.Throttling,
                $"{parts.Options.MaxSyncExecutions} synchronous executions are running, which is the limit of a worker (Lockstep:Azure:MaxSyncExecutions).");
        }

        TimeSpan longest = request.LongestRun is { } asked && asked < parts.Options.ExpressTimeout ? asked : parts.Options.ExpressTimeout;
        DateTimeOffset now = parts.Time.GetUtcNow();
        var start = new Started(now, request.NewIdentity(parts.Tokens.CurrentKeyId), request.Input, parts.ExecutionLimits);
        ExecutionRecord record = request.NewRecord(now) with { Input = request.Input.ToString() };

        // Never disposed, as the run may outlive this method; a source without timer or link holds nothing to release.
        var abandoned = new CancellationTokenSource();
        parts.Express.TellSynchronous(record.Key);
        Task<ExpressEnd> run = RunCountedAsync(revision, record.Key, start, longest, abandoned.Token);
        try
        {
            ExpressEnd end = await run.WaitAsync(parts.Options.SyncAnswer, parts.Time, cancellation);
            return end.Apply(record);
        }
        catch (TimeoutException)
        {
            return await DetachAsync(new NewExecution(record, start, request.Parent), run, longest, abandoned);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return DriverErrors.Stopping;
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, and the run goes with it.
            await abandoned.CancelAsync();
            throw;
        }
    }

    private async Task<ExpressEnd> RunCountedAsync(
        StateMachineRecord revision, ExecutionKey key, Started start, TimeSpan longest, CancellationToken abandoned)
    {
        try
        {
            return await parts.Express.RunAsync(revision, default, key, start, longest, abandoned, _stopping.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async ValueTask<Result<ExecutionRecord>> DetachAsync(
        NewExecution execution, Task<ExpressEnd> run, TimeSpan longest, CancellationTokenSource abandoned)
    {
        try
        {
            // Due only when this worker has had all the time there is: until then the run is its own.
            var intent = new Intent(IntentKind.Start, execution.Record.Key, parts.Time.GetUtcNow() + longest + _grace);
            await parts.Intents.AddAsync(intent, CancellationToken.None);
            if (await parts.Ledger.CreateAsync(execution, CancellationToken.None) is not Created)
            {
                throw new InvalidOperationException($"The name of Express execution '{execution.Record.Key.Id}', which is drawn, is taken.");
            }

            _ = FinishAsync(intent, run);
            return execution.Record;
        }
        catch
        {
            // Nobody could be told where to look, so nobody waits for it.
            await abandoned.CancelAsync();
            throw;
        }
    }

    private async Task FinishAsync(Intent intent, Task<ExpressEnd> run)
    {
        try
        {
            await parts.Express.EndAsync(intent.Execution, await run, began: null, CancellationToken.None);
            await parts.Intents.RemoveAsync(intent, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The sweep has another worker run it again.
        }
        catch (Exception failure)
        {
            parts.Warn($"Express execution '{intent.Execution.Id}' could not be brought to its end here; another worker runs it again", failure);
        }
    }
}

/// <summary>What synchronous executions work with.</summary>
/// <param name="Express">Runs them.</param>
/// <param name="Ledger">Keeps those that go on.</param>
/// <param name="Intents">What the sweep looks after.</param>
/// <param name="Tokens">Names the key that signs the tokens of new executions.</param>
/// <param name="ExecutionLimits">The limits that new executions get for life.</param>
/// <param name="Options">How long a call waits.</param>
/// <param name="Time">The clock.</param>
/// <param name="Warn">Tells the operator what needs attention.</param>
public sealed record SynchronousParts(
    ExpressWorker Express,
    IExecutionLedger Ledger,
    IIntents Intents,
    ITaskTokens Tokens,
    ExecutionLimits ExecutionLimits,
    DriverOptions Options,
    TimeProvider Time,
    Action<string, Exception?> Warn);
