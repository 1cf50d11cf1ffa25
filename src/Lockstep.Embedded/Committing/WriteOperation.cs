namespace Lockstep.Embedded.Committing;

/// <summary>
/// Something to be written as a whole, together with whatever else waits. <see cref="Apply"/> may run again when another operation
/// spoiled the batch, so it changes nothing but the database and its own fields; exactly one of the other two follows.
/// </summary>
internal abstract class WriteOperation
{
    /// <summary>Number of the batch that it was flushed with; set before <see cref="Durable"/>.</summary>
    public long Batch { get; set; }

    /// <summary>Writes, within the transaction of the batch.</summary>
    public abstract void Apply(WriteContext context);

    /// <summary>What was written is on disk. Runs on the committer's thread, so it only hands over.</summary>
    public abstract void Durable();

    /// <summary>It could not be written and the rest of its batch could. Runs on the committer's thread.</summary>
    public abstract void Rejected(Exception failure);
}
