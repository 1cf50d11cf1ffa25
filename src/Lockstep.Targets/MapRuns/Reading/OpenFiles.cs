using Lockstep.Service.Objects;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>A place within a file.</summary>
/// <param name="Place">The file.</param>
/// <param name="Version">Its version.</param>
/// <param name="Position">Bytes of the decompressed text before it.</param>
internal readonly record struct OpenFileKey(ObjectPlace Place, string Version, long Position);

/// <summary>A compressed file that is open at a place.</summary>
internal sealed class OpenFile(Stream text, string version, int maxBytes) : IDisposable
{
    private const int SkippedAtOnce = 64 * 1024;

    /// <summary>Its version.</summary>
    public string Version => version;

    /// <summary>The text from the place on.</summary>
    public SourceBuffer Source { get; private set; } = new(text, 0, maxBytes);

    /// <summary>Goes to a place from the start.</summary>
    public async ValueTask SkipAsync(long offset, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Math.Min(offset, SkippedAtOnce)];
        for (long left = offset; left > 0;)
        {
            int read = await text.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellation);
            left = read > 0 ? left - read : throw new InvalidDataException("The text is shorter than what was read of it before.");
        }

        Source = new SourceBuffer(text, offset, maxBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => text.Dispose();
}

/// <summary>
/// Keeps compressed files open between the reads of map runs, so that a whole map run decompresses each once. One that is not asked for in time, or for
/// which there is no room, is closed: the next read of it begins at its start.
/// </summary>
/// <param name="most">Files at most; the one that was kept first goes first.</param>
/// <param name="idle">How long a file waits for its next read.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenFiles(int most, TimeSpan idle, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(OpenFileKey Key, OpenFile File, ITimer Timer)> _kept = [];

    /// <summary>Files that are open now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>Takes the file that is open at a place, for the caller alone; null when none is.</summary>
    public OpenFile? Take(OpenFileKey key)
    {
        lock (_lock)
        {
            int found = _kept.FindIndex(kept => kept.Key == key);
            return found < 0 ? null : TakeAt(found);
        }
    }

    /// <summary>Keeps a file for its next read, or closes it.</summary>
    public void Keep(OpenFileKey key, OpenFile file)
    {
        OpenFile? closed = file;
        lock (_lock)
        {
            if (most > 0)
            {
                closed = _kept.Count >= most ? TakeAt(0) : null;
                _kept.Add((key, file, time.CreateTimer(Expire, file, idle, Timeout.InfiniteTimeSpan)));
            }
        }

        closed?.Dispose();
    }

    private OpenFile TakeAt(int index)
    {
        (_, OpenFile file, ITimer timer) = _kept[index];
        _kept.RemoveAt(index);
        timer.Dispose();
        return file;
    }

    private void Expire(object? file)
    {
        OpenFile? closed;
        lock (_lock)
        {
            // Another read may have taken it at the same moment.
            int found = _kept.FindIndex(kept => ReferenceEquals(kept.File, file));
            closed = found < 0 ? null : TakeAt(found);
        }

        closed?.Dispose();
    }
}
