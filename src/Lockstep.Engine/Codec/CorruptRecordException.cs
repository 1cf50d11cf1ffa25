namespace Lockstep.Engine.Codec;

/// <summary>
/// Stored bytes are not what the codec wrote: the disk, a tool or a newer version changed them. The execution they belong to must not
/// run on; nothing is guessed.
/// </summary>
public sealed class CorruptRecordException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public CorruptRecordException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what was thrown when it was found.</summary>
    public CorruptRecordException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A corrupt record, with nothing known about it.</summary>
    public CorruptRecordException()
        : base("The record is corrupt.")
    {
    }
}
