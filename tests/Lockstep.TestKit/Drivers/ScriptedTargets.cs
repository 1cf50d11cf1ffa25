using System.Collections.Concurrent;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.TestKit.Drivers;

/// <summary>A target for every resource that answers as the test says and remembers every call, with its idempotency key.</summary>
public sealed class ScriptedTargets : ITaskTargets, ITaskTarget
{
    private int _held;
    private int _life;

    /// <summary>Every call so far, in the order of arrival.</summary>
    public ConcurrentQueue<TaskInvocation> Calls { get; } = new();

    /// <summary>What calls are answered. Unless set, a call is answered with its parameters.</summary>
    public Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> Answer { get; set; } =
        static (invocation, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(invocation.Parameters));

    /// <summary>Calls of the living process that a gate holds now.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Called after each call that a gate begins to hold.</summary>
    public Action? Holding { get; set; }

    /// <summary>A gate, closed, behind which answers can wait.</summary>
    public CallGate NewGate() => new(this);

    /// <summary>The process that made the calls under way is gone: none of them counts as held any more, and none will ever be answered.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _life);
        Volatile.Write(ref _held, 0);
    }

    /// <inheritdoc/>
    public ITaskTarget? Find(TaskResource resource) => this;

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        Calls.Enqueue(invocation);
        return await Answer(invocation, cancellation);
    }

    internal async Task HoldAsync(Task opened, CancellationToken cancellation)
    {
        int life = Volatile.Read(ref _life);
        Interlocked.Increment(ref _held);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = opened.ContinueWith(_ => LetGo(go, life), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using CancellationTokenRegistration given = cancellation.Register(() => LetGo(go, life));
        Holding?.Invoke();
        await go.Task;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The call stops counting as held before it goes on, so that nobody takes the host for idle in between.</summary>
    private void LetGo(TaskCompletionSource go, int life)
    {
        lock (go)
        {
            if (go.Task.IsCompleted || life != Volatile.Read(ref _life))
            {
                return;
            }

            Interlocked.Decrement(ref _held);
            go.SetResult();
        }
    }
}

/// <summary>Holds calls until the test opens it. Opened it stays open.</summary>
public sealed class CallGate
{
    private readonly ScriptedTargets _targets;
    private readonly TaskCompletionSource _opened = new();

    internal CallGate(ScriptedTargets targets) => _targets = targets;

    /// <summary>Waits, as one call, until the gate is open; throws when the call is given up.</summary>
    public Task PassAsync(CancellationToken cancellation) =>
        _opened.Task.IsCompleted ? Task.CompletedTask : _targets.HoldAsync(_opened.Task, cancellation);

    /// <summary>Lets all calls go on.</summary>
    public void Open() => _opened.TrySetResult();
}
