using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of a frame. The numbers of the kinds of occupation are stored: a new kind is added at the end.</summary>
internal static class FrameCodec
{
    private enum Kind : byte
    {
        Entering,
        CallingTask,
        Sleeping,
        BackingOff,
        RunningBranches,
        Iterating,
        RunningMap,
        Stopped,
    }

    public static void Write(RecordWriter record, Frame frame)
    {
        record.Number(frame.Id);
        record.Signed(frame.Parent);
        record.Number(frame.Index);
        record.OptionalValue(frame.Item);
        record.Value(frame.Variables);
        record.Number(frame.State);
        record.Value(frame.Input);
        record.Number(frame.PreviousEventId);
        record.Number(frame.EnteredEventId);
        record.Time(frame.EnteredTime);
        record.Number(frame.Retries.Used.Length);
        foreach (int used in frame.Retries.Used)
        {
            record.Number(used);
        }

        WriteOccupation(record, frame.Occupation);
    }

    public static Frame Read(ref RecordReader record) => new()
    {
        Id = record.Number(),
        Parent = record.Signed(),
        Index = record.SmallNumber(),
        Item = record.OptionalValue(),
        Variables = ReadAs<JsonObject>(ref record),
        State = record.SmallNumber(),
        Input = record.Value(),
        PreviousEventId = record.Number(),
        EnteredEventId = record.Number(),
        EnteredTime = record.Time(),
        Retries = ReadRetries(ref record),
        Occupation = ReadOccupation(ref record),
    };

    public static void WriteTimer(RecordWriter record, StartTimer? timer)
    {
        record.Number(timer?.Id.Ordinal ?? 0);
        if (timer is not null)
        {
            record.Time(timer.Due);
            record.Byte((byte)timer.Purpose);
        }
    }

    public static StartTimer? ReadTimer(ref RecordReader record) => record.Number() is > 0 and long ordinal
        ? new StartTimer(new CommandId(ordinal), record.Time(), record.Member<TimerPurpose>())
        : null;

    public static void WriteTable(RecordWriter record, PersistentTable<long> table)
    {
        record.Number(table.Count);
        foreach (KeyValuePair<long, long> entry in table.Entries())
        {
            record.Number(entry.Key);
            record.Number(entry.Value);
        }
    }

    public static PersistentTable<long> ReadTable(ref RecordReader record)
    {
        PersistentTable<long>.Editor table = PersistentTable<long>.Empty.Edit();
        int count = record.Count();
        for (int i = 0; i < count; i++)
        {
            table.Set(record.Number(), record.Number());
        }

        return table.ToTable();
    }

    private static void WriteOccupation(RecordWriter record, Occupation occupation)
    {
        switch (occupation)
        {
            case Entering:
                record.Byte((byte)Kind.Entering);
                break;
            case CallingTask calling:
                record.Byte((byte)Kind.CallingTask);
                WriteCall(record, calling);
                break;
            case Sleeping sleeping:
                record.Byte((byte)Kind.Sleeping);
                WriteTimer(record, sleeping.Timer);
                break;
            case BackingOff backingOff:
                record.Byte((byte)Kind.BackingOff);
                WriteTimer(record, backingOff.Timer);
                break;
            case RunningBranches branches:
                record.Byte((byte)Kind.RunningBranches);
                WriteJoin(record, branches);
                break;
            case Iterating iterating:
                record.Byte((byte)Kind.Iterating);
                WriteJoin(record, iterating);
                record.Value(iterating.Items);
                record.Value(iterating.EffectiveInput);
                record.Number(iterating.Next);
                break;
            case Stopped stopped:
                record.Byte((byte)Kind.Stopped);
                record.Flag(stopped.Failed);
                record.Flag(stopped.MapRun is not null);
                if (stopped.MapRun is not null)
                {
                    InvocationCodec.Write(record, stopped.MapRun);
                }

                break;
            case RunningMap map:
                record.Byte((byte)Kind.RunningMap);
                MapRunCodec.Write(record, map);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static Occupation ReadOccupation(ref RecordReader record) => record.Member<Kind>() switch
    {
        Kind.Entering => Entering.Instance,
        Kind.CallingTask => ReadCall(ref record),
        Kind.Sleeping => new Sleeping(RequireTimer(ref record)),
        Kind.BackingOff => new BackingOff(RequireTimer(ref record)),
        Kind.RunningBranches => new RunningBranches(ReadTable(ref record), ReadResults(ref record)),
        Kind.Iterating => new Iterating(
            ReadTable(ref record), ReadResults(ref record), ReadAs<JsonArray>(ref record), record.Value(), record.SmallNumber()),
        Kind.RunningMap => MapRunCodec.Read(ref record),
        Kind.Stopped => new Stopped(record.Flag(), record.Flag() ? InvocationCodec.Read(ref record) : null),
        _ => throw new UnreachableException(),
    };

    private static void WriteCall(RecordWriter record, CallingTask calling)
    {
        InvocationCodec.Write(record, calling.Command);
        WriteTimer(record, calling.Timeout);
        record.Flag(calling.Submitted);
        record.Flag(calling.Taken);
        record.Flag(calling.EarlyOutcome is not null);
        if (calling.EarlyOutcome is not null)
        {
            StimulusCodec.Write(record, calling.EarlyOutcome);
        }
    }

    private static CallingTask ReadCall(ref RecordReader record)
    {
        InvokeTask command = InvocationCodec.Read(ref record);
        return new CallingTask(
            command, ReadTimer(ref record), record.Flag(), record.Flag(), record.Flag() ? StimulusCodec.Read(ref record) : null);
    }

    private static void WriteJoin(RecordWriter record, Joining joining)
    {
        WriteTable(record, joining.Open);
        record.Number(joining.Results.Count);
        foreach (KeyValuePair<long, JsonValue> result in joining.Results.Entries())
        {
            record.Number(result.Key);
            record.Value(result.Value);
        }
    }

    private static PersistentTable<JsonValue> ReadResults(ref RecordReader record)
    {
        PersistentTable<JsonValue>.Editor results = PersistentTable<JsonValue>.Empty.Edit();
        int count = record.Count();
        for (int i = 0; i < count; i++)
        {
            results.Set(record.Number(), record.Value());
        }

        return results.ToTable();
    }

    private static RetryCounts ReadRetries(ref RecordReader record)
    {
        var used = new int[record.Count()];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = record.SmallNumber();
        }

        return RetryCounts.Of(ImmutableArray.Create(used));
    }

    private static StartTimer RequireTimer(ref RecordReader record) =>
        ReadTimer(ref record) ?? throw new CorruptRecordException("A timer is missing.");

    private static T ReadAs<T>(ref RecordReader record)
        where T : JsonValue =>
        record.Value() as T ?? throw new CorruptRecordException("A value is of another kind than its place needs.");
}
