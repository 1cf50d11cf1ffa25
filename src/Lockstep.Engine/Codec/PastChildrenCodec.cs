using System.Collections.Immutable;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of what a map run knows of the children that it began before a redrive, and of their numbers.</summary>
internal static class PastChildrenCodec
{
    public static void Write(RecordWriter record, RunningMap map)
    {
        Write(record, map.Items);
        Write(record, map.Executions);
        record.Flag(map.Past is not null);
        if (map.Past is { } past)
        {
            record.OptionalText(past.Cursor);
            record.Flag(past.IsDone);
            Write(record, past.Found);
            Write(record, past.Kept);
        }
    }

    public static RunningMap Read(ref RecordReader record, RunningMap map)
    {
        map = map with { Items = Read(ref record, map.Items), Executions = Read(ref record, map.Executions) };
        return record.Flag()
            ? map with { Past = new PastChildren(record.OptionalText(), record.Flag(), ReadChildren(ref record), ReadChildren(ref record)) }
            : map;
    }

    private static void Write(RecordWriter record, MapRunCounts counts)
    {
        record.Number(counts.FailedBefore);
        record.Number(counts.TimedOutBefore);
        record.Number(counts.AbortedBefore);
        record.Number(counts.FailuresNotRedrivable);
    }

    private static MapRunCounts Read(ref RecordReader record, MapRunCounts counts) => counts with
    {
        FailedBefore = record.Number(),
        TimedOutBefore = record.Number(),
        AbortedBefore = record.Number(),
        FailuresNotRedrivable = record.Number(),
    };

    private static void Write(RecordWriter record, ImmutableArray<PastChild> children)
    {
        record.Number(children.Length);
        foreach (PastChild child in children)
        {
            record.Number(child.Index);
            record.Number(child.Items);
            record.Byte((byte)child.End);
            record.OptionalValue(child.Input);
        }
    }

    private static ImmutableArray<PastChild> ReadChildren(ref RecordReader record)
    {
        var children = new PastChild[record.Count()];
        for (int i = 0; i < children.Length; i++)
        {
            children[i] = new PastChild(record.Number(), record.Number(), record.Member<MapChildEnd>(), record.OptionalValue());
        }

        return ImmutableArray.Create(children);
    }
}
