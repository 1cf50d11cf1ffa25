using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.TestKit.Azure;

/// <summary>
/// Targets that keep to their idempotency keys: a call that is made again has no other effect, and the answer of the first. So a test that counts effects counts
/// each once, however often the platform had to ask.
/// </summary>
internal sealed class RepeatedCalls(ITaskTargets targets, Action waits) : ITaskTargets
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<TaskOutcome>> _calls = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Repetitions that wait for a call which is still under way.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public ITaskTarget? Find(TaskResource resource) => targets.Find(resource) is { } target ? new Once(this, target) : null;

    private async ValueTask<TaskOutcome> InvokeAsync(ITaskTarget target, TaskInvocation invocation, CancellationToken cancellation)
    {
        var first = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TaskOutcome>? before;
        lock (_gate)
        {
            if (!_calls.TryGetValue(invocation.IdempotencyKey, out before))
            {
                _calls[invocation.IdempotencyKey] = first.Task;
            }
        }

        return before is null ? await BeginAsync(target, invocation, first, cancellation) : await WaitAsync(before, cancellation);
    }

    private async Task<TaskOutcome> BeginAsync(
        ITaskTarget target, TaskInvocation invocation, TaskCompletionSource<TaskOutcome> first, CancellationToken cancellation)
    {
        try
        {
            TaskOutcome outcome = await target.InvokeAsync(invocation, cancellation);
            first.SetResult(outcome);
            return outcome;
        }
        catch (Exception thrown)
        {
            // It has no answer yet, so whoever asks again makes it again.
            lock (_gate)
            {
                _calls.Remove(invocation.IdempotencyKey);
            }

            first.SetException(thrown);
            throw;
        }
    }

    private async Task<TaskOutcome> WaitAsync(Task<TaskOutcome> before, CancellationToken cancellation)
    {
        if (before.IsCompleted)
        {
            return await before;
        }

        Interlocked.Increment(ref _waiting);
        waits();
        try
        {
            return await before.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Once(RepeatedCalls calls, ITaskTarget target) : ITaskTarget
    {
        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
            calls.InvokeAsync(target, invocation, cancellation);
    }
}
