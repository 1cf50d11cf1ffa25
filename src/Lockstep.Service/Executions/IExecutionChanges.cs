namespace Lockstep.Service.Executions;

/// <summary>Tells those who follow an execution that its durable history has grown, so that nobody polls.</summary>
public interface IExecutionChanges
{
    /// <summary>Begins to follow an execution, which need not exist yet. A reader follows first, reads, and then waits: so nothing committed in between is missed.</summary>
    IExecutionFollower Follow(ExecutionKey key);
}

/// <summary>One follower of one execution; disposing it ends the following.</summary>
public interface IExecutionFollower : IDisposable
{
    /// <summary>
    /// Completes with true as soon as an event after <paramref name="afterEventId"/> has been committed since the following began,
    /// with false when <paramref name="wait"/> passed first. The end of an execution is an event as well.
    /// </summary>
    ValueTask<bool> WaitAsync(long afterEventId, TimeSpan wait, CancellationToken cancellation);
}
