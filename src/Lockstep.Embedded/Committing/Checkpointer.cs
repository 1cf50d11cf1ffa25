using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Committing;

/// <summary>
/// Copies the write-ahead log into the database on a thread and a connection of its own, beside the commits; commits pause only for the
/// few pages that they added meanwhile, after which SQLite starts the log from its beginning.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private readonly DataFolder _folder;
    private readonly StorageOptions _options;
    private readonly Lock _commitGate;
    private readonly Action<StorageException> _fail;
    private readonly AutoResetEvent _due = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _closing;
    private long _bytes;

    public Checkpointer(DataFolder folder, StorageOptions options, Lock commitGate, Action<StorageException> fail)
    {
        _folder = folder;
        _options = options;
        _commitGate = commitGate;
        _fail = fail;
        _thread = new Thread(Run) { IsBackground = true, Name = "lockstep checkpointer" };
        _thread.Start();
    }

    /// <summary>The log has grown; called on the committer's thread.</summary>
    public void LogGrew(long bytes)
    {
        _bytes += bytes;
        if (_bytes >= _options.CheckpointBytes)
        {
            _bytes = 0;
            _due.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing = true;
        _due.Set();
        _thread.Join();
        _due.Dispose();
    }

    private void Run()
    {
        try
        {
            using SqliteConnection connection = _folder.OpenCheckpointer();
            while (_due.WaitOne() && !_closing)
            {
                (int logPages, int copiedPages) = connection.CheckpointPassive();
                if (copiedPages < logPages)
                {
                    lock (_commitGate)
                    {
                        connection.CheckpointPassive();
                    }
                }
            }
        }
        catch (StorageException failure)
        {
            _fail(failure);
        }
    }
}
