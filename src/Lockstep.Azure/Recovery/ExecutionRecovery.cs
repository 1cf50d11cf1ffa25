using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Recovery;

/// <summary>
/// Brings an execution back whose row says that it runs while no orchestration runs it: its task hub was lost, or its orchestration has failed. The stored
/// turns are decided again, and only when that gives what is stored does a new orchestration go on from there, under an epoch that fences
/// off whatever is left of the old one. Else the execution is quarantined, with a reason that says what to do. May be repeated and cut off anywhere.
/// </summary>
internal sealed class ExecutionRecovery(RecoveryParts parts, DecideTurn decide)
{
    /// <summary>How often an execution is restarted at the same turn before it is given up: then it is no accident.</summary>
    public const int MaxRestarts = 3;

    private readonly LedgerStore _store = new(parts.Tables, parts.Blobs);

    /// <summary>Looks after one execution.</summary>
    public async ValueTask<Recovered> RecoverAsync(ExecutionKey key, CancellationToken cancellation)
    {
        LedgerHead? found = await parts.Ledger.FindAsync(key, cancellation);
        if (found is not { Record: { Status: ExecutionStatus.Running, Type: WorkflowType.Standard } }
            || found.Start.Identity.InterpreterRevision > Interpreter.CurrentRevision
            || await parts.Orchestrations.IsRunningAsync(ExecutionInstances.IdOf(key), cancellation))
        {
            // What a newer release began is left to it.
            return Recovered.Fine;
        }

        if (await _store.FindHeadAsync(key, cancellation) is not { HasEnded: false, Expired: null } head)
        {
            return Recovered.Fine;
        }

        if (head is { LastTurn: 0, Quarantine: null })
        {
            await parts.Orchestrations.PurgeAsync(ExecutionInstances.IdOf(key), cancellation);
            await parts.Scheduler.ScheduleAsync(found.AsNew, revision: null, cancellation);
            return Recovered.Restarted;
        }

        if (head.RecoveredTurn == head.LastTurn && head.Recoveries >= MaxRestarts)
        {
            return await QuarantineAsync(
                key,
                head,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Its orchestration has ended {MaxRestarts} times at turn {head.LastTurn} without getting further. The scheduler's dashboard says why."),
                cancellation);
        }

        return await ReplayAsync(found, head, cancellation);
    }

    private async ValueTask<Recovered> ReplayAsync(LedgerHead found, HeadRow head, CancellationToken cancellation)
    {
        ExecutionKey key = found.Record.Key;
        long epoch = Math.Max(head.Epoch, 1) + 1;

        // From here on nothing is appended any more by whatever is left of the old orchestration; a quarantine keeps it out as well.
        HeadRow? fenced = head.Quarantine is null ? await WriteAsync(key, head with { Epoch = epoch }, cancellation) : head;
        if (fenced is null)
        {
            return Recovered.Fine;
        }

        StoredReplay stored = await new StoredExecutions(parts, decide).ReplayAsync(found, fenced, cancellation);
        if (stored is not { Replay: { } replay, Revision: { } revision })
        {
            return await QuarantineAsync(key, fenced, stored.Problem ?? "Its turns cannot be decided again.", cancellation);
        }

        await parts.Orchestrations.PurgeAsync(ExecutionInstances.IdOf(key), cancellation);
        HeadRow lifted = fenced with
        {
            Epoch = epoch,
            Quarantine = null,
            RecoveredTurn = head.LastTurn,
            Recoveries = head.RecoveredTurn == head.LastTurn ? head.Recoveries + 1 : 1,
        };
        if (await WriteAsync(key, lifted, cancellation) is null)
        {
            return Recovered.Fine;
        }

        await RestartAsync(found, revision, replay, epoch, cancellation);
        return Recovered.Restarted;
    }

    private async ValueTask RestartAsync(
        LedgerHead found, StateMachineRecord revision, ReplayedTurns replay, long epoch, CancellationToken cancellation)
    {
        ExecutionRecord record = found.Record;
        ExecutionKey key = record.Key;
        if (found.Part.Kind != ExecutionKind.MapRun)
        {
            await new RecoveredLog(parts).LogAsync(record, revision, cancellation);
        }

        ImmutableArray<CarriedRow> rows = await SettleTasksAsync(key, replay, epoch, cancellation);
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, replay.State);
        bool isLarge = bytes.WrittenCount > MessageSizes.InlineState;
        for (int part = 0; isLarge && part <= bytes.WrittenCount / MessageSizes.Part; part++)
        {
            ReadOnlyMemory<byte> content = Orchestration.Activities.BodyParts.PartOf(bytes.WrittenMemory, part);
            await parts.Ledger.SaveStatePartAsync(key, epoch, part, content, cancellation);
        }

        var carried = new CarriedOver(replay.Chain, isLarge ? (ReadOnlyMemory<byte>?)null : bytes.WrittenMemory, rows);
        await parts.Orchestrations.ScheduleAsync(
            OrchestrationScheduler.StartOf(record, ExecutionOrchestrator.InputFor(key, revision, carried, epoch, parts.Settings, found.Part)), cancellation);
    }

    /// <summary>
    /// Makes the rows of tasks agree with the state, does again what had to follow when they were opened and given up, and says which ones wait for reports.
    /// </summary>
    private async ValueTask<ImmutableArray<CarriedRow>> SettleTasksAsync(
        ExecutionKey key, ReplayedTurns replay, long epoch, CancellationToken cancellation)
    {
        List<CarriedRow> carried = [];
        List<CommandId> left = [];
        List<CommandId> givenUp = [];
        List<OpenTaskRow> open = [];
        HashSet<long> known = [.. replay.State.SubmittedChildren().Select(child => child.Ordinal)];
        await foreach (TaskRow row in new LedgerTurns(_store).ReadTasksAsync(key, cancellation))
        {
            if (replay.State.FindTask(row.Task) is not { } task)
            {
                if (row.Condition == TaskCondition.Open)
                {
                    left.Add(row.Task);
                }

                if (row.Condition != TaskCondition.Reported)
                {
                    // The end of a child is what is reported; any other one may still run.
                    givenUp.Add(row.Task);
                }

                continue;
            }

            bool needsCall = !task.Submitted && TaskRoutes.Of(task.Command, parts.Settings).IsCalled;
            DateTimeOffset? due = replay.HeartbeatDue(row.Task) is { } first && row.Deadline > first ? row.Deadline : replay.HeartbeatDue(row.Task);
            if (replay.HasOutcome(row.Task) || !known.Contains(row.Task.Ordinal))
            {
                carried.Add(new CarriedRow(row.Task.Ordinal, due) { IsSettled = replay.HasOutcome(row.Task), NeedsCall = needsCall });
            }

            if (row.Condition == TaskCondition.Open && await parts.Ledger.FindOpenTaskAsync(key, row.Task, cancellation) is { } waiting)
            {
                open.Add(waiting);
            }
        }

        foreach (CommandId[] some in left.Chunk(MessageSizes.RowsPerAppend))
        {
            await parts.Ledger.AppendAsync(key, new AppendBatch { Epoch = epoch, Closes = [.. some] }, cancellation);
        }

        await parts.FollowUps.GivenUpAsync(key, [.. givenUp], cancellation);
        foreach (OpenTaskRow waiting in open.Where(task => task.Kind == OpenTaskKind.Child))
        {
            // A quarantined parent could not be told of an end.
            if (await parts.Ledger.FindChildAsync(key, waiting.Task, cancellation) is { } child)
            {
                await parts.Ledger.SettleAsync(child, cancellation);
                await parts.FollowUps.EndedAsync(child, cancellation);
            }
        }

        await parts.FollowUps.OpenedAsync(key, ExecutionInstances.IdOf(key), [.. open], cancellation);
        return [.. carried];
    }

    private async ValueTask<Recovered> QuarantineAsync(ExecutionKey key, HeadRow head, string reason, CancellationToken cancellation)
    {
        if (head.Quarantine is null)
        {
            await parts.Ledger.QuarantineAsync(key, reason, cancellation);
        }

        return new Recovered(RecoveredAs.Quarantined, head.Quarantine ?? reason);
    }

    private async ValueTask<HeadRow?> WriteAsync(ExecutionKey key, HeadRow head, CancellationToken cancellation)
    {
        WriteOutcome written = await _store.WriteAsync([head.Replace(key)], cancellation);
        return written.Succeeded ? head with { ETag = written.ETags[0] } : null;
    }
}

/// <summary>What came of looking after an execution.</summary>
/// <param name="As">What it is now.</param>
/// <param name="Reason">Why it is quarantined; null when it is not.</param>
internal sealed record Recovered(RecoveredAs As, string? Reason)
{
    public static Recovered Fine { get; } = new(RecoveredAs.Fine, null);

    public static Recovered Restarted { get; } = new(RecoveredAs.Restarted, null);
}

/// <summary>What an execution is after it was looked after.</summary>
internal enum RecoveredAs
{
    /// <summary>It needs nothing, or somebody else is at it.</summary>
    Fine,

    /// <summary>A new orchestration goes on with it.</summary>
    Restarted,

    /// <summary>It is out of service until an operator has done something.</summary>
    Quarantined,
}

/// <summary>What recovery works with.</summary>
internal sealed record RecoveryParts(
    ITables Tables,
    IBlobs Blobs,
    IExecutionLedger Ledger,
    IStateMachineStore Machines,
    CompiledMachines Compiled,
    ITaskTokenIssuer Tokens,
    IOrchestrations Orchestrations,
    IExecutionScheduler Scheduler,
    IExecutionFollowUps FollowUps,
    OrchestrationSettings Settings,
    ILogStore Logs);
