namespace Lockstep.TestKit.Azure;

/// <summary>
/// The services of the cloud in memory, with one count of calls and one source of faults: tables, blobs, secrets and messages that keep to the rules of the
/// real ones as far as they are documented.
/// </summary>
public sealed class MemoryAzure
{
    /// <summary>Empty.</summary>
    /// <param name="faults">What goes wrong; null for nothing.</param>
    /// <param name="time">The clock that delays of messages run by; null for one that stands still.</param>
    public MemoryAzure(Faults? faults = null, TimeProvider? time = null)
    {
        Line = new FaultyLine { Faults = faults ?? Faults.None };
        Tables = new MemoryTables(Line);
        Blobs = new MemoryBlobs(Line);
        Secrets = new MemorySecrets(Line);
        Messages = new MemoryMessages(Line, time ?? new ManualTime());
    }

    /// <summary>The tables.</summary>
    public MemoryTables Tables { get; }

    /// <summary>The blobs.</summary>
    public MemoryBlobs Blobs { get; }

    /// <summary>The vault.</summary>
    public MemorySecrets Secrets { get; }

    /// <summary>The queues and topics.</summary>
    public MemoryMessages Messages { get; }

    /// <summary>How often what was called.</summary>
    public StorageCounts Counts => Line.Counts;

    /// <summary>What goes wrong from now on.</summary>
    public Faults Faults
    {
        get => Line.Faults;
        set => Line.Faults = value;
    }

    /// <summary>Runs before every call; lets a test slip something in between two calls of the code under test. Not called for calls that it makes itself.</summary>
    public Func<StorageOperation, Task>? Before
    {
        get => Line.Before;
        set => Line.Before = value;
    }

    internal FaultyLine Line { get; }
}
