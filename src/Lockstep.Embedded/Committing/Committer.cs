using System.Diagnostics;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Telemetry;

namespace Lockstep.Embedded.Committing;

/// <summary>
/// The only writer: one thread that puts everything that waits into one transaction and flushes it. What arrives during a flush is the
/// next batch, so the batches grow with the load. Nothing is acknowledged before its flush, and a failed flush ends the process.
/// </summary>
internal sealed class Committer : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly WriteContext _context;
    private readonly StorageOptions _options;
    private readonly IFatal _fatal;
    private readonly IFailpoints _failpoints;
    private readonly ICommitTrace? _trace;
    private readonly ServiceTelemetry? _telemetry;
    private readonly Checkpointer _checkpointer;
    private readonly string _databasePath;
    private readonly Thread _thread;
    private readonly Lock _commitGate = new();
    private readonly object _queueGate = new();
    private readonly ManualResetEventSlim _never = new(initialState: false);
    private List<WriteOperation> _waiting = [];
    private bool _closing;
    private volatile bool _failed;
    private long _commit;

    public Committer(
        DataFolder folder,
        SqliteConnection writer,
        StorageOptions options,
        IFatal fatal,
        IFailpoints failpoints,
        ICommitTrace? trace,
        ServiceTelemetry? telemetry = null)
    {
        _connection = writer;
        _context = new WriteContext(writer);
        _options = options;
        _fatal = fatal;
        _failpoints = failpoints;
        _trace = trace;
        _telemetry = telemetry;
        _databasePath = folder.DatabasePath;
        _checkpointer = new Checkpointer(folder, options, _commitGate, Fail);
        _thread = new Thread(Run) { IsBackground = true, Name = "lockstep committer" };
        _thread.Start();
    }

    /// <summary>Number of the batch that was flushed last.</summary>
    public long LastCommit => Volatile.Read(ref _commit);

    /// <summary>Whether so much waits that new requests should be refused.</summary>
    public bool IsOverloaded => Volatile.Read(ref _waiting).Count >= _options.MaxWaitingWrites;

    /// <summary>
    /// Hands an operation over; false when the committer is closing, and nothing is written any more. After a failed flush the operation waits
    /// for ever, as the process is ending.
    /// </summary>
    public bool TryEnqueue(WriteOperation operation)
    {
        lock (_queueGate)
        {
            if (_closing)
            {
                return false;
            }

            _waiting.Add(operation);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_queueGate);
            }

            return true;
        }
    }

    /// <summary>Runs a write in the next batch and answers once it is durable.</summary>
    public Task<T> WriteAsync<T>(Func<WriteContext, T> write)
    {
        var operation = new StoreWrite<T>(write);
        ObjectDisposedException.ThrowIf(!TryEnqueue(operation), this);
        return operation.Completion;
    }

    /// <summary>Writes what waits, and stops.</summary>
    public void Dispose()
    {
        lock (_queueGate)
        {
            _closing = true;
            Monitor.Pulse(_queueGate);
        }

        _thread.Join();
        _checkpointer.Dispose();
        if (!_failed)
        {
            try
            {
                _connection.CheckpointTruncate();
            }
            catch (StorageException failure)
            {
                Fail(failure);
            }
        }

        _connection.Dispose();
        _never.Dispose();
    }

    private void Run()
    {
        List<WriteOperation> taken = [];
        List<WriteOperation> batch = [];
        while (Take(ref taken))
        {
            for (int start = 0; start < taken.Count; start += _options.MaxBatchWrites)
            {
                batch.Clear();
                batch.AddRange(taken.GetRange(start, Math.Min(_options.MaxBatchWrites, taken.Count - start)));
                try
                {
                    Commit(batch);
                }
                catch (StorageException failure)
                {
                    Fail(failure);
                    return;
                }
            }

            taken.Clear();
        }
    }

    private bool Take(ref List<WriteOperation> taken)
    {
        lock (_queueGate)
        {
            while (_waiting.Count == 0)
            {
                if (_closing)
                {
                    return false;
                }

                Monitor.Wait(_queueGate);
            }

            (taken, _waiting) = (_waiting, taken);
            return true;
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        long began = Stopwatch.GetTimestamp();
        List<(WriteOperation Operation, Exception Failure)>? rejected = null;
        lock (_commitGate)
        {
            while (!TryApply(batch, out int failedAt, out Exception? failure))
            {
                // The batch was rolled back: it goes again without the operation that spoiled it.
                (rejected ??= []).Add((batch[failedAt], failure));
                batch.RemoveAt(failedAt);
            }

            _failpoints.Hit(Failpoint.BeforeCommit);
            _connection.Prepare("COMMIT").Execute();
            if (_options.FlushDelay > TimeSpan.Zero)
            {
                _never.Wait(_options.FlushDelay);
            }
        }

        _telemetry?.Committed(batch.Count, Stopwatch.GetElapsedTime(began));
        _failpoints.Hit(Failpoint.AfterCommit);
        long commit = Interlocked.Increment(ref _commit);
        _trace?.Flushed(commit, batch.Count);
        foreach (WriteOperation operation in batch)
        {
            operation.Batch = commit;
            operation.Durable();
        }

        foreach ((WriteOperation operation, Exception failure) in rejected ?? [])
        {
            operation.Rejected(failure);
        }

        _checkpointer.LogGrew(_connection.TakeBytesWritten());
    }

    private bool TryApply(List<WriteOperation> batch, out int failedAt, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? failure)
    {
        _connection.Prepare("BEGIN IMMEDIATE").Execute();
        failedAt = 0;
        failure = null;
        try
        {
            for (; failedAt < batch.Count; failedAt++)
            {
                batch[failedAt].Apply(_context);
            }

            return true;
        }
        catch (StorageException spoilt) when (spoilt.SpoilsDatabase)
        {
            throw;
        }
        catch (Exception refused)
        {
            // Whatever the operation threw is its own; the others must not suffer.
            failure = refused;
            _context.Forget();
            _connection.Prepare("ROLLBACK").Execute();
            return false;
        }
    }

    /// <summary>Ends the process, because the store cannot be relied on any more.</summary>
    public void Fail(StorageException failure)
    {
        _failed = true;
        _fatal.End(failure.Failure, failure.Explain(_databasePath));
    }
}
