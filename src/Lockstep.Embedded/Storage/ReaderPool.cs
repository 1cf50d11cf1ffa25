using System.Collections.Concurrent;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// Connections for reading. A read holds one for microseconds and leaves no transaction open behind it, so that checkpoints
/// always get through; whoever finds none free waits for the next.
/// </summary>
internal sealed class ReaderPool : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _free = [];
    private readonly SemaphoreSlim _permits;
    private readonly Func<SqliteConnection> _open;
    private volatile bool _disposed;

    public ReaderPool(int maxReaders, Func<SqliteConnection> open)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxReaders, 1);
        _permits = new SemaphoreSlim(maxReaders);
        _open = open;
    }

    /// <summary>Runs a read on a connection of the pool, in one read transaction when it makes several queries.</summary>
    public TResult Read<TArgument, TResult>(TArgument argument, Func<SqliteConnection, TArgument, TResult> read)
    {
        _permits.Wait();
        SqliteConnection? connection = null;
        try
        {
            connection = _free.TryTake(out SqliteConnection? free) ? free : _open();
            return read(connection, argument);
        }
        finally
        {
            if (connection is not null)
            {
                Return(connection);
            }

            _permits.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_free.TryTake(out SqliteConnection? connection))
        {
            connection.Dispose();
        }
    }

    private void Return(SqliteConnection connection)
    {
        if (_disposed)
        {
            connection.Dispose();
        }
        else
        {
            _free.Add(connection);
        }
    }
}
