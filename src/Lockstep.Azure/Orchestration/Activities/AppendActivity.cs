using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>Makes turns durable and does what has to follow; the same batch again changes nothing.</summary>
internal sealed class AppendActivity(ActivityPorts ports, BodyParts parts)
{
    private readonly TurnLogging _logging = new(ports.Logs, parts);

    public async ValueTask<AppendAnswer> RunAsync(
        ExecutionKey key, string instanceId, BatchMessage message, TracedMessage? traced, LoggingMessage? logging, CancellationToken cancellation)
    {
        TurnReport? report = ports.Telemetry is { Executions.IsObserved: true } telemetry && traced is not null
            ? new TurnReport(telemetry, traced.Of(key), parts)
            : null;
        AppendBatch batch = await ReadAsync(key, message, report, cancellation);
        AppendOutcome outcome = await ports.Ledger.AppendAsync(key, batch, cancellation);
        if (outcome is not Appended)
        {
            return ToAnswer(outcome);
        }

        if (logging is not null && traced is not null)
        {
            // Before the parts of its turns are removed, and before anybody hears of an end.
            await _logging.LogAsync(key, message, batch.Turns, logging.ToConfiguration(), traced.Arn, cancellation);
        }

        if (batch.Opens.Length > 0)
        {
            await ports.FollowUps.OpenedAsync(key, instanceId, batch.Opens, cancellation);
        }

        if (message.GivenUp.Length > 0)
        {
            await ports.FollowUps.GivenUpAsync(key, [.. message.GivenUp.Select(task => new CommandId(task))], cancellation);
        }

        if (batch.End is not null)
        {
            await ports.FollowUps.EndedAsync(key, cancellation);
        }

        foreach (Body body in message.Turns.SelectMany(turn => new[] { turn.Bytes, turn.Facts }).OfType<Body>().Where(body => body.Parts is not null))
        {
            await parts.DeleteAsync(key, body, cancellation);
        }

        return ToAnswer(outcome);
    }

    private static AppendAnswer ToAnswer(AppendOutcome outcome) => outcome switch
    {
        Appended appended => new AppendAnswer(AppendResult.Appended, appended.LastTurn, appended.Chain),
        FencedOff => new AppendAnswer(AppendResult.FencedOff, 0, 0),
        AppendGap gap => new AppendAnswer(AppendResult.Gap, gap.LastTurn, 0),
        AlreadyEnded ended => new AppendAnswer(AppendResult.Ended, ended.LastTurn, 0),
        Diverged diverged => new AppendAnswer(AppendResult.Diverged, diverged.Turn, 0),
        _ => throw new UnreachableException(),
    };

    private async ValueTask<AppendBatch> ReadAsync(ExecutionKey key, BatchMessage message, TurnReport? report, CancellationToken cancellation)
    {
        long durable = await DurableTurnAsync(key, message, cancellation);
        ImmutableArray<TurnRecord>.Builder turns = ImmutableArray.CreateBuilder<TurnRecord>(message.Turns.Length);
        foreach (TurnMessage turn in message.Turns)
        {
            // A turn that is durable counts by its chain only; its parts may be gone, as the append that wrote it has removed them.
            ReadOnlyMemory<byte> bytes = turn.Turn <= durable && turn.Bytes.Parts is not null
                ? default
                : await parts.ReadAsync(key, turn.Bytes, cancellation);
            turns.Add(new TurnRecord(turn.Turn, turn.FirstEvent, turn.Events, turn.Chain, turn.Transitions, bytes));
            if (turn.Turn > durable && report is not null)
            {
                await report.AddAsync(turn, cancellation);
            }
        }

        ImmutableArray<OpenTaskRow>.Builder opens = ImmutableArray.CreateBuilder<OpenTaskRow>(message.Opens.Length);
        foreach (OpenMessage open in message.Opens)
        {
            ReadOnlyMemory<byte>? invocation = open.Invocation is null ? (ReadOnlyMemory<byte>?)null : await parts.ReadAsync(key, open.Invocation, cancellation);
            opens.Add(new OpenTaskRow(new CommandId(open.Task), open.Kind, open.Scheduled, open.HeartbeatSeconds, open.Activity, invocation));
        }

        return new AppendBatch
        {
            Epoch = message.Epoch,
            Turns = turns.ToImmutable(),
            Opens = opens.MoveToImmutable(),
            Closes = [.. message.Closes.Select(task => new CommandId(task))],
            Taken = message.Taken,
            LastCommand = message.LastCommand,
            MapRun = message.MapRun?.ToProgress(),
            End = message.End is null ? null : await EndAsync(key, message.End, turns, cancellation),
            OnDurable = report is null ? null : report.Tell,
        };
    }

    private async ValueTask<long> DurableTurnAsync(ExecutionKey key, BatchMessage message, CancellationToken cancellation) =>
        message.Turns.Any(turn => turn.Bytes.Parts is not null || turn.Facts?.Parts is not null)
            ? (await ports.Ledger.FindAsync(key, cancellation))?.LastTurn ?? 0
            : 0;

    /// <summary>What the end says is not sent twice: the last event of the last turn says it.</summary>
    private async ValueTask<ExecutionEnd> EndAsync(
        ExecutionKey key, EndMessage end, ImmutableArray<TurnRecord>.Builder turns, CancellationToken cancellation)
    {
        if (turns.Count == 0 || turns[^1].Bytes.IsEmpty)
        {
            // The same end again, after its turn has become durable: the ledger says how it was.
            ExecutionRecord? record = (await ports.Ledger.FindAsync(key, cancellation))?.Record;
            return new ExecutionEnd(
                end.Status, end.Time, record?.Output is { } output ? Json.JsonValue.Parse(output) : null, record?.Error, record?.Cause);
        }

        TurnRecord last = turns[^1];
        return TurnCodec.ReadEvents(last.Bytes.Span, last.Events - 1, 1) switch
        {
            [{ Details: OutputDetails succeeded }] => new ExecutionEnd(end.Status, end.Time, succeeded.Output, null, null),
            [{ Details: ErrorDetails failed }] => new ExecutionEnd(end.Status, end.Time, null, failed.Error, failed.Cause),
            _ => throw new InvalidOperationException($"Turn {last.Turn} of execution '{key.Id}' ends it, and its last event does not say how."),
        };
    }
}
