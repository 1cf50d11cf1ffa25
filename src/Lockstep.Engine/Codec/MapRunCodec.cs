using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of what a map run is about.</summary>
internal static class MapRunCodec
{
    public static void Write(RecordWriter record, RunningMap map)
    {
        record.Byte((byte)map.Stage);
        Write(record, map.Settings);
        record.OptionalText(map.Source.Cursor);
        record.OptionalText(map.Source.Version);
        record.Flag(map.Source.IsDone);
        record.Value(map.Source.Rest);
        record.Number(map.Source.Begun);
        Write(record, map.Items);
        Write(record, map.Executions);
        record.Number(map.Children);
        record.Number(map.Open.Count);
        foreach (KeyValuePair<long, OpenChild> entry in map.Open.Entries())
        {
            InvocationCodec.Write(record, entry.Value.Command);
            record.Number(entry.Value.Items);
            record.Flag(entry.Value.Submitted);
        }

        record.Flag(map.Call is not null);
        if (map.Call is not null)
        {
            InvocationCodec.Write(record, map.Call);
        }

        record.Flag(map.Error is not null);
        record.OptionalText(map.Error?.Name);
        record.OptionalText(map.Error?.Cause);
        record.Value(map.Collected);
        PastChildrenCodec.Write(record, map);
        record.Value(map.Source.RestOrigins);
    }

    public static RunningMap Read(ref RecordReader record)
    {
        var stage = record.Member<MapRunStage>();
        MapRunSettings settings = ReadSettings(ref record);
        var source = new ItemSource(
            record.OptionalText(),
            record.OptionalText(),
            record.Flag(),
            record.Value() as JsonArray ?? throw new CorruptRecordException("The items of a map run are no array."),
            0,
            record.Number());
        MapRunCounts items = ReadCounts(ref record);
        MapRunCounts executions = ReadCounts(ref record);
        long children = record.Number();
        PersistentTable<OpenChild>.Editor open = PersistentTable<OpenChild>.Empty.Edit();
        int count = record.Count();
        for (int i = 0; i < count; i++)
        {
            InvokeTask command = InvocationCodec.Read(ref record);
            open.Set(command.Id.Ordinal, new OpenChild(command, record.Number(), record.Flag()));
        }

        InvokeTask? call = record.Flag() ? InvocationCodec.Read(ref record) : null;
        bool fails = record.Flag();
        string? error = record.OptionalText();
        string? cause = record.OptionalText();
        JsonArray collected = record.Version < 6
            ? JsonArray.Empty
            : record.Value() as JsonArray ?? throw new CorruptRecordException("The results of a map run are no array.");
        var map = new RunningMap(
            stage, settings, source, items, executions, children, open.ToTable(), call, fails ? new StatesError(error, cause) : null, collected);
        map = record.Version >= 7 ? PastChildrenCodec.Read(ref record, map) : map;
        return record.Version < 8 ? map : map with
        {
            Source = source with { Origins = record.Value() as JsonArray ?? throw new CorruptRecordException("The origins of the items of a map run are no array.") },
        };
    }

    public static void Write(RecordWriter record, MapRunSettings settings)
    {
        record.Number(settings.MaxConcurrency);
        record.OptionalNumber(settings.ToleratedFailureCount);
        record.OptionalValue(settings.ToleratedFailurePercentage);
    }

    public static MapRunSettings ReadSettings(ref RecordReader record) =>
        new(record.Number(), record.OptionalNumber(), record.OptionalValue() as JsonNumber);

    private static void Write(RecordWriter record, MapRunCounts counts)
    {
        record.Number(counts.Running);
        record.Number(counts.Succeeded);
        record.Number(counts.Failed);
        record.Number(counts.TimedOut);
        record.Number(counts.Aborted);
        record.Number(counts.ResultsWritten);
    }

    private static MapRunCounts ReadCounts(ref RecordReader record) => new(
        0, record.Number(), record.Number(), record.Number(), record.Number(), record.Number(), record.Number());
}
