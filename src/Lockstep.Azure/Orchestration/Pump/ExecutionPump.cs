using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>
/// One epoch of an execution: takes in what has happened, decides, makes durable what was decided, and only then lets it take effect. Everything it does
/// follows from the input and from the answers in the orchestration's history, in their order.
/// </summary>
internal sealed class ExecutionPump
{
    private const int MaxShown = 1_000;

    private readonly IOrchestration _orchestration;
    private readonly PumpSetup _setup;
    private readonly DurableCalls _calls;
    private readonly LargeBodies _bodies;
    private readonly TurnLog _log;
    private readonly Durability _durability;
    private readonly RowTasks _rows = new();
    private readonly OpenTimers _timers;
    private readonly Deciding _deciding;
    private readonly AwaitedCalls _awaited;
    private readonly Arrivals _arrivals;
    private readonly Queue<Ready> _ready = new();
    private readonly List<Task<IReadOnlyList<CallOutcome>>> _underWay = [];
    private readonly SortedDictionary<long, string> _shown = [];
    private bool _isRolling;

    public ExecutionPump(IOrchestration orchestration, PumpSetup setup, DurableCalls calls, TurnLog log, ExecutionState state)
    {
        _orchestration = orchestration;
        _setup = setup;
        _calls = calls;
        _log = log;
        _bodies = new LargeBodies(calls);
        _durability = new Durability(calls, _bodies, log, orchestration.InstanceId, setup);
        _timers = new OpenTimers(orchestration, calls);
        _deciding = new Deciding(orchestration, setup, log, _rows, _timers, state);
        _awaited = new AwaitedCalls(orchestration, calls, _bodies, log, _durability.Confirm, setup);
        _arrivals = new Arrivals(orchestration, calls, _bodies, log);
    }

    /// <summary>Runs from the first stimulus.</summary>
    public Task<string> StartAsync(Started started)
    {
        _ready.Enqueue(new ReadyStimulus(started));
        return RunAsync();
    }

    /// <summary>Goes on from where the epoch before has stopped: timers by the time at which they are due, calls that it has held back.</summary>
    public async Task<string> ResumeAsync(CarriedOver carried, InboxAnswer first)
    {
        HashSet<long> uncalled = [.. carried.Rows.Where(row => row.NeedsCall).Select(row => row.Task)];
        foreach (CarriedRow row in carried.Rows)
        {
            var task = new CommandId(row.Task);
            _rows.Add(task);
            if (row.IsSettled)
            {
                _rows.Settle(task);
            }

            if (row.HeartbeatDue is { } due)
            {
                _timers.Watch(task, due);
            }
        }

        foreach (CommandId child in _deciding.State.SubmittedChildren().Where(child => !_rows.Contains(child)))
        {
            _rows.Add(child);
        }

        foreach (StartTimer timer in _deciding.State.OutstandingCommands().OfType<StartTimer>())
        {
            _timers.Start(timer.Id, timer.Due);
        }

        _deciding.Resume(_deciding.State.OutstandingCommands().OfType<InvokeTask>().Where(call => !_rows.Contains(call.Id) || uncalled.Contains(call.Id.Ordinal)));
        await _arrivals.BeginAsync(first, _ready);
        return await RunAsync();
    }

    private async Task<string> RunAsync()
    {
        while (true)
        {
            while (_ready.TryDequeue(out Ready? next) && _deciding.Finished is null)
            {
                _deciding.Take(next);
            }

            if (_deciding.Finished is { } finished)
            {
                return await EndAsync(finished);
            }

            if (!await CarryOutAsync())
            {
                return await StopAsync();
            }

            await CollectAsync();
            if (_ready.Count == 0 && _durability.Stop == PumpStop.None && _isRolling && _underWay.Count == 0 && !_arrivals.IsBusy)
            {
                return await RollOverAsync();
            }

            if (_ready.Count == 0 && _durability.Stop == PumpStop.None)
            {
                await Task.WhenAny([.. _underWay, .. _timers.Tasks, .. _arrivals.Tasks]);
                await CollectAsync();
            }

            if (_durability.Stop != PumpStop.None)
            {
                return await StopAsync();
            }
        }
    }

    /// <summary>Makes durable what was decided, and starts what it commands. False when the orchestration has to stop.</summary>
    private async Task<bool> CarryOutAsync()
    {
        _isRolling |= _deciding.Steps > 0
            && (_calls.Actions >= _setup.Settings.RolloverActions || _deciding.Steps >= _setup.Settings.RolloverSteps);
        bool isPressing = _deciding.IsPressing || _deciding.Continues || _awaited.UnderWay == 0;

        // What the next epoch finds outstanding in the state, it starts.
        IReadOnlyList<InvokeTask> calls = _isRolling ? Discard(_deciding.TakeCalls()) : _deciding.TakeCalls();
        List<(InvokeTask Command, ReadOnlyMemory<byte> Invocation)> awaited = [];
        bool opens = false;
        foreach (InvokeTask call in calls)
        {
            opens |= await RouteAsync(call, awaited);
        }

        bool travels = awaited.Count == 1 && !opens && !_deciding.Continues && _log.FitsWith(Math.Min(awaited[0].Invocation.Length, MessageSizes.Inline));
        if (_log.HasUnconfirmed && !travels && (isPressing || calls.Count > 0) && !await _durability.AppendAllAsync(null))
        {
            return false;
        }

        _deciding.StartTimers(_isRolling);
        Call(awaited, travels);
        if (_deciding.Continues && !_isRolling)
        {
            await CollectAsync();
            _deciding.Continues = false;
            _ready.Enqueue(new ReadyStimulus(new Continued(_orchestration.Now)));
        }

        return true;
    }

    private static InvokeTask[] Discard(IReadOnlyList<InvokeTask> _) => [];

    /// <summary>Notes how a task is to be carried out; true when it gets a row.</summary>
    private async Task<bool> RouteAsync(InvokeTask call, List<(InvokeTask Command, ReadOnlyMemory<byte> Invocation)> awaited)
    {
        TaskRoute route = TaskRoutes.Of(call, _setup.Settings);
        ReadOnlyMemory<byte> invocation = AwaitedCalls.Encode(call);
        _shown[call.Id.Ordinal] = call.StateName;
        if (route.IsCalled)
        {
            awaited.Add((call, invocation));
        }

        if (route.Row is not { } kind || _rows.Contains(call.Id))
        {
            return false;
        }

        Body? body = kind is not OpenTaskKind.Callback ? await _bodies.PutAsync(invocation, MessageSizes.Inline) : null;
        string? activity = kind == OpenTaskKind.Activity ? call.Resource.ActionName : null;
        _rows.Add(call.Id);
        _log.Add(new RowChange
        {
            Open = new OpenMessage(call.Id.Ordinal, kind, _deciding.State.Time, call.HeartbeatSeconds, activity, body),
        });
        return true;
    }

    private void Call(List<(InvokeTask Command, ReadOnlyMemory<byte> Invocation)> awaited, bool withTurns)
    {
        if (awaited.Count > 1 && awaited.Count + _underWay.Count > _setup.Settings.MaxActivitiesAtOnce)
        {
            _underWay.AddRange(_awaited.CallMany(awaited));
        }
        else
        {
            foreach ((InvokeTask command, ReadOnlyMemory<byte> invocation) in awaited)
            {
                _underWay.Add(_awaited.CallAsync(command, invocation, withTurns));
            }
        }

        Show();
    }

    /// <summary>Takes in what has ended, fired or arrived by now.</summary>
    private async Task CollectAsync()
    {
        foreach (Task<IReadOnlyList<CallOutcome>> ended in _underWay.Where(call => call.IsCompleted).ToArray())
        {
            _underWay.Remove(ended);
            foreach (CallOutcome call in await ended)
            {
                if (call.Outcome is not null)
                {
                    _ready.Enqueue(new ReadyOutcome(call.Task, call.Outcome));
                }
            }
        }

        foreach ((CommandId? timer, CommandId? heartbeat) in _timers.Collect())
        {
            Fire(timer, heartbeat);
        }

        await _arrivals.CollectAsync(_ready, _rows, _timers, mayRead: !_isRolling || _underWay.Count > 0);
    }

    private void Fire(CommandId? timer, CommandId? heartbeat)
    {
        CommandId? competing = heartbeat ?? (timer is CommandId timeout ? _deciding.State.FindTaskOfTimer(timeout)?.Command.Id : null);
        if (competing is not CommandId task || !_rows.IsOpen(task))
        {
            if (timer is CommandId free)
            {
                _ready.Enqueue(new ReadyTimer(free));
            }
        }
        else if (!_isRolling || _underWay.Count > 0)
        {
            _arrivals.Claim(task, timer);
        }
    }

    /// <summary>The end is durable at once, whatever is still open; the runtime waits for that by itself.</summary>
    private async Task<string> EndAsync(Finish finish)
    {
        _timers.CancelAll();
        var end = new EndMessage(finish.Status, _deciding.State.Time);
        if (!await _durability.AppendAllAsync(end))
        {
            return await StopAsync();
        }

        _calls.Stop();
        return OrchestrationEnds.Ended;
    }

    private async Task<string> StopAsync()
    {
        _timers.CancelAll();
        if (_durability.Disagreement is { } disagreement)
        {
            await _calls.DoAsync(OrchestrationNames.Quarantine, new QuarantineRequest
            {
                Tenant = _setup.Key.Tenant.Value,
                Execution = _setup.Key.Id,
                Reason = disagreement,
            });
        }

        _calls.Stop();
        return _durability.Disagreement is null ? OrchestrationEnds.FencedOff : OrchestrationEnds.Quarantined;
    }

    private async Task<string> RollOverAsync()
    {
        if (!await _durability.AppendAllAsync(null))
        {
            return await StopAsync();
        }

        CarriedOver carried = await Rollover.CarryAsync(_deciding.State, _log, _rows.Carry(_timers, _deciding.State), _bodies, _setup.Epoch + 1);
        _timers.CancelAll();
        _calls.Stop();
        _orchestration.ContinueAsNew(Rollover.InputOf(_setup, carried));
        return OrchestrationEnds.Continued;
    }

    private void Show()
    {
        foreach (long task in _shown.Keys.Where(task => _deciding.State.FindTask(new CommandId(task)) is null).ToArray())
        {
            _shown.Remove(task);
        }

        string text = string.Join(", ", _shown.Values.Distinct(StringComparer.Ordinal));
        _orchestration.Show(text.Length <= MaxShown ? text : text[..MaxShown]);
    }
}
