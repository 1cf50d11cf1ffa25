using Lockstep.Embedded.Committing;

namespace Lockstep.Embedded.Tests.Support;

/// <summary>Stops the committer at the n-th boundary after it was armed, as death would, until it is released.</summary>
internal sealed class DeadEnd(Failpoint boundary, int death) : IFailpoints
{
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _armed;
    private int _hits;

    public Task Dead => _dead.Task;

    public void Arm() => _armed = true;

    public void Release() => _released.TrySetResult();

    public void Hit(Failpoint failpoint)
    {
        if (_armed && failpoint == boundary && Interlocked.Increment(ref _hits) == death)
        {
            _dead.SetResult();
            _released.Task.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
    }
}
