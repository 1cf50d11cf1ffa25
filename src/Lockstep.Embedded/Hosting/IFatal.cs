namespace Lockstep.Embedded.Hosting;

/// <summary>
/// Ends the process when a flush has failed: what is in memory and what is on disk may differ from then on, and only a restart,
/// which reads the disk, makes them equal again. Nothing is acknowledged after a call.
/// </summary>
public interface IFatal
{
    /// <summary>Says why, once, and ends the process with the failure's number as exit code. May return while the process goes down.</summary>
    void End(StorageFailure failure, string message);
}

/// <summary>The real thing: one line on standard error, then the exit.</summary>
public sealed class ProcessFatal : IFatal
{
    private int _ending;

    /// <inheritdoc/>
    public void End(StorageFailure failure, string message)
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
        {
            return;
        }

        Console.Error.WriteLine($"lockstep: {message} (exit code {(int)failure}, {failure})");

        // Exit runs handlers that may wait for the calling thread, so it gets a thread of its own.
        new Thread(() => Environment.Exit((int)failure)) { IsBackground = true, Name = "lockstep exit" }.Start();
    }
}
