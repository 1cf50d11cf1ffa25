using System.Buffers;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Turns;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of an execution's state: a snapshot from which the execution goes on anywhere.</summary>
public static class StateCodec
{
    /// <summary>Writes a snapshot.</summary>
    public static void Write(IBufferWriter<byte> output, ExecutionState state)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(state);
        using var record = RecordWriter.Begin();
        record.Byte((byte)state.Status);
        record.Number(state.Turn);
        record.Number(state.LastEventId);
        record.Number(state.LastCommandId);
        record.Time(state.Time);
        record.Time(state.StartTime);
        record.Fixed(state.RandomDraws);
        record.Flag(state.Identity is not null);
        if (state.Identity is not null)
        {
            IdentityCodec.Write(record, state.Identity);
        }

        IdentityCodec.Write(record, state.Limits);
        record.OptionalValue(state.Input);
        FrameCodec.WriteTimer(record, state.ExecutionTimeout);
        record.Number(state.PendingContinue?.Id.Ordinal ?? 0);
        record.Number(state.NextFrame);
        record.Number(state.Frames.Count);
        foreach (KeyValuePair<long, Frame> frame in state.Frames.Entries())
        {
            FrameCodec.Write(record, frame.Value);
        }

        record.Number(state.NextReady);
        FrameCodec.WriteTable(record, state.Ready);
        WriteRedrives(record, state);
        record.Complete(output);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a snapshot.</exception>
    public static ExecutionState Read(ReadOnlySpan<byte> bytes)
    {
        var record = new RecordReader(bytes);
        var state = new ExecutionState
        {
            Status = record.Member<ExecutionStatus>(),
            Turn = record.Number(),
            LastEventId = record.Number(),
            LastCommandId = record.Number(),
            Time = record.Time(),
            StartTime = record.Time(),
            RandomDraws = record.Fixed(),
            Identity = record.Flag() ? IdentityCodec.ReadIdentity(ref record) : null,
            Limits = IdentityCodec.ReadLimits(ref record),
            Input = record.OptionalValue(),
            ExecutionTimeout = FrameCodec.ReadTimer(ref record),
            PendingContinue = record.Number() is > 0 and long ordinal ? new Continue(new CommandId(ordinal)) : null,
            NextFrame = record.Number(),
        };
        RecordReader.Require(state.Turn == 0 || (state.Identity is not null && state.Input is not null));
        state = WithFrames(ref record, state);
        state = state with { NextReady = record.Number(), Ready = FrameCodec.ReadTable(ref record) };
        state = record.Version >= 5 ? WithRedrives(ref record, state) : state;
        record.RequireEnd();
        return state;
    }

    private static void WriteRedrives(RecordWriter record, ExecutionState state)
    {
        record.Number(state.RedriveCount);
        if (state.RedriveTime is DateTimeOffset redriven)
        {
            record.Time(redriven);
            record.Number(state.RedriveEventId);
            record.Number(state.RedriveTokens.Length);
            foreach (RedriveToken token in state.RedriveTokens)
            {
                record.Text(token.Token);
                record.Time(token.Time);
            }
        }
    }

    private static ExecutionState WithRedrives(ref RecordReader record, ExecutionState state)
    {
        int count = record.SmallNumber();
        if (count == 0)
        {
            return state;
        }

        DateTimeOffset time = record.Time();
        long eventId = record.Number();
        var tokens = new RedriveToken[record.Count()];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = new RedriveToken(record.Text(), record.Time());
        }

        return state with { RedriveCount = count, RedriveTime = time, RedriveEventId = eventId, RedriveTokens = [.. tokens] };
    }

    private static ExecutionState WithFrames(ref RecordReader record, ExecutionState state)
    {
        PersistentTable<Frame>.Editor frames = PersistentTable<Frame>.Empty.Edit();
        PersistentTable<long>.Editor awaited = PersistentTable<long>.Empty.Edit();
        long variableBytes = 0;
        int count = record.Count();
        for (int i = 0; i < count; i++)
        {
            Frame frame = FrameCodec.Read(ref record);
            variableBytes += Assignment.SizeOf(frame.Variables);
            frames.Set(frame.Id, frame);
            foreach (CommandId id in AwaitedBy(frame.Occupation))
            {
                awaited.Set(id.Ordinal, frame.Id);
            }
        }

        PersistentTable<Frame> table = frames.ToTable();
        return state with
        {
            Frames = table,
            Awaited = awaited.ToTable(),
            VariableBytes = variableBytes,
            MapRun = table.TryGet(Frame.RootId, out Frame? root) && root.Occupation is RunningMap map
                ? state.Status == ExecutionStatus.Running ? map.Progress : map.Progress.Over()
                : null,
        };
    }

    private static IEnumerable<CommandId> AwaitedBy(Occupation occupation)
    {
        switch (occupation)
        {
            case CallingTask calling:
                yield return calling.Command.Id;
                if (calling.Timeout is not null)
                {
                    yield return calling.Timeout.Id;
                }

                break;
            case Sleeping sleeping:
                yield return sleeping.Timer.Id;
                break;
            case BackingOff backingOff:
                yield return backingOff.Timer.Id;
                break;
            case RunningMap map:
                if (map.Call is not null)
                {
                    yield return map.Call.Id;
                }

                foreach (KeyValuePair<long, OpenChild> child in map.Open.Entries())
                {
                    yield return child.Value.Command.Id;
                }

                break;
            default:
                break; // Entering and Joining wait for no command.
        }
    }
}
