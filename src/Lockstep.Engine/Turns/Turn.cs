using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Testing;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// The working memory of one turn: the state as it changes, the events and commands decided so far, and what is left of the budget.
/// The rules of the language are elsewhere (Behaviours, Failures); they change the execution only through this class.
/// </summary>
internal sealed class Turn
{
    private readonly ExecutionState _before;
    private readonly ITaskTokenIssuer _tokens;
    private readonly VisitLog _visits;
    private readonly List<HistoryEvent> _events = new(16);
    private readonly List<Command> _commands = [];
    private readonly FrameStore _frames;
    private PersistentTable<long>.Editor? _awaited;
    private IEnumerable<Frame>? _stopped;
    private MapRunProgress? _mapRun;
    private StartTimer? _executionTimeout;
    private Continue? _pendingContinue;
    private long _lastEventId;
    private long _lastCommandId;
    private ulong _randomDraws;
    private int _transitions;
    private long _bytes;

    public Turn(CompiledMachine machine, ExecutionState before, DateTimeOffset time, ITaskTokenIssuer tokens, List<StateVisit>? ended)
    {
        Machine = machine;
        Identity = before.Identity ?? throw new InvalidOperationException("An execution that has not started has no turn.");
        ExecutionInput = before.Input ?? throw new InvalidOperationException("An execution that has not started has no turn.");
        Now = time > before.Time ? time : before.Time;
        Scope = new FrameScope(this);
        Status = before.Status;
        _before = before;
        _tokens = tokens;
        _visits = new VisitLog(machine, ended);
        _frames = new FrameStore(before);
        _lastEventId = before.LastEventId;
        _lastCommandId = before.LastCommandId;
        _randomDraws = before.RandomDraws;
        VariableBytes = before.VariableBytes;
        _executionTimeout = before.ExecutionTimeout;
        _pendingContinue = before.PendingContinue;
    }

    /// <summary>The state before the turn; of a redriven execution it is open again.</summary>
    public ExecutionState Before => _before;

    public CompiledMachine Machine { get; }

    public ExecutionIdentity Identity { get; }

    public JsonValue ExecutionInput { get; }

    public ExecutionLimits Limits => _before.Limits;

    public DateTimeOffset StartTime => _before.StartTime;

    /// <summary>Watches the one state that is tested; null in an execution.</summary>
    public StateInspection? Inspection { get; init; }

    /// <summary>The only clock: the recorded time of the stimulus, never before that of an earlier turn.</summary>
    public DateTimeOffset Now { get; }

    public FrameScope Scope { get; }

    public ExecutionStatus Status { get; private set; }

    public bool IsOver => Status != ExecutionStatus.Running;

    /// <summary>Bytes of the values of all variables in all open scopes; see <see cref="Assignment"/>.</summary>
    public long VariableBytes { get; set; }

    /// <summary>The id that the next command will get.</summary>
    public CommandId NextCommandId => new(_lastCommandId + 1);

    /// <summary>Set when the history may hold no further event but the last; see <see cref="ExecutionLimits.MaxHistoryEvents"/>.</summary>
    public bool HistoryIsFull { get; private set; }

    /// <summary>Whether the turn may enter another state. Every turn may enter one, so that any limits let an execution go on.</summary>
    public bool HasBudget => !IsOver && !HistoryIsFull && (_transitions == 0 || HasBudgetLeft);

    /// <summary>Whether the turn may write more payload.</summary>
    public bool HasBytesLeft => _bytes < Limits.MaxBytesPerTurn;

    private bool HasBudgetLeft =>
        _transitions < Limits.MaxTransitionsPerTurn && _bytes + Scope.ExpressionWorkDone < Limits.MaxBytesPerTurn && _commands.Count < Limits.MaxCommandsPerTurn;

    private PersistentTable<long>.Editor Awaited => _awaited ??= _before.Awaited.Edit();

    public CompiledState StateOf(LiveFrame frame) => Machine.States[frame.State];

    /// <summary>Whether a value is larger or deeper than a payload may be.</summary>
    public bool IsOversized(JsonValue value) => value.Utf8Length > Limits.MaxPayloadBytes || value.Depth > Limits.MaxPayloadDepth;

    // ---- Events

    /// <summary>Adds an event that follows the last one of the frame's thread, and becomes its last.</summary>
    public void Emit(LiveFrame frame, HistoryEventType type, HistoryEventDetails? details) =>
        frame.PreviousEventId = Emit(frame.PreviousEventId, type, details);

    /// <summary>Adds an event.</summary>
    /// <param name="previous">The event that led to it; 0 when there is none.</param>
    /// <param name="type">Its type.</param>
    /// <param name="details">Its details.</param>
    /// <returns>Its id.</returns>
    public long Emit(long previous, HistoryEventType type, HistoryEventDetails? details)
    {
        // The last place is kept for the event that ends the execution.
        if (HistoryIsFull || _lastEventId + 1 >= Limits.MaxHistoryEvents)
        {
            HistoryIsFull = true;
            return _lastEventId;
        }

        return Append(previous, type, details);
    }

    /// <summary>Counts bytes of payload that the turn has written into history.</summary>
    public void Spend(int bytes) => _bytes += bytes;

    /// <summary>Counts the entry of a state.</summary>
    public void SpendTransition() => _transitions++;

    // ---- Commands

    /// <summary>Issues a command that the frame will wait for.</summary>
    public void Issue(LiveFrame frame, Command command)
    {
        if (HistoryIsFull)
        {
            return;
        }

        Add(command);
        Awaited.Set(command.Id.Ordinal, frame.Id);
    }

    /// <summary>Starts a timer that the frame will wait for.</summary>
    public StartTimer StartTimer(LiveFrame frame, DateTimeOffset due, TimerPurpose purpose)
    {
        var timer = new StartTimer(NextCommandId, due, purpose);
        Issue(frame, timer);
        return timer;
    }

    /// <summary>Starts the timer of the machine's own timeout.</summary>
    public void StartExecutionTimeout(long timeoutSeconds)
    {
        _executionTimeout = new StartTimer(NextCommandId, Now.AddSeconds(timeoutSeconds), TimerPurpose.ExecutionTimeout);
        Add(_executionTimeout);
    }

    /// <summary>Takes in that a timer has fired, if it is the one of the machine's own timeout.</summary>
    public bool TryAcceptExecutionTimeout(CommandId timer)
    {
        if (_executionTimeout?.Id != timer)
        {
            return false;
        }

        _executionTimeout = null;
        return true;
    }

    /// <summary>Forgets a task or timer whose outcome has come.</summary>
    public void Forget(CommandId command) => Awaited.Remove(command.Ordinal);

    /// <summary>Gives up whatever the frame waits for outside: its call, its timers.</summary>
    public void GiveUp(Occupation occupation)
    {
        switch (occupation)
        {
            case CallingTask task:
                Cancel(task.Command.Id);
                CancelTimer(task.Timeout);
                break;
            case Sleeping sleeping:
                CancelTimer(sleeping.Timer);
                break;
            case BackingOff backingOff:
                CancelTimer(backingOff.Timer);
                break;
            case RunningMap map:
                MapRunBehaviour.GiveUp(this, map);
                break;
            default:
                break; // Entering and Joining wait for nothing outside.
        }
    }

    /// <summary>A map run is about to end.</summary>
    public void MapRunEnded(MapRunProgress progress) => _mapRun = progress;

    public void Cancel(CommandId task)
    {
        Add(new CancelTask(NextCommandId, task));
        Forget(task);
    }

    public void CancelTimer(StartTimer? timer)
    {
        if (timer is not null)
        {
            Add(new CancelTimer(NextCommandId, timer.Id));
            Forget(timer.Id);
        }
    }

    /// <summary>The token of the attempt whose command comes next.</summary>
    public string IssueToken() => _tokens.Issue(Identity, NextCommandId);

    public ulong NextRandom() => SeededRandom.At(Identity.Seed, _randomDraws++);

    // ---- Frames

    /// <summary>Opens a frame that is about to enter a state.</summary>
    public LiveFrame Open(LiveFrame? parent, int index, JsonValue? item, int state, JsonValue input, long previousEventId) =>
        _frames.Open(parent, index, item, state, input, previousEventId);

    /// <summary>Finds the frame that waits for a task or timer; null when nobody does.</summary>
    public LiveFrame? FindAwaiting(CommandId command) =>
        Awaited.TryGet(command.Ordinal, out long frame) ? _frames.Load(frame) : null;

    /// <summary>The frame that opened this one; null for the machine's own.</summary>
    public LiveFrame? ParentOf(LiveFrame frame) => frame.IsRoot ? null : _frames.Load(frame.ParentId);

    public LiveFrame Load(long frame) => _frames.Load(frame);

    /// <summary>The frame leaves its state, if it is in one; whoever comes first says how.</summary>
    public void EndVisit(LiveFrame frame, VisitOutcome outcome)
    {
        if (frame.EnteredEventId != 0 && _visits.AreWanted)
        {
            _visits.Ended(frame, ParentOf(frame), outcome);
        }

        frame.EnteredEventId = 0;
    }

    /// <summary>Ends a frame: it leaves the state for good, and its variables with it.</summary>
    public void Close(LiveFrame frame)
    {
        EndVisit(frame, VisitOutcome.Aborted);
        VariableBytes -= Assignment.SizeOf(frame.Variables);
        _frames.Close(frame);
    }

    /// <summary>Puts a frame that is about to enter a state at the end of the queue.</summary>
    public void Enqueue(LiveFrame frame) => _frames.Enqueue(frame);

    /// <summary>Takes the next frame of the queue; with <paramref name="fromEarlierTurns"/> those that earlier turns left there too.</summary>
    public bool TryDequeue(bool fromEarlierTurns, [NotNullWhen(true)] out LiveFrame? frame) => _frames.TryDequeue(fromEarlierTurns, out frame);

    public void Recycle(LiveFrame frame) => _frames.Recycle(frame);

    /// <summary>The Continue that was asked for has come.</summary>
    public void AcceptContinue() => _pendingContinue = null;

    // ---- The end of the execution, and of the turn

    /// <summary>Ends the execution with an output.</summary>
    public void Succeed(long previous, JsonValue output) =>
        Finish(ExecutionStatus.Succeeded, previous, HistoryEventType.ExecutionSucceeded, output, null);

    /// <summary>Ends the execution without an output.</summary>
    /// <param name="status">Failed, timed out or aborted.</param>
    /// <param name="previous">The event that led to it; 0 when it came from outside.</param>
    /// <param name="error">Why.</param>
    /// <param name="stopped">What a redrive is to go on with; null for the frames that are open.</param>
    public void Fail(ExecutionStatus status, long previous, StatesError error, IEnumerable<Frame>? stopped = null)
    {
        _stopped = stopped;
        HistoryEventType type = status switch
        {
            ExecutionStatus.Failed => HistoryEventType.ExecutionFailed,
            ExecutionStatus.TimedOut => HistoryEventType.ExecutionTimedOut,
            ExecutionStatus.Aborted => HistoryEventType.ExecutionAborted,
            _ => throw new UnreachableException(),
        };
        Finish(status, previous, type, null, error);
    }

    /// <summary>Writes the last event, gives up everything still open, and issues Finish.</summary>
    private void Finish(ExecutionStatus status, long previous, HistoryEventType type, JsonValue? output, StatesError? error)
    {
        if (HistoryIsFull && (status is ExecutionStatus.Succeeded or ExecutionStatus.Failed))
        {
            // Events are missing between the last one and this end, so it must not be told.
            (status, previous, type, output) = (ExecutionStatus.Failed, _lastEventId, HistoryEventType.ExecutionFailed, null);
            error = new StatesError(
                StatesErrorNames.Runtime,
                string.Create(
                    CultureInfo.InvariantCulture, $"The execution reached the maximum number of history events ({Limits.MaxHistoryEvents})."));
        }

        Status = status;
        Append(previous, type, output is not null ? new OutputDetails(output) : new ErrorDetails(error?.Name, error?.Cause));
        List<Frame> open = _frames.TakeAll();
        foreach (Frame frame in open)
        {
            GiveUp(frame.Occupation);
            _mapRun ??= (frame.Occupation as RunningMap)?.Progress;
        }

        _stopped = status == ExecutionStatus.Succeeded || Identity.IsExpress ? [] : _stopped ?? open.Select(frame => StoppedFrames.Of(frame));
        _visits.Aborted(open);

        CancelTimer(_executionTimeout);
        _executionTimeout = null;
        _pendingContinue = null;
        Add(new Finish(NextCommandId, status, output, error?.Name, error?.Cause));
    }

    /// <summary>The decision: everything the turn has changed, as an immutable state, its events and its commands.</summary>
    public Decision End()
    {
        if (HistoryIsFull && !IsOver)
        {
            Fail(ExecutionStatus.Failed, _lastEventId, new StatesError(null, null));
        }

        _frames.Save();
        if (!IsOver && _frames.HasReady && _pendingContinue is null)
        {
            _pendingContinue = new Continue(NextCommandId);
            Add(_pendingContinue);
        }

        ExecutionState next = _before with
        {
            Status = Status,
            Turn = _before.Turn + 1,
            LastEventId = _lastEventId,
            LastCommandId = _lastCommandId,
            Time = Now,
            RandomDraws = _randomDraws,
            VariableBytes = IsOver ? 0 : VariableBytes,
            Awaited = IsOver ? PersistentTable<long>.Empty : _awaited?.ToTable() ?? _before.Awaited,
            ExecutionTimeout = _executionTimeout,
            PendingContinue = _pendingContinue,
            Frames = !IsOver ? _frames.Frames : _stopped is null ? _before.Frames : StoppedFrames.ToTable(_stopped),
            NextFrame = _frames.NextFrame,
            Ready = _frames.Ready,
            NextReady = _frames.NextReady,
            MapRun = IsOver ? _mapRun?.Over() : _frames.MapRun,
        };
        return new Decision(
            next,
            ImmutableCollectionsMarshal.AsImmutableArray(_events.ToArray()),
            ImmutableCollectionsMarshal.AsImmutableArray(_commands.ToArray()));
    }

    private long Append(long previous, HistoryEventType type, HistoryEventDetails? details)
    {
        _lastEventId++;
        _events.Add(new HistoryEvent(_lastEventId, previous, Now, type, details));
        return _lastEventId;
    }

    private void Add(Command command)
    {
        _commands.Add(command);
        _lastCommandId = command.Id.Ordinal;
    }
}
