using System.Diagnostics;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of stimuli. The numbers of the kinds are stored: a new kind is added at the end.</summary>
internal static class StimulusCodec
{
    private enum Kind : byte
    {
        Started,
        Continued,
        TaskSucceeded,
        TaskFailed,
        TaskSubmitted,
        ActivityTaken,
        TimerFired,
        HeartbeatMissed,
        StopRequested,
        MapRunUpdated,
        Redriven,
    }

    public static void Write(RecordWriter record, Stimulus stimulus)
    {
        switch (stimulus)
        {
            case Started started:
                Head(record, Kind.Started, stimulus);
                IdentityCodec.Write(record, started.Identity);
                record.Value(started.Input);
                IdentityCodec.Write(record, started.Limits);
                break;
            case Continued:
                Head(record, Kind.Continued, stimulus);
                break;
            case TaskSucceeded succeeded:
                Head(record, Kind.TaskSucceeded, stimulus, succeeded.Task);
                record.Value(succeeded.Output);
                break;
            case TaskFailed failed:
                Head(record, Kind.TaskFailed, stimulus, failed.Task);
                record.OptionalText(failed.Error);
                record.OptionalText(failed.Cause);
                record.Byte((byte)failed.Stage);
                break;
            case TaskSubmitted submitted:
                Head(record, Kind.TaskSubmitted, stimulus, submitted.Task);
                record.Value(submitted.Output);
                break;
            case ActivityTaken taken:
                Head(record, Kind.ActivityTaken, stimulus, taken.Task);
                record.OptionalText(taken.WorkerName);
                break;
            case TimerFired fired:
                Head(record, Kind.TimerFired, stimulus, fired.Timer);
                break;
            case HeartbeatMissed missed:
                Head(record, Kind.HeartbeatMissed, stimulus, missed.Task);
                break;
            case StopRequested stop:
                Head(record, Kind.StopRequested, stimulus);
                record.OptionalText(stop.Error);
                record.OptionalText(stop.Cause);
                break;
            case MapRunUpdated updated:
                Head(record, Kind.MapRunUpdated, stimulus);
                MapRunCodec.Write(record, updated.Settings);
                break;
            case Redriven redriven:
                Head(record, Kind.Redriven, stimulus);
                WriteRedrive(record, redriven);
                record.Flag(redriven.StartsNewMapRuns);
                break;
            default:
                throw new UnreachableException();
        }
    }

    public static Stimulus Read(ref RecordReader record)
    {
        Kind kind = record.Member<Kind>();
        DateTimeOffset time = record.Time();
        return kind switch
        {
            Kind.Started => new Started(time, IdentityCodec.ReadIdentity(ref record), record.Value(), IdentityCodec.ReadLimits(ref record)),
            Kind.Continued => new Continued(time),
            Kind.TaskSucceeded => new TaskSucceeded(time, Id(ref record), record.Value()),
            Kind.TaskFailed => new TaskFailed(
                time, Id(ref record), record.OptionalText(), record.OptionalText(), record.Member<TaskFailureStage>()),
            Kind.TaskSubmitted => new TaskSubmitted(time, Id(ref record), record.Value()),
            Kind.ActivityTaken => new ActivityTaken(time, Id(ref record), record.OptionalText()),
            Kind.TimerFired => new TimerFired(time, Id(ref record)),
            Kind.HeartbeatMissed => new HeartbeatMissed(time, Id(ref record)),
            Kind.StopRequested => new StopRequested(time, record.OptionalText(), record.OptionalText()),
            Kind.MapRunUpdated => new MapRunUpdated(time, MapRunCodec.ReadSettings(ref record)),
            Kind.Redriven => new Redriven(time, record.OptionalText(), ReadInput(ref record), ReadDefinition(ref record))
            {
                StartsNewMapRuns = record.Version >= 7 && record.Flag(),
            },
            _ => throw new UnreachableException(),
        };
    }

    private static void WriteRedrive(RecordWriter record, Redriven redriven)
    {
        record.OptionalText(redriven.ClientToken);
        record.Flag(redriven.Input is not null);
        if (redriven.Input is not null)
        {
            record.Number(redriven.Input.Frame);
            record.Value(redriven.Input.Value);
        }

        record.OptionalText(redriven.Definition?.RevisionId);
        if (redriven.Definition is not null)
        {
            record.Number(redriven.Definition.States.Length);
            foreach (int state in redriven.Definition.States)
            {
                record.Number(state);
            }
        }
    }

    private static RedriveInput? ReadInput(ref RecordReader record) =>
        record.Flag() ? new RedriveInput(record.Number(), record.Value()) : null;

    private static RedriveDefinition? ReadDefinition(ref RecordReader record)
    {
        if (record.OptionalText() is not string revision)
        {
            return null;
        }

        var states = new int[record.Count()];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = record.SmallNumber();
        }

        return new RedriveDefinition(revision, [.. states]);
    }

    private static CommandId Id(ref RecordReader record) => new(record.Number());

    private static void Head(RecordWriter record, Kind kind, Stimulus stimulus)
    {
        record.Byte((byte)kind);
        record.Time(stimulus.Time);
    }

    private static void Head(RecordWriter record, Kind kind, Stimulus stimulus, CommandId command)
    {
        Head(record, kind, stimulus);
        record.Number(command.Ordinal);
    }
}
