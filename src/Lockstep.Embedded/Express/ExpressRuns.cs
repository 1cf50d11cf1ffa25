using System.Collections.Concurrent;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Journal;
using Lockstep.Embedded.StateMachines;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Express;

/// <summary>
/// Express executions. An asynchronous one has a durable start and a durable end and nothing between: after a crash it runs again from its
/// start, with the same idempotency keys. A synchronous one leaves no trace in the store, and dies with its call.
/// </summary>
internal sealed class ExpressRuns(DriverRuntime runtime, ExecutionNumbers numbers) : IDisposable
{
    private const string InsertBodies = "INSERT INTO express(execution, input) VALUES(?1, ?2)";
    private const string PutResult = "UPDATE express SET output = ?2, error = ?3, cause = ?4 WHERE execution = ?1";
    private const string ReadInput = "SELECT input FROM express WHERE execution = ?1";

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<(ExecutionHeader Header, Started Started)> _waiting = new();
    private int _syncRuns;
    private int _asyncRuns;

    /// <summary>Stops all runs; asynchronous ones start again with the next process.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>
    /// Starts an asynchronous execution; answers once the start is durable. A child of a map run is never refused, as the map run bounds how many there are: it waits,
    /// already durable, until another run gives its place back. Whoever starts it must not wait, as what it then held might be what another run needs to end.
    /// </summary>
    public async ValueTask<Result<StartOutcome>> StartAsync(
        StartRequest request, MachineRevision revision, ExecutionIdentity identity, ParentLink? parent = null)
    {
        bool hasPlace = TryTakePlace();
        if (!hasPlace && request.Part.Kind == ExecutionKind.Machine)
        {
            return new ServiceError(
                ErrorCodes.Throttling,
                $"{runtime.Options.MaxAsyncExpressExecutions} Express executions are running, which is the limit (Lockstep:Driver:MaxAsyncExpressExecutions).");
        }

        bool launched = false;
        try
        {
            DateTimeOffset now = runtime.Time.GetUtcNow();
            var header = new ExecutionHeader(numbers.Next(), revision.TenantNumber, request.Key, revision, parent) { Part = request.Part };
            if (!await InsertAsync(header, request, now))
            {
                return DriverErrors.NameTaken(request.Key);
            }

            if (header.IsCounted)
            {
                runtime.OpenCounts.Opened(header.TenantNumber);
            }

            launched = true;
            var started = new Started(now, identity, request.Input, runtime.Options.ExecutionLimits);
            if (hasPlace)
            {
                Launch(header, started);
            }
            else
            {
                _waiting.Enqueue((header, started));
                LaunchWaiting();
            }

            return new StartOutcome(request.NewRecord(now), Created: true);
        }
        finally
        {
            if (hasPlace && !launched)
            {
                GivePlaceBack();
            }
        }
    }

    /// <summary>Runs a synchronous execution to its end.</summary>
    public async ValueTask<Result<ExecutionRecord>> RunAsync(
        StartRequest request, MachineRevision revision, ExecutionIdentity identity, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _syncRuns) > runtime.Options.MaxSyncExecutions)
        {
            Interlocked.Decrement(ref _syncRuns);
            return new ServiceError(
                ErrorCodes.Throttling, $"{runtime.Options.MaxSyncExecutions} synchronous executions are running, which is the limit (Lockstep:Driver:MaxSyncExecutions).");
        }

        try
        {
            DateTimeOffset now = runtime.Time.GetUtcNow();
            var header = new ExecutionHeader(numbers.Next(), revision.TenantNumber, request.Key, revision, Parent: null);
            runtime.Telemetry?.ExpressRan(request.Key, isSynchronous: true);
            TimeSpan longest = request.LongestRun is { } asked && asked < runtime.Options.ExpressTimeout ? asked : runtime.Options.ExpressTimeout;
            ExpressEnd end = await RunToEndAsync(
                header, new Started(now, identity, request.Input, runtime.Options.ExecutionLimits), longest, cancellation);
            return end.Apply(request.NewRecord(now) with { Input = request.Input.ToString() });
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return DriverErrors.Stopping;
        }
        finally
        {
            Interlocked.Decrement(ref _syncRuns);
        }
    }

    /// <summary>Runs an asynchronous execution again that a process before this one had not ended.</summary>
    public void Recover(ExecutionRow row)
    {
        string? input = runtime.Store.Read(row.Number, ReadInputOf);
        if (input is null)
        {
            runtime.Quarantine(row.Number, row.Key, new InvalidOperationException($"The input of Express execution '{row.Key.Id}' is missing."));
            return;
        }

        // Whatever the limit is: it was acknowledged.
        Interlocked.Increment(ref _asyncRuns);
        (ExecutionHeader header, Started started) = RunOf(row, input, row.Redrives, row.RedrivenAt ?? row.StartedAt);
        Launch(header, started);
    }

    /// <summary>
    /// Runs a child of a map run again that did not succeed, from its start; answers once that is durable, with false when it is not to run: it runs or has
    /// succeeded, or the map run does not run any more.
    /// </summary>
    public async ValueTask<bool> RedriveAsync(ExecutionRow row, ParentLink parent)
    {
        string input = runtime.Store.Read(row.Number, ReadInputOf) ?? throw new InvalidOperationException($"The input of Express execution '{row.Key.Id}' is missing.");
        DateTimeOffset now = runtime.Time.GetUtcNow();
        bool reopened = await runtime.Committer.WriteAsync(context =>
        {
            bool isOpen = context.Prepare(Sql.ReopenPart)
                .Bind(1, row.Number).Bind(2, row.Redrives + 1).Bind(3, StoredTime.ToStored(now)).Bind(4, parent.Task.Ordinal).ExecuteChanges() > 0;
            if (isOpen)
            {
                context.Prepare(PutResult).Bind(1, row.Number).BindNull(2).BindNull(3).BindNull(4).Execute();
                context.Prepare(Sql.ForgetOutcome).Bind(1, row.Number).Execute();
            }

            return isOpen;
        });
        if (reopened)
        {
            // As with a start, it waits for a place where there is none.
            _waiting.Enqueue(RunOf(row with { Parent = parent }, input, row.Redrives + 1, now));
            LaunchWaiting();
        }

        return reopened;
    }

    private (ExecutionHeader Header, Started Started) RunOf(ExecutionRow row, string input, int redrives, DateTimeOffset time)
    {
        MachineRevision revision = runtime.Machines.Get(row.RevisionNumber);
        var header = new ExecutionHeader(row.Number, row.TenantNumber, row.Key, revision, row.Parent) { Part = row.Part, Runs = redrives };
        ExecutionRecord record = runtime.Reader.Find(row.Number)
            ?? throw new InvalidOperationException($"Execution {row.Number} is not in the store.");
        var identity = new ExecutionIdentity(
            record.Arn,
            record.Name,
            record.StateMachineArn,
            record.StateMachineName,
            revision.Record.RoleArn,
            (ulong)time.UtcTicks,
            Incarnation: 1,
            runtime.Tokens.CurrentKeyId,
            Interpreter.CurrentRevision)
        {
            StateMachineVersionArn = record.StateMachineVersionArn,
            StateMachineAliasArn = record.StateMachineAliasArn,
        };
        return (header, new Started(time, identity, JsonValue.Parse(input), runtime.Options.ExecutionLimits));
    }

    private static string? ReadInputOf(SqliteConnection connection, long number)
    {
        using SqliteStatement rows = connection.Prepare(ReadInput).Bind(1, number);
        return rows.Step() ? rows.Text(0) : null;
    }

    private Task<bool> InsertAsync(ExecutionHeader header, StartRequest request, DateTimeOffset now) => runtime.Committer.WriteAsync(context =>
    {
        bool isNew = context.Prepare(Sql.InsertExecution)
            .Bind(1, header.Number).Bind(2, header.TenantNumber).Bind(3, request.Key.Id).Bind(4, header.Revision.MachineNumber)
            .Bind(5, header.Revision.RevisionNumber).Bind(6, (long)WorkflowType.Express).Bind(7, (long)ExecutionStatus.Running)
            .Bind(8, StoredTime.ToStored(now)).BindNull(9).Bind(10, 0L)
            .Bind(11, header.Parent?.Execution).Bind(12, header.Parent?.Task.Ordinal).Bind(13, header.Parent is null ? null : header.Parent.Waits ? 1L : 0L)
            .Bind(14, (long)header.Part.Kind).Bind(15, header.Part.MapState)
            .Bind(16, request.Version).Bind(17, request.Alias)
            .ExecuteChanges() > 0;
        if (isNew)
        {
            context.Prepare(InsertBodies).Bind(1, header.Number).Bind(2, request.Input.ToString()).Execute();
        }

        return isNew;
    });

    /// <summary>Runs in the place that the caller has taken, and gives it back.</summary>
    private void Launch(ExecutionHeader header, Started started)
    {
        runtime.Telemetry?.ExpressRan(header.Key, isSynchronous: false);
        _ = Task.Run(() => RunInBackgroundAsync(header, started));
    }

    private async Task RunInBackgroundAsync(ExecutionHeader header, Started started)
    {
        try
        {
            ExpressEnd end = await RunToEndAsync(header, started, runtime.Options.ExpressTimeout, CancellationToken.None);

            // Before the end can be read: whoever has seen it may count on the place being free. A failed write ends the process.
            if (header.IsCounted)
            {
                runtime.OpenCounts.Closed(header.TenantNumber);
            }

            await runtime.Committer.WriteAsync(context =>
            {
                context.Prepare(PutResult)
                    .Bind(1, header.Number).Bind(2, end.Output?.ToString()).Bind(3, end.Error).Bind(4, end.Cause).Execute();
                if (header.Parent is { Waits: true })
                {
                    context.Prepare(Sql.InsertChildOutcome).Bind(1, header.Number).Execute();
                }

                return context.Prepare(Sql.EndExecution)
                    .Bind(1, header.Number).Bind(2, (long)end.Status).Bind(3, StoredTime.ToStored(end.StoppedAt)).Bind(4, end.Transitions)
                    .ExecuteChanges();
            });
            if (header.Parent is { Waits: true })
            {
                runtime.Children.Ended(header.Number);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException && _stopping.IsCancellationRequested)
        {
            // The next process runs it again from its start.
        }
        catch (Exception defect)
        {
            runtime.Quarantine(header.Number, header.Key, defect);
        }
        finally
        {
            GivePlaceBack();
        }
    }

    private bool TryTakePlace()
    {
        // Never beyond the limit, not for a moment: what somebody else does not get because of it would wait for ever.
        int taken = Volatile.Read(ref _asyncRuns);
        while (taken < runtime.Options.MaxAsyncExpressExecutions)
        {
            int seen = Interlocked.CompareExchange(ref _asyncRuns, taken + 1, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }

    private void GivePlaceBack()
    {
        Interlocked.Decrement(ref _asyncRuns);
        LaunchWaiting();
    }

    /// <summary>Runs what waits, as far as there is room. Whoever gives a place back looks here after it, and whoever queues looks here too: so none is overlooked.</summary>
    private void LaunchWaiting()
    {
        while (!_waiting.IsEmpty && !_stopping.IsCancellationRequested && TryTakePlace())
        {
            if (_waiting.TryDequeue(out (ExecutionHeader Header, Started Started) next))
            {
                Launch(next.Header, next.Started);
            }
            else
            {
                Interlocked.Decrement(ref _asyncRuns);
            }
        }
    }

    private Task<ExpressEnd> RunToEndAsync(ExecutionHeader header, Started started, TimeSpan longest, CancellationToken cancellation) =>
        runtime.Express.RunAsync(header.Machine, header.Revision.Record.Logging, header, started, longest, cancellation, _stopping.Token);
}
