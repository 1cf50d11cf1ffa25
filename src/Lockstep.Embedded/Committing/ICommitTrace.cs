namespace Lockstep.Embedded.Committing;

/// <summary>Sees the order in which batches reach the disk and acknowledgements leave; tests and the crash test's trace read it.</summary>
public interface ICommitTrace
{
    /// <summary>A batch is on disk. Called on the committer's thread, before anybody is told.</summary>
    void Flushed(long commit, int writes);

    /// <summary>The start of an execution, or an outcome delivered to it, is about to be acknowledged.</summary>
    void Acknowledging(long commit, string executionId);
}
