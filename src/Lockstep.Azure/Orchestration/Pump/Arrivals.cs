using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>
/// What comes from outside by way of the ledger: Wakes, which say only that there may be something, the inbox, and timers that have to compete with it for
/// the row of a task.
/// </summary>
internal sealed class Arrivals
{
    private readonly IOrchestration _orchestration;
    private readonly DurableCalls _calls;
    private readonly LargeBodies _bodies;
    private readonly TurnLog _log;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<OpenClaim> _claims = [];
    private readonly List<CommandId> _beaten = [];
    private Task<InboxRead>? _read;
    private Task _wake;
    private bool _mayHaveMore;

    public Arrivals(IOrchestration orchestration, DurableCalls calls, LargeBodies bodies, TurnLog log)
    {
        _orchestration = orchestration;
        _calls = calls;
        _bodies = bodies;
        _log = log;
        _wake = orchestration.WaitForWakeAsync();
    }

    /// <summary>Whether a claim or a read is under way.</summary>
    public bool IsBusy => _read is not null || _claims.Count > 0;

    /// <summary>What completes when something has arrived.</summary>
    public IEnumerable<Task> Tasks
    {
        get
        {
            yield return _wake;
            if (_read is not null)
            {
                yield return _read;
            }

            foreach (OpenClaim claim in _claims)
            {
                yield return claim.Answer;
            }
        }
    }

    /// <summary>Lets a timer compete for the row of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="timer">The timer of its timeout; null for its heartbeat.</param>
    public void Claim(CommandId task, CommandId? timer) => _claims.Add(new OpenClaim(task, timer, ClaimAsync(task, timer)));

    /// <summary>Takes in the first page of an epoch, which was read when it began.</summary>
    public async Task BeginAsync(InboxAnswer first, Queue<Ready> ready)
    {
        _mayHaveMore = first.HasMore;
        Enqueue(await ReadAsync(first), ready);
    }

    /// <summary>Takes in what has arrived, and reads on where there may be more.</summary>
    /// <param name="ready">Where stimuli go.</param>
    /// <param name="rows">The tasks that have rows.</param>
    /// <param name="timers">The timers.</param>
    /// <param name="mayRead">Whether reading may begin now.</param>
    public async Task CollectAsync(Queue<Ready> ready, RowTasks rows, OpenTimers timers, bool mayRead)
    {
        if (_wake.IsCompleted)
        {
            _calls.Count();
            _mayHaveMore = true;
            _wake = _orchestration.WaitForWakeAsync();
        }

        foreach (OpenClaim claim in _claims.Where(claim => claim.Answer.IsCompleted).ToArray())
        {
            _claims.Remove(claim);
            Settle(claim, await claim.Answer, ready, rows, timers);
        }

        if (_read is { IsCompleted: true })
        {
            InboxRead read = await _read;
            _read = null;
            _mayHaveMore |= read.HasMore;
            Enqueue(read, ready);
            if (!_mayHaveMore)
            {
                // What has beaten these timers has been read by now; where the interpreter still waits, it holds the outcome and wants the timer.
                _beaten.ForEach(timer => ready.Enqueue(new ReadyTimer(timer)));
                _beaten.Clear();
            }
        }

        if (_mayHaveMore && _read is null && mayRead)
        {
            _mayHaveMore = false;
            _read = ReadAsync();
        }
    }

    private void Settle(OpenClaim claim, ClaimAnswer answer, Queue<Ready> ready, RowTasks rows, OpenTimers timers)
    {
        if (answer.Claimed)
        {
            rows.Settle(claim.Task);
            ready.Enqueue(claim.Timer is CommandId timer ? new ReadyTimer(timer) : new ReadyMissedHeartbeat(claim.Task));
        }
        else if (answer.Deadline is { } deadline)
        {
            if (rows.IsOpen(claim.Task))
            {
                timers.Watch(claim.Task, deadline);
            }
        }
        else
        {
            _mayHaveMore = true;
            if (claim.Timer is CommandId beaten)
            {
                _beaten.Add(beaten);
            }
        }
    }

    private void Enqueue(InboxRead read, Queue<Ready> ready)
    {
        foreach ((string id, Stimulus stimulus) in read.Items)
        {
            if (_seen.Add(id))
            {
                ready.Enqueue(new ReadyItem(id, stimulus));
            }
        }
    }

    private async Task<InboxRead> ReadAsync() => await ReadAsync(await _calls.CallAsync<InboxRequest, InboxAnswer>(
        OrchestrationNames.ReadInbox,
        () => new InboxRequest { Tenant = _calls.Key.Tenant.Value, Execution = _calls.Key.Id, Known = _log.Taken }));

    private async Task<InboxRead> ReadAsync(InboxAnswer answer)
    {
        ImmutableArray<(string, Stimulus)>.Builder items = ImmutableArray.CreateBuilder<(string, Stimulus)>(answer.Items.Length);
        foreach (InboxMessage item in answer.Items)
        {
            items.Add((item.Id, StimulusBytes.Read(await _bodies.GetAsync(item.Stimulus))));
        }

        return new InboxRead(items.MoveToImmutable(), answer.HasMore);
    }

    private Task<ClaimAnswer> ClaimAsync(CommandId task, CommandId? timer) => _calls.CallAsync<ClaimRequest, ClaimAnswer>(
        OrchestrationNames.Claim,
        () => new ClaimRequest
        {
            Tenant = _calls.Key.Tenant.Value,
            Execution = _calls.Key.Id,
            Task = task.Ordinal,
            Reason = timer is null ? ClaimReason.Heartbeat : ClaimReason.Timeout,
            Now = _orchestration.Now,
        });

    private sealed record OpenClaim(CommandId Task, CommandId? Timer, Task<ClaimAnswer> Answer);

    private sealed record InboxRead(ImmutableArray<(string Id, Stimulus Stimulus)> Items, bool HasMore);
}
