using System.Collections.Concurrent;

namespace Lockstep.TestKit.Azure.Durable;

/// <summary>
/// Where the code of one episode runs: one thread, continuations in the order in which they became due. Code that comes back from elsewhere (a pool
/// thread, a timer of the machine) has awaited something that the context did not make.
/// </summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _continuations = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _violation;

    /// <summary>The rule that was broken; null when none was.</summary>
    public string? Violation => _violation;

    /// <summary>Notes a broken rule; the first one counts.</summary>
    public void Report(string violation) => _violation ??= violation;

    /// <summary>Whether the calling code may use the context.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread && Current == this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Report("The orchestrator awaited something that its context did not make, and came back on another thread.");
            return;
        }

        _continuations.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    /// <summary>Runs code and all continuations that it makes due.</summary>
    public void Run(Action code)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            code();
            while (_continuations.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
