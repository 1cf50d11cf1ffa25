using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure.Durable;

/// <summary>
/// One run of an orchestrator's code from its beginning: the recorded events are fed to it again, what it asks for is compared with what it asked
/// for then, and only after that comes what is new.
/// </summary>
internal sealed class OrchestrationEpisode : IOrchestration
{
    private const int MaxPayload = 512 * 1024;
    private const int MaxCustomStatus = 4 * 1024;

    private readonly OrchestratorThread _thread = new();
    private readonly Dictionary<int, TaskCompletionSource<string>> _open = [];
    private readonly HashSet<int> _cancelled = [];
    private readonly List<DurableAction> _unrecorded = [];
    private readonly Func<IOrchestration, string, Task<string>> _code;
    private readonly bool _strictly;
    private TaskCompletionSource? _wakeWait;
    private Task<string>? _run;
    private int _unreadWakes;
    private int _lastAction;

    public OrchestrationEpisode(string instanceId, Func<IOrchestration, string, Task<string>> code, bool strictly)
    {
        InstanceId = instanceId;
        _code = code;
        _strictly = strictly;
    }

    /// <inheritdoc/>
    public string InstanceId { get; }

    /// <inheritdoc/>
    public DateTimeOffset Now { get; private set; }

    /// <inheritdoc/>
    public bool IsReplaying { get; private set; } = true;

    /// <summary>The input to continue with; null unless the code asked for it.</summary>
    public string? ContinuedWith { get; private set; }

    /// <summary>What the code showed last.</summary>
    public string? Shown { get; private set; }

    /// <summary>Wakes that nobody has waited for.</summary>
    public int UnreadWakes => _unreadWakes;

    /// <summary>Whether the code has come to its end, in whatever way.</summary>
    public bool HasReturned => _run is { IsCompleted: true };

    /// <summary>Whether something that was asked for holds the end back.</summary>
    public bool IsHeldBack => _open.Keys.Any(action => !_cancelled.Contains(action));

    /// <summary>The code's answer, once it has returned; throws what it threw.</summary>
    public string Answer => (_run ?? throw new InvalidOperationException("The episode has not begun.")).GetAwaiter().GetResult();

    /// <summary>Timers that were taken back.</summary>
    public IReadOnlySet<int> CancelledTimers => _cancelled;

    /// <summary>Feeds an entry of the recorded history to the code; false for one that is no event.</summary>
    public bool Replay(DurableEntry entry)
    {
        switch (entry)
        {
            case EpisodeBegan began:
                Now = began.Time;
                return false;
            case ActionsTaken taken:
                Compare(taken.Actions);
                return false;
            case DurableEvent happened:
                Deliver(happened);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Everything recorded has been fed; what comes now is new.</summary>
    public void Begin(DateTimeOffset now)
    {
        Now = now;
        IsReplaying = false;
    }

    /// <summary>What the code has asked for since <see cref="Begin"/>.</summary>
    public IReadOnlyList<DurableAction> TakeActions()
    {
        DurableAction[] taken = [.. _unrecorded];
        _unrecorded.Clear();
        return taken;
    }

    /// <summary>Feeds an event to the code.</summary>
    public void Deliver(DurableEvent happened)
    {
        _thread.Run(() =>
        {
            switch (happened)
            {
                case InstanceStarted started:
                    _run = _code(this, started.Input);
                    break;
                case ActionAnswered answered when _open.Remove(answered.Action, out TaskCompletionSource<string>? waiting):
                    waiting.SetResult(answered.Answer);
                    break;
                case ActionFailed failed when _open.Remove(failed.Action, out TaskCompletionSource<string>? waiting):
                    waiting.SetException(new ActivityFailedException(failed.Message));
                    break;
                case TimerElapsed elapsed when _open.Remove(elapsed.Action, out TaskCompletionSource<string>? waiting):
                    waiting.SetResult("");
                    break;
                case WakeArrived when _wakeWait is { } wait:
                    _wakeWait = null;
                    wait.SetResult();
                    break;
                case WakeArrived:
                    _unreadWakes++;
                    break;
                default:
                    throw new OrchestrationRuleException($"{InstanceId}: {happened} is recorded, and the replay has not asked for it.");
            }
        });
        Check();
    }

    /// <inheritdoc/>
    public Task<string> CallActivityAsync(string name, string input)
    {
        RequireSize($"The input of activity {name}", input, MaxPayload);
        return Ask(new ActivityAction(++_lastAction, name, input)).Task;
    }

    /// <inheritdoc/>
    public Task<string> CallOrchestrationAsync(string name, string instanceId, string input)
    {
        RequireSize($"The input of orchestration {name}", input, MaxPayload);
        if (instanceId.Length > 100 || instanceId.Any(letter => letter is < ' ' or > '~'))
        {
            throw new OrchestrationRuleException($"The instance id '{instanceId}' has over 100 characters, or some that are not printable ASCII.");
        }

        return Ask(new ChildAction(++_lastAction, name, instanceId, input)).Task;
    }

    /// <inheritdoc/>
    public IOrchestrationTimer StartTimer(DateTimeOffset due)
    {
        var action = new TimerAction(++_lastAction, due);
        return new Timer(this, action.Id, Ask(action).Task);
    }

    /// <inheritdoc/>
    public Task WaitForWakeAsync()
    {
        RequireThread();
        if (_wakeWait is not null)
        {
            throw new OrchestrationRuleException($"{InstanceId} waits for Wake twice: the runtime would serve the later wait first.");
        }

        if (_unreadWakes > 0)
        {
            _unreadWakes--;
            return Task.CompletedTask;
        }

        _wakeWait = new TaskCompletionSource();
        return _wakeWait.Task;
    }

    /// <inheritdoc/>
    public void ContinueAsNew(string input)
    {
        RequireThread();
        RequireSize("The input to continue with", input, MaxPayload);
        ContinuedWith = input;
    }

    /// <inheritdoc/>
    public void Show(string customStatus)
    {
        RequireThread();
        RequireSize("The custom status", customStatus, MaxCustomStatus);
        Shown = customStatus;
    }

    private static void RequireSize(string what, string text, int most)
    {
        int size = System.Text.Encoding.UTF8.GetByteCount(text);
        if (size > most)
        {
            throw new OrchestrationRuleException($"{what} has {size} bytes; {most} are allowed.");
        }
    }

    private TaskCompletionSource<string> Ask(DurableAction action)
    {
        RequireThread();
        var waiting = new TaskCompletionSource<string>();
        _open.Add(action.Id, waiting);
        _unrecorded.Add(action);
        return waiting;
    }

    private void RequireThread()
    {
        if (!_thread.IsCurrent)
        {
            _thread.Report("The orchestrator used its context from another thread: it has awaited something that the context did not make.");
            throw new OrchestrationRuleException(_thread.Violation ?? "");
        }
    }

    private void Compare(IReadOnlyList<DurableAction> recorded)
    {
        for (int i = 0; i < Math.Max(recorded.Count, _unrecorded.Count); i++)
        {
            DurableAction? before = i < recorded.Count ? recorded[i] : null;
            DurableAction? now = i < _unrecorded.Count ? _unrecorded[i] : null;
            if (before is null || now is null || !before.IsSame(now, _strictly))
            {
                throw new OrchestrationRuleException(
                    $"{InstanceId} is not deterministic: it asked for {Shorten(before)}, and its replay asks for {Shorten(now)}.");
            }
        }

        _unrecorded.Clear();
    }

    private void Check()
    {
        if (_thread.Violation is { } violation)
        {
            throw new OrchestrationRuleException($"{InstanceId}: {violation}");
        }

        if (_run is { IsCompleted: false } && _wakeWait is null && !IsHeldBack)
        {
            throw new OrchestrationRuleException($"{InstanceId} hangs: it awaits something that its context did not make.");
        }
    }

    private static string Shorten(DurableAction? action)
    {
        string text = action?.ToString() ?? "nothing";
        return text.Length <= 600 ? text : string.Concat(text.AsSpan(0, 600), "...");
    }

    private sealed class Timer(OrchestrationEpisode episode, int action, Task fired) : IOrchestrationTimer
    {
        public Task Fired => fired;

        public void Cancel()
        {
            episode.RequireThread();
            if (episode._open.ContainsKey(action))
            {
                episode._cancelled.Add(action);
            }
        }
    }
}
