using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// The row of a task whose outcome comes from outside. It goes from open to reported, claimed or closed, once, by its version; so of all who
/// report, claim and close, one wins. It stays when it is over, and tells latecomers so.
/// </summary>
internal sealed record TaskRow
{
    /// <summary>Name of the body that says what is called.</summary>
    public const string Invocation = "Invocation";

    public required CommandId Task { get; init; }

    public TaskCondition Condition { get; init; }

    public OpenTaskKind Kind { get; init; }

    public DateTimeOffset Scheduled { get; init; } = DateTimeOffset.UnixEpoch;

    public long? HeartbeatSeconds { get; init; }

    public string? Activity { get; init; }

    /// <summary>Before this time no heartbeat is missed; null when none has arrived yet.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Which offer a worker has taken it by; null while none has.</summary>
    public string? TakenBy { get; init; }

    /// <summary>When a worker took it; null while none has.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>What was reported; null while nothing was.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The row as it was read, with the body; null for one that is new.</summary>
    public Entity? Stored { get; init; }

    public static TaskRow Of(OpenTaskRow opened) => new()
    {
        Task = opened.Task,
        Kind = opened.Kind,
        Scheduled = opened.Scheduled,
        HeartbeatSeconds = opened.HeartbeatSeconds,
        Activity = opened.Activity,
    };

    /// <summary>What is left of a task that was given up.</summary>
    public static TaskRow Closed(CommandId task) => new() { Task = task, Condition = TaskCondition.Closed };

    public static TaskRow Read(CommandId task, Entity entity) => new()
    {
        Task = task,
        Condition = (TaskCondition)entity.Get<long>(nameof(Condition)),
        Kind = (OpenTaskKind)entity.Get<long>(nameof(Kind)),
        Scheduled = entity.Get<DateTimeOffset>(nameof(Scheduled)),
        HeartbeatSeconds = entity.TryGet(nameof(HeartbeatSeconds), out long seconds) ? seconds : null,
        Activity = entity.TryGet<string>(nameof(Activity), out var activity) ? activity : null,
        Deadline = entity.TryGet(nameof(Deadline), out DateTimeOffset deadline) ? deadline : null,
        TakenBy = entity.TryGet<string>(nameof(TakenBy), out var taker) ? taker : null,
        TakenAt = entity.TryGet(nameof(TakenAt), out DateTimeOffset taken) ? taken : null,
        Fingerprint = entity.TryGet<string>(nameof(Fingerprint), out var fingerprint) ? fingerprint : null,
        Stored = entity,
    };

    public Entity ToEntity(ExecutionKey key)
    {
        Entity entity = (Stored ?? new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Task(Task))))
            .With(nameof(Condition), (long)Condition)
            .With(nameof(Kind), (long)Kind)
            .With(nameof(Scheduled), Scheduled)
            .With(nameof(HeartbeatSeconds), HeartbeatSeconds)
            .With(nameof(Activity), Activity)
            .With(nameof(Deadline), Deadline)
            .With(nameof(TakenBy), TakenBy)
            .With(nameof(TakenAt), TakenAt)
            .With(nameof(Fingerprint), Fingerprint);
        return Condition == TaskCondition.Open ? entity : Bodies.Without(entity, Invocation);
    }

    /// <summary>Replaces the row that was read by this one.</summary>
    public EntityWrite Replace(ExecutionKey key) =>
        new ReplaceEntity(ToEntity(key), Stored?.ETag ?? throw new InvalidOperationException("A task that was never read cannot be replaced."));

    /// <summary>The row after a heartbeat, or anything that counts as one.</summary>
    public TaskRow Heard(DateTimeOffset now)
    {
        DateTimeOffset? deadline = HeartbeatSeconds is long seconds ? now.AddSeconds(seconds) : null;
        return deadline > (Deadline ?? DateTimeOffset.MinValue) ? this with { Deadline = deadline } : this;
    }
}

/// <summary>How it stands with a task. The numbers are stored.</summary>
internal enum TaskCondition
{
    /// <summary>It waits for a report.</summary>
    Open = 0,

    /// <summary>Its outcome is in the inbox, or was.</summary>
    Reported = 1,

    /// <summary>Its timeout was faster than any report.</summary>
    TimedOut = 2,

    /// <summary>It has missed a heartbeat.</summary>
    HeartbeatMissed = 3,

    /// <summary>The execution has given it up.</summary>
    Closed = 4,
}
