using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Logging;
using Lockstep.Embedded.MapRuns;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Logging;
using Lockstep.Service.Telemetry;

namespace Lockstep.Embedded.Journal;

/// <summary>
/// One or more turns of one execution, encoded by its actor, to be written as a whole: journal rows, the execution's row where it starts,
/// ends, parks or wakes, and whatever must be true together with them. An actor has at most one under way.
/// </summary>
internal sealed class TurnCommit(ExecutionActor actor) : WriteOperation
{
    private readonly List<JournalRow> _rows = [];
    private readonly List<StatusChange> _changes = [];
    private readonly List<LoggedTurn> _logged = [];
    private readonly List<CommandId> _tasksWithdrawn = [];
    private readonly List<ActivityOffer> _tasksOffered = [];
    private readonly List<(long Child, CommandId Task)> _childrenSettled = [];
    private TurnBytes? _bytes;
    private Snapshot? _snapshot;
    private ExecutionEnd? _end;
    private StoredPlace _place;
    private long? _wakeAt;

    /// <summary>The state after the turns; null when nothing was decided.</summary>
    public ExecutionState? Next { get; private set; }

    /// <summary>What the turns commanded, in order.</summary>
    public List<Command> Commands { get; } = [];

    /// <summary>Who is answered once this is durable, and how.</summary>
    public List<(TaskCompletionSource<MailAnswer> Ack, MailAnswer Answer)> Acknowledgements { get; } = [];

    /// <summary>The row that begins the execution; null for later turns.</summary>
    public StartRow? Start { get; set; }

    /// <summary>The redrive that opens the execution again; null for other turns.</summary>
    public Reopening? Reopening { get; set; }

    /// <summary>Whether the execution counts as open from here on, unless it ends here too.</summary>
    public bool Opens => Start is not null || Reopening is not null;

    /// <summary>Activity tasks that the turns scheduled.</summary>
    public IReadOnlyList<ActivityOffer> Offers => _tasksOffered;

    /// <summary>Tasks that the turns scheduled for activities that do not exist.</summary>
    public List<InvokeTask> RefusedOffers { get; } = [];

    /// <summary>Tasks whose heartbeats count from this commit on.</summary>
    public List<CommandId> TasksToWatch { get; } = [];

    /// <summary>Tasks that were given up and whose children are to be stopped.</summary>
    public List<CommandId> ChildrenToStop { get; } = [];

    /// <summary>The turns as somebody listens to them; null while nobody does.</summary>
    public List<ObservedTurn>? Observed { get; set; }

    /// <summary>Statuses that are published with it.</summary>
    public List<StatusChange> Published => _changes;

    /// <summary>Whether the name is taken, or the parent's task has its child already or does not wait for one any more: then nothing was written.</summary>
    public bool IsDuplicate { get; private set; }

    /// <summary>Why it could not be written; null unless it was rejected.</summary>
    public Exception? Rejection { get; private set; }

    /// <summary>Whether it parks the execution.</summary>
    public bool Parks => _place == StoredPlace.Parked;

    /// <summary>When a parked execution wakes; null when nothing in it is due.</summary>
    public long? WakeAt => _wakeAt;

    /// <summary>How the turns ended the execution; null when they did not.</summary>
    public ExecutionEnd? End => _end;

    /// <summary>The snapshot that it saves; null when it saves none.</summary>
    public Snapshot? Saved => _snapshot;

    /// <summary>Turns it holds.</summary>
    public int Turns => _rows.Count;

    /// <summary>Journal bytes it holds.</summary>
    public int Bytes => _bytes?.Count ?? 0;

    /// <summary>Whether there is anything to write.</summary>
    public bool HasWork => _rows.Count > 0 || _place != StoredPlace.Unchanged || _childrenSettled.Count > 0 || _snapshot is not null;

    /// <summary>Adds a turn.</summary>
    public void AddTurn(Stimulus stimulus, in Decision decision)
    {
        _bytes ??= new TurnBytes();
        int offset = _bytes.Count;
        TurnDigest digest = TurnCodec.Write(_bytes, stimulus, decision.Events.AsSpan());
        long firstEvent = decision.Next.LastEventId - decision.Events.Length + 1;
        _rows.Add(new JournalRow(decision.Next.Turn, firstEvent, digest.Events, digest.Hash, offset, _bytes.Count - offset));
        Next = decision.Next;
        Commands.AddRange(decision.Commands);
    }

    /// <summary>The execution took on a status, to be published. Of what a map run starts nothing is: the execution of the Map state tells of it.</summary>
    /// <param name="header">The execution.</param>
    /// <param name="status">The status.</param>
    /// <param name="time">When.</param>
    /// <param name="state">The state with that status; null where it has none yet.</param>
    public void Publish(ExecutionHeader header, ExecutionStatus status, DateTimeOffset time, ExecutionState? state = null)
    {
        if (header.IsCounted)
        {
            _changes.Add(new StatusChange(status, time, state?.LastEventId ?? 0, state?.RedriveCount ?? 0));
        }
    }

    /// <summary>Logs events of a turn.</summary>
    public void Log(string group, IReadOnlyList<LogEvent> events)
    {
        if (events.Count > 0)
        {
            _logged.Add(new LoggedTurn(group, events));
        }
    }

    /// <summary>The turns ended the execution.</summary>
    public void EndWith(ExecutionEnd end) => _end = end;

    /// <summary>Saves the state after the turns.</summary>
    public void Save(Snapshot snapshot) => _snapshot = snapshot;

    /// <summary>The execution leaves memory, to be woken at a time; null when nothing in it is due.</summary>
    public void Park(long? wakeAt)
    {
        _place = StoredPlace.Parked;
        _wakeAt = wakeAt;
    }

    /// <summary>The execution is in memory again.</summary>
    public void Unpark() => _place = StoredPlace.InMemory;

    /// <summary>Puts a task into the queue of an activity.</summary>
    public void Offer(string activity, CommandId task) => _tasksOffered.Add(new ActivityOffer(activity, task));

    /// <summary>Takes a task out of the queue of its activity.</summary>
    public void Withdraw(CommandId task) => _tasksWithdrawn.Add(task);

    /// <summary>The outcome of a child has arrived and needs no further delivery.</summary>
    public void Settle(long child, CommandId task) => _childrenSettled.Add((child, task));

    /// <summary>The turns are durable, so nobody reads their bytes any more.</summary>
    public void ReturnBytes() => _bytes?.Return();

    /// <summary>Answers everybody who waits for this commit, each as was decided.</summary>
    public void AnswerAll()
    {
        foreach ((TaskCompletionSource<MailAnswer> ack, MailAnswer answer) in Acknowledgements)
        {
            ack.TrySetResult(answer);
        }
    }

    /// <summary>Answers everybody who waits for this commit alike.</summary>
    public void AnswerAll(MailAnswer answer)
    {
        foreach ((TaskCompletionSource<MailAnswer> ack, MailAnswer _) in Acknowledgements)
        {
            ack.TrySetResult(answer);
        }
    }

    /// <summary>Nobody will be answered, as nothing is written any more.</summary>
    public void CancelAll()
    {
        foreach ((TaskCompletionSource<MailAnswer> ack, MailAnswer _) in Acknowledgements)
        {
            ack.TrySetCanceled();
        }
    }

    /// <inheritdoc/>
    public override void Apply(WriteContext context)
    {
        IsDuplicate = false;
        if ((Start is not null && !InsertStart(context, Start)) || (Reopening is { Parent: { } parent } part && !ReopenPart(context, part, parent)))
        {
            IsDuplicate = true;
            return;
        }

        foreach (JournalRow row in _rows)
        {
            ReadOnlySpan<byte> bytes = _bytes is null ? [] : _bytes.Slice(row.Offset, row.Length);
            context.Prepare(Sql.InsertTurn)
                .Bind(1, actor.Number).Bind(2, row.Turn).Bind(3, row.FirstEvent).Bind(4, row.Events).Bind(5, row.Hash).Bind(6, bytes)
                .Execute();
        }

        foreach (StatusChange change in _changes)
        {
            context.Prepare(Sql.InsertEvent)
                .Bind(1, actor.TenantNumber).Bind(2, context.NextSequence(actor.TenantNumber)).Bind(3, actor.Number)
                .Bind(4, (long)change.Status).Bind(5, StoredTime.ToStored(change.Time)).Bind(6, change.LastEvent).Bind(7, change.Redrives)
                .Execute();
        }

        foreach (LoggedTurn logged in _logged)
        {
            SqliteLogStore.Write(context, actor.TenantNumber, logged.Group, logged.Events);
        }

        if (Next?.MapRun is { } progress)
        {
            context.Prepare(Sql.PutMapRun).Bind(1, actor.Number).Bind(2, MapRunRows.Write(progress)).Execute();
        }

        if (Reopening is not null)
        {
            ApplyReopening(context, Reopening);
        }

        ApplyQueues(context);
        ApplyPlace(context);
    }

    /// <inheritdoc/>
    public override void Durable() => actor.CommitReturned();

    /// <inheritdoc/>
    public override void Rejected(Exception failure)
    {
        Rejection = failure;
        actor.CommitReturned();
    }

    private bool InsertStart(WriteContext context, StartRow start)
    {
        ExecutionStatus status = _end?.Status ?? ExecutionStatus.Running;
        return context.Prepare(Sql.InsertExecution)
            .Bind(1, actor.Number).Bind(2, actor.TenantNumber).Bind(3, start.Id).Bind(4, start.MachineNumber).Bind(5, start.RevisionNumber)
            .Bind(6, (long)start.Type).Bind(7, (long)status).Bind(8, StoredTime.ToStored(start.StartedAt))
            .Bind(9, _end is null ? null : StoredTime.ToStored(_end.Time)).Bind(10, _end?.Transitions ?? 0)
            .Bind(11, start.Parent?.Execution).Bind(12, start.Parent?.Task.Ordinal).Bind(13, start.Parent is null ? null : start.Parent.Waits ? 1L : 0L)
            .Bind(14, (long)start.Part.Kind).Bind(15, start.Part.MapState)
            .Bind(16, start.Version).Bind(17, start.Alias)
            .ExecuteChanges() > 0;
    }

    private bool ReopenPart(WriteContext context, Reopening reopening, ParentLink parent)
    {
        if (context.Prepare(Sql.ReopenPart)
            .Bind(1, actor.Number).Bind(2, reopening.Redrives).Bind(3, StoredTime.ToStored(reopening.Time)).Bind(4, parent.Task.Ordinal)
            .ExecuteChanges() == 0)
        {
            return false;
        }

        context.Prepare(Sql.ForgetOutcome).Bind(1, actor.Number).Execute();
        return true;
    }

    private void ApplyReopening(WriteContext context, Reopening reopening)
    {
        if (reopening.Parent is null)
        {
            context.Prepare(Sql.ReopenExecution).Bind(1, actor.Number).Bind(2, reopening.Redrives).Bind(3, StoredTime.ToStored(reopening.Time)).Execute();
        }

        if (reopening.Revision is { } revision)
        {
            context.Prepare(Sql.SetRevision).Bind(1, actor.Number).Bind(2, revision.RevisionNumber).Bind(3, revision.Version).Execute();
        }
    }

    private void ApplyQueues(WriteContext context)
    {
        for (int index = 0; index < _tasksOffered.Count; index++)
        {
            ActivityOffer offer = _tasksOffered[index];
            context.Prepare(Sql.InsertActivityTask)
                .Bind(1, actor.TenantNumber).Bind(2, offer.Activity).Bind(3, actor.Number).Bind(4, offer.Task.Ordinal).Execute();
        }

        foreach (CommandId task in _tasksWithdrawn)
        {
            context.Prepare(Sql.DeleteActivityTask).Bind(1, actor.Number).Bind(2, task.Ordinal).Execute();
        }

        // Those of an execution that has ended are known by that.
        foreach (CommandId task in _end is null ? ChildrenToStop : [])
        {
            context.Prepare(Sql.GiveUp).Bind(1, actor.Number).Bind(2, task.Ordinal).Execute();
        }

        foreach ((long child, CommandId task) in _childrenSettled)
        {
            context.Prepare(Sql.DeleteChildOutcome).Bind(1, child).Bind(2, task.Ordinal).Execute();
        }
    }

    private void ApplyPlace(WriteContext context)
    {
        if (_snapshot is not null)
        {
            context.Prepare(Sql.PutSnapshot)
                .Bind(1, actor.Number).Bind(2, _snapshot.Turn).Bind(3, _snapshot.LastEvent).Bind(4, _snapshot.Transitions)
                .Bind(5, _snapshot.State).Bind(6, _snapshot.Heartbeats).Execute();
        }

        if (_end is not null)
        {
            ApplyEnd(context, _end);
        }
        else if (_place != StoredPlace.Unchanged && Start is null)
        {
            context.Prepare(Sql.SetPlace).Bind(1, actor.Number).Bind(2, _place == StoredPlace.Parked ? 1 : 0).Bind(3, _wakeAt).Execute();
        }
    }

    private void ApplyEnd(WriteContext context, ExecutionEnd end)
    {
        if (Start is null)
        {
            context.Prepare(Sql.EndExecution)
                .Bind(1, actor.Number).Bind(2, (long)end.Status).Bind(3, StoredTime.ToStored(end.Time)).Bind(4, end.Transitions).Execute();
        }

        if (end.HasSnapshot)
        {
            context.Prepare(Sql.DeleteSnapshot).Bind(1, actor.Number).Execute();
        }

        if (end.HasActivities)
        {
            context.Prepare(Sql.DeleteActivityTasks).Bind(1, actor.Number).Execute();
        }

        if (end.Parent is { Waits: true })
        {
            context.Prepare(Sql.InsertChildOutcome).Bind(1, actor.Number).Execute();
        }
    }

    private enum StoredPlace
    {
        Unchanged,
        InMemory,
        Parked,
    }

    private readonly record struct LoggedTurn(string Group, IReadOnlyList<LogEvent> Events);

    private readonly record struct JournalRow(long Turn, long FirstEvent, int Events, long Hash, int Offset, int Length);
}
