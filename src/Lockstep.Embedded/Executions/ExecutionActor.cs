using Lockstep.Embedded.Journal;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// One execution in memory: a mailbox, and at most one thread or one commit working for it at a time, so nothing behind it needs a lock.
/// Life: new or loading, then turns and idleness in any order, then gone, when it has ended or parked. A gone actor takes no mail; whoever
/// sends asks the directory again.
/// </summary>
internal sealed class ExecutionActor : IThreadPoolWorkItem
{
    private readonly DriverRuntime _runtime;
    private readonly Lock _gate = new();
    private readonly Queue<Mail> _mail = new();
    private LiveExecution? _live;
    private TurnCommit? _underWay;
    private TurnCommit? _building;
    private Mail? _current;
    private bool _busy;
    private bool _gone;

    /// <summary>An actor for an execution that the store has; its first mail loads it.</summary>
    public ExecutionActor(DriverRuntime runtime, long number)
    {
        _runtime = runtime;
        Number = number;
    }

    /// <summary>An actor for a new execution; its first mail is <see cref="BeginMail"/>.</summary>
    public ExecutionActor(DriverRuntime runtime, LiveExecution live)
        : this(runtime, live.Number) => _live = live;

    /// <summary>The execution's number in the store.</summary>
    public long Number { get; }

    /// <summary>Number of the tenant that owns it; known once it is loaded.</summary>
    public long TenantNumber => _live?.TenantNumber ?? throw new InvalidOperationException("The execution is not loaded.");

    /// <summary>Since when it has been idle, in ticks; kept by <see cref="IdleExecutions"/>.</summary>
    public long IdleSince { get; set; }

    /// <summary>
    /// Takes a mail; false when the actor is gone. With <paramref name="inline"/> the work is done on the calling thread if nobody is at it.
    /// </summary>
    public bool TryPost(Mail mail, bool inline)
    {
        lock (_gate)
        {
            if (_gone)
            {
                return false;
            }

            _mail.Enqueue(mail);
            if (_busy)
            {
                return true;
            }

            _busy = true;
            _runtime.Busy.Begin();
        }

        if (inline)
        {
            Execute();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    /// <summary>The commit under way is durable, or was rejected. Called on the committer's thread.</summary>
    public void CommitReturned() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <inheritdoc/>
    public void Execute()
    {
        try
        {
            Work();
        }
        catch (Exception defect)
        {
            // A defect in one execution must not take the others down, and must not go on guessing in this one.
            Quarantine(defect);
        }
    }

    private void Work()
    {
        if (_underWay is not null && !FinishCommit(_underWay))
        {
            return;
        }

        while (true)
        {
            Mail? first = NextOrRest();
            if (first is null)
            {
                return;
            }

            if (_live is null && !TryLoad(first))
            {
                return;
            }

            TurnCommit commit = Build(Loaded, first);
            if (commit.HasWork)
            {
                _underWay = commit;
                if (!_runtime.Committer.TryEnqueue(commit))
                {
                    // The process is ending. What was decided is decided again by the next one, which nobody here can be told of.
                    commit.CancelAll();
                }

                return;
            }

            commit.AnswerAll();
            if (Loaded.HasEnded)
            {
                // It was loaded for a redrive, and is not redriven.
                Leave(MailAnswer.Ended);
                _runtime.Busy.End();
                return;
            }
        }
    }

    private LiveExecution Loaded => _live ?? throw new InvalidOperationException("The execution is not loaded.");

    private TurnCommit Build(LiveExecution live, Mail first)
    {
        var commit = new TurnCommit(this);
        _building = commit;
        for (_current = first; _current is not null; _current = Another(commit))
        {
            MailAnswer answer = live.Take(_current, commit);
            if (_current.Ack is not null)
            {
                commit.Acknowledgements.Add((_current.Ack, answer));
            }
        }

        live.Complete(commit);
        _building = null;
        return commit;
    }

    private Mail? Another(TurnCommit commit)
    {
        bool full = commit.Turns >= _runtime.Options.MaxTurnsPerCommit || commit.Bytes >= _runtime.Options.MaxBytesPerCommit || commit.Parks;
        if (full || commit.End is not null)
        {
            return null;
        }

        lock (_gate)
        {
            return _mail.TryPeek(out Mail? next) && next is not ReopeningMail ? _mail.Dequeue() : null;
        }
    }

    /// <summary>Applies what the disk now has. False when the actor is gone thereby.</summary>
    private bool FinishCommit(TurnCommit commit)
    {
        if (commit.Rejection is not null)
        {
            throw new InvalidOperationException($"A turn of execution {Number} could not be stored.", commit.Rejection);
        }

        _underWay = null;
        commit.ReturnBytes();
        LiveExecution live = Loaded;
        if (commit.IsDuplicate)
        {
            Leave(MailAnswer.Duplicate);
            commit.AnswerAll(MailAnswer.Duplicate);
            _runtime.Busy.End();
            return false;
        }

        if (commit.Published.Count > 0)
        {
            _runtime.StatusChanges?.Tell(live.Key.Tenant);
        }

        if (commit.End is not null)
        {
            // Out of the directory first: whoever is told of the end may look at once.
            Leave(MailAnswer.Ended);
            live.Finish(commit);
            _runtime.Busy.End();
            return false;
        }

        if (commit.Parks && TryLeaveParked())
        {
            live.Parked(commit);
            _runtime.Busy.End();
            return false;
        }

        live.Advance(commit, this);
        return true;
    }

    private Mail? NextOrRest()
    {
        lock (_gate)
        {
            if (_mail.TryDequeue(out Mail? mail))
            {
                return mail;
            }

            _busy = false;
        }

        if (_live is { IsIdle: true })
        {
            _runtime.Idle.Add(this);
        }

        _runtime.Busy.End();
        return null;
    }

    private bool TryLoad(Mail first)
    {
        LoadResult loaded = _runtime.Loader.Load(Number, evenEnded: first is ReopeningMail);
        if (loaded.Live is null)
        {
            if (loaded.Answer == MailAnswer.Ended && first is ChildMail child)
            {
                _runtime.Children.Discard(child.ChildNumber, child.Task);
            }

            first.Ack?.TrySetResult(loaded.Answer);
            Leave(loaded.Answer);
            _runtime.Busy.End();
            return false;
        }

        _live = loaded.Live;
        _live.Resume(this);
        return true;
    }

    private bool TryLeaveParked()
    {
        lock (_gate)
        {
            if (_mail.Count > 0)
            {
                return false;
            }

            _gone = true;
        }

        _runtime.Directory.Remove(this);
        return true;
    }

    /// <summary>Takes no more mail, and answers what waits. The caller stops counting as busy once it has done the rest.</summary>
    private void Leave(MailAnswer answer)
    {
        Mail[] left;
        lock (_gate)
        {
            _gone = true;
            left = [.. _mail];
            _mail.Clear();
        }

        _runtime.Directory.Remove(this);
        foreach (Mail mail in left)
        {
            mail.Ack?.TrySetResult(answer);
            if (mail is ChildMail child && answer == MailAnswer.Ended)
            {
                _runtime.Children.Discard(child.ChildNumber, child.Task);
            }
        }
    }

    private void Quarantine(Exception defect)
    {
        _runtime.Quarantine(Number, _live?.Key, defect);
        _live?.Abandon();
        Leave(MailAnswer.Quarantined);
        _current?.Ack?.TrySetResult(MailAnswer.Quarantined);
        _building?.AnswerAll(MailAnswer.Quarantined);
        _underWay?.AnswerAll(MailAnswer.Quarantined);
        _runtime.Busy.End();
    }
}
