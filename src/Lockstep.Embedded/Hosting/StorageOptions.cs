namespace Lockstep.Embedded.Hosting;

/// <summary>Limits of the store. Configuration section <c>Lockstep:Storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>How long to wait for a lock that another program holds on the database before giving up. Key <c>Lockstep:Storage:BusyTimeoutMs</c>. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Turns and other writes in one transaction at most. Key <c>Lockstep:Storage:MaxBatchWrites</c>. Default 1,000.</summary>
    public int MaxBatchWrites { get; init; } = 1_000;

    /// <summary>
    /// Writes that may wait for the committer before new requests are refused with ThrottlingException; turns of executions that run are
    /// always taken. Key <c>Lockstep:Storage:MaxWaitingWrites</c>. Default 20,000.
    /// </summary>
    public int MaxWaitingWrites { get; init; } = 20_000;

    /// <summary>Connections that read at the same time. Key <c>Lockstep:Storage:MaxReaders</c>. Default 4.</summary>
    public int MaxReaders { get; init; } = 4;

    /// <summary>Page cache of the writing connection, in KiB. Key <c>Lockstep:Storage:WriterCacheKiB</c>. Default 65,536.</summary>
    public int WriterCacheKiB { get; init; } = 65_536;

    /// <summary>Page cache of each reading connection, in KiB. Key <c>Lockstep:Storage:ReaderCacheKiB</c>. Default 8,192.</summary>
    public int ReaderCacheKiB { get; init; } = 8_192;

    /// <summary>Bytes appended to the write-ahead log after which it is copied into the database. Key <c>Lockstep:Storage:CheckpointBytes</c>. Default 64 MiB.</summary>
    public long CheckpointBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Size to which the file of the write-ahead log is cut back when it starts over. Key <c>Lockstep:Storage:LogLimitBytes</c>. Default 256 MiB.</summary>
    public long LogLimitBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Added to every flush, to show how the service does on a slower disk. For benchmarks. Key <c>Lockstep:Storage:FlushDelayMicroseconds</c>. Default none.</summary>
    public TimeSpan FlushDelay { get; init; } = TimeSpan.Zero;
}
