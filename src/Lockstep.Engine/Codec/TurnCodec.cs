using System.Buffers;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Engine.Codec;

/// <summary>What a turn's events amount to; a replay that gives another digest has diverged.</summary>
/// <param name="Events">How many there are.</param>
/// <param name="Hash">A hash of their content, the same on every machine; values count by their text.</param>
public readonly record struct TurnDigest(int Events, long Hash);

/// <summary>
/// The stored form of one turn: the stimulus and the events it produced, with each distinct JSON value stored once. Versioned: records of
/// earlier versions stay readable.
/// </summary>
public static class TurnCodec
{
    /// <summary>Writes a turn.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="stimulus">The stimulus.</param>
    /// <param name="events">The events that it produced, ids ascending without a gap.</param>
    /// <returns>The digest, which the record contains too.</returns>
    public static TurnDigest Write(IBufferWriter<byte> output, Stimulus stimulus, ReadOnlySpan<HistoryEvent> events)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(stimulus);
        using var record = RecordWriter.Begin();
        StimulusCodec.Write(record, stimulus);
        TurnDigest digest = WriteEvents(record, events);
        record.Fixed((ulong)digest.Hash);
        record.Complete(output);
        return digest;
    }

    /// <summary>The digest of events that are not written.</summary>
    public static TurnDigest Digest(ReadOnlySpan<HistoryEvent> events)
    {
        using var record = RecordWriter.Begin();
        return WriteEvents(record, events);
    }

    /// <summary>Reads the stimulus of a turn.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a turn.</exception>
    public static Stimulus ReadStimulus(ReadOnlySpan<byte> bytes)
    {
        var record = new RecordReader(bytes);
        return StimulusCodec.Read(ref record);
    }

    /// <summary>Reads how many events a turn has.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a turn.</exception>
    public static int ReadEventCount(ReadOnlySpan<byte> bytes)
    {
        RecordReader record = AfterStimulus(bytes);
        return record.Count();
    }

    /// <summary>Reads the stimulus and the digest of a turn: what a replay needs.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a turn.</exception>
    public static (Stimulus Stimulus, TurnDigest Digest) ReadForReplay(ReadOnlySpan<byte> bytes)
    {
        var record = new RecordReader(bytes);
        Stimulus stimulus = StimulusCodec.Read(ref record);
        record.Skips = true;
        int count = ReadEvents(ref record, 0, 0, null);
        long hash = (long)record.Fixed();
        record.RequireEnd();
        return (stimulus, new TurnDigest(count, hash));
    }

    /// <summary>Reads events of a turn.</summary>
    /// <param name="bytes">The turn.</param>
    /// <param name="from">How many to pass over.</param>
    /// <param name="count">How many to read at most.</param>
    /// <exception cref="CorruptRecordException">The bytes are not a turn.</exception>
    public static IReadOnlyList<HistoryEvent> ReadEvents(ReadOnlySpan<byte> bytes, int from = 0, int count = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RecordReader record = AfterStimulus(bytes);
        var events = new List<HistoryEvent>();
        ReadEvents(ref record, from, count, events);
        record.Fixed();
        record.RequireEnd();
        return events;
    }

    private static TurnDigest WriteEvents(RecordWriter record, ReadOnlySpan<HistoryEvent> events)
    {
        record.StartHash();
        record.Number(events.Length);
        if (events.Length > 0)
        {
            record.Number(events[0].Id);
            record.Time(events[0].Timestamp);
            DateTimeOffset time = events[0].Timestamp;
            foreach (HistoryEvent written in events)
            {
                EventCodec.Write(record, written, time);
                time = written.Timestamp;
            }
        }

        return new TurnDigest(events.Length, (long)record.EndHash());
    }

    private static RecordReader AfterStimulus(ReadOnlySpan<byte> bytes)
    {
        var record = new RecordReader(bytes) { Skips = true };
        StimulusCodec.Read(ref record);
        return record;
    }

    private static int ReadEvents(ref RecordReader record, int from, int count, List<HistoryEvent>? events)
    {
        int total = record.Count();
        if (total == 0)
        {
            return 0;
        }

        long id = record.Number();
        RecordReader.Require(id > 0 && id <= long.MaxValue - total);
        DateTimeOffset time = record.Time();
        for (int i = 0; i < total; i++)
        {
            bool wanted = i >= from && i - from < count && events is not null;
            record.Skips = !wanted;
            HistoryEvent read = EventCodec.Read(ref record, id + i, time);
            time = read.Timestamp;
            if (wanted)
            {
                events?.Add(read);
            }
        }

        return total;
    }
}
