using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>The hot row of an execution: how far it has come, and who may say so. Every append replaces it by its version.</summary>
internal sealed record HeadRow
{
    public long Epoch { get; init; }

    public long LastTurn { get; init; }

    public long LastEventId { get; init; }

    public long Chain { get; init; }

    public long LastCommand { get; init; }

    public long Transitions { get; init; }

    public ExecutionStatus Status { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? Quarantine { get; init; }

    /// <summary>The turn at which it was restarted last, its orchestration being gone; null when it never was.</summary>
    public long? RecoveredTurn { get; init; }

    /// <summary>How often it was restarted at that turn.</summary>
    public long Recoveries { get; init; }

    /// <summary>How often it was redriven.</summary>
    public long Redrives { get; init; }

    /// <summary>When it was redriven last; null when it never was.</summary>
    public DateTimeOffset? RedrivenAt { get; init; }

    /// <summary>The client tokens of the last redrives, each with its time (<see cref="RedriveTokens"/>); null when there are none.</summary>
    public string? Tokens { get; init; }

    /// <summary>The revision that a redrive has put in place of the first one; null while it runs that.</summary>
    public string? Revision { get; init; }

    /// <summary>The version that names this revision; null when none was asked for.</summary>
    public long? Version { get; init; }

    /// <summary>Since when retention is removing it; null for one that stays. From then on it counts as gone, but its name is not free yet.</summary>
    public DateTimeOffset? Expired { get; init; }

    /// <summary>What of its machine it runs. Parts of map runs publish no events.</summary>
    public ExecutionKind Kind { get; init; }

    /// <summary>
    /// Of a part of a map run that was redriven, the task of its parent that waits for it since; null while the one that started it does.
    /// </summary>
    public long? WaitingTask { get; init; }

    /// <summary>Whether what runs of it is being stopped, to be redriven for that task when it has ended.</summary>
    public bool RedrivesAtEnd { get; init; }

    /// <summary>The version that was read; null for a row that is new.</summary>
    public string? ETag { get; init; }

    /// <summary>Whether the execution has ended.</summary>
    public bool HasEnded => Status != ExecutionStatus.Running;

    public static HeadRow Read(Entity entity) => new()
    {
        Epoch = entity.Get<long>(nameof(Epoch)),
        LastTurn = entity.Get<long>(nameof(LastTurn)),
        LastEventId = entity.Get<long>(nameof(LastEventId)),
        Chain = entity.Get<long>(nameof(Chain)),
        LastCommand = entity.Get<long>(nameof(LastCommand)),
        Transitions = entity.Get<long>(nameof(Transitions)),
        Status = (ExecutionStatus)entity.Get<long>(nameof(Status)),
        StoppedAt = entity.TryGet(nameof(StoppedAt), out DateTimeOffset stopped) ? stopped : null,
        Quarantine = entity.TryGet<string>(nameof(Quarantine), out var reason) ? reason : null,
        RecoveredTurn = entity.TryGet(nameof(RecoveredTurn), out long turn) ? turn : null,
        Recoveries = entity.TryGet(nameof(Recoveries), out long times) ? times : 0,
        Redrives = entity.TryGet(nameof(Redrives), out long redrives) ? redrives : 0,
        RedrivenAt = entity.TryGet(nameof(RedrivenAt), out DateTimeOffset redriven) ? redriven : null,
        Tokens = entity.TryGet<string>(nameof(Tokens), out var tokens) ? tokens : null,
        Revision = entity.TryGet<string>(nameof(Revision), out var revision) ? revision : null,
        Version = entity.TryGet(nameof(Version), out long version) ? version : null,
        Expired = entity.TryGet(nameof(Expired), out DateTimeOffset expired) ? expired : null,
        Kind = entity.TryGet(nameof(Kind), out long kind) ? (ExecutionKind)kind : ExecutionKind.Machine,
        WaitingTask = entity.TryGet(nameof(WaitingTask), out long waiting) ? waiting : null,
        RedrivesAtEnd = entity.TryGet(nameof(RedrivesAtEnd), out bool atEnd) && atEnd,
        ETag = entity.ETag,
    };

    public Entity ToEntity(ExecutionKey key) => new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Head))
        .With(nameof(Epoch), Epoch)
        .With(nameof(LastTurn), LastTurn)
        .With(nameof(LastEventId), LastEventId)
        .With(nameof(Chain), Chain)
        .With(nameof(LastCommand), LastCommand)
        .With(nameof(Transitions), Transitions)
        .With(nameof(Status), (long)Status)
        .With(nameof(StoppedAt), StoppedAt)
        .With(nameof(Quarantine), Quarantine)
        .With(nameof(RecoveredTurn), RecoveredTurn)
        .With(nameof(Recoveries), Recoveries == 0 ? null : Recoveries)
        .With(nameof(Redrives), Redrives == 0 ? null : Redrives)
        .With(nameof(RedrivenAt), RedrivenAt)
        .With(nameof(Tokens), Tokens)
        .With(nameof(Revision), Revision)
        .With(nameof(Version), Version)
        .With(nameof(Expired), Expired)
        .With(nameof(Kind), Kind == ExecutionKind.Machine ? null : (long)Kind)
        .With(nameof(WaitingTask), WaitingTask)
        .With(nameof(RedrivesAtEnd), RedrivesAtEnd ? true : null);

    /// <summary>The head once a redrive has opened it: under an epoch that fences off whatever is left of before.</summary>
    public HeadRow Redriven(DateTimeOffset time) => this with
    {
        Epoch = Math.Max(Epoch, 1) + 1,
        Status = ExecutionStatus.Running,
        StoppedAt = null,
        RecoveredTurn = null,
        Recoveries = 0,
        Redrives = Redrives + 1,
        RedrivenAt = time,
        RedrivesAtEnd = false,
    };

    /// <summary>Replaces the row that was read by this one.</summary>
    public EntityWrite Replace(ExecutionKey key) =>
        new ReplaceEntity(ToEntity(key), ETag ?? throw new InvalidOperationException("A head that was never read cannot be replaced."));
}
