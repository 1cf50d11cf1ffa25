using System.Diagnostics;
using Lockstep.Engine.History;
using Lockstep.Json;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of history events. The numbers of the shapes are stored: a new shape is added at the end.</summary>
internal static class EventCodec
{
    private enum Shape : byte
    {
        None,
        ExecutionStarted,
        ExecutionRedriven,
        StateEntered,
        StateExited,
        Error,
        Output,
        CallScheduled,
        ActivityStarted,
        TaskScheduled,
        TaskStarted,
        TaskOutput,
        TaskError,
        MapStateStarted,
        MapIteration,
        MapRunStarted,
        MapRunRedriven,
        EvaluationFailed,
    }

    /// <summary>Writes an event whose id and time the reader derives from the event before.</summary>
    public static void Write(RecordWriter record, HistoryEvent written, DateTimeOffset timeBefore)
    {
        record.Signed(written.PreviousEventId == 0 ? 0 : written.Id - written.PreviousEventId);
        record.Signed(written.Timestamp.UtcTicks - timeBefore.UtcTicks);
        record.Byte((byte)written.Type);
        WriteDetails(record, written.Details);
    }

    public static HistoryEvent Read(ref RecordReader record, long id, DateTimeOffset timeBefore)
    {
        long distance = record.Signed();
        RecordReader.Require(distance >= 0 && distance < id);
        long ticks = record.Signed();
        RecordReader.Require(ticks >= -timeBefore.UtcTicks && ticks <= DateTimeOffset.MaxValue.UtcTicks - timeBefore.UtcTicks);
        return new HistoryEvent(
            id, distance == 0 ? 0 : id - distance, timeBefore.AddTicks(ticks), record.Member<HistoryEventType>(), ReadDetails(ref record));
    }

    private static void WriteDetails(RecordWriter record, HistoryEventDetails? details)
    {
        switch (details)
        {
            case null:
                record.Byte((byte)Shape.None);
                break;
            case StateEnteredDetails entered:
                record.Byte((byte)Shape.StateEntered);
                record.Text(entered.Name);
                record.Value(entered.Input);
                break;
            case StateExitedDetails exited:
                record.Byte((byte)Shape.StateExited);
                record.Text(exited.Name);
                record.Value(exited.Output);
                record.OptionalValue(exited.AssignedVariables);
                break;
            case ErrorDetails error:
                record.Byte((byte)Shape.Error);
                record.OptionalText(error.Error);
                record.OptionalText(error.Cause);
                break;
            case OutputDetails output:
                record.Byte((byte)Shape.Output);
                record.Value(output.Output);
                break;
            case ExecutionStartedDetails started:
                record.Byte((byte)Shape.ExecutionStarted);
                record.Value(started.Input);
                record.Text(started.RoleArn);
                record.OptionalText(started.StateMachineAliasArn);
                record.OptionalText(started.StateMachineVersionArn);
                break;
            case MapStateStartedDetails started:
                record.Byte((byte)Shape.MapStateStarted);
                record.Number(started.Length);
                break;
            case MapIterationDetails iteration:
                record.Byte((byte)Shape.MapIteration);
                record.Text(iteration.Name);
                record.Number(iteration.Index);
                break;
            default:
                WriteRareDetails(record, details);
                break;
        }
    }

    private static void WriteRareDetails(RecordWriter record, HistoryEventDetails details)
    {
        switch (details)
        {
            case CallScheduledDetails scheduled:
                record.Byte((byte)Shape.CallScheduled);
                record.Text(scheduled.Resource);
                record.Value(scheduled.Input);
                record.OptionalNumber(scheduled.TimeoutSeconds);
                record.OptionalNumber(scheduled.HeartbeatSeconds);
                record.OptionalValue(scheduled.Credentials);
                break;
            case ActivityStartedDetails started:
                record.Byte((byte)Shape.ActivityStarted);
                record.OptionalText(started.WorkerName);
                break;
            case TaskScheduledDetails scheduled:
                record.Byte((byte)Shape.TaskScheduled);
                record.Text(scheduled.ResourceType);
                record.Text(scheduled.Resource);
                record.Text(scheduled.Region);
                record.Value(scheduled.Parameters);
                record.OptionalNumber(scheduled.TimeoutSeconds);
                record.OptionalNumber(scheduled.HeartbeatSeconds);
                record.OptionalValue(scheduled.Credentials);
                break;
            case TaskStartedDetails started:
                record.Byte((byte)Shape.TaskStarted);
                record.Text(started.ResourceType);
                record.Text(started.Resource);
                break;
            case TaskOutputDetails output:
                record.Byte((byte)Shape.TaskOutput);
                record.Text(output.ResourceType);
                record.Text(output.Resource);
                record.Value(output.Output);
                break;
            case TaskErrorDetails error:
                record.Byte((byte)Shape.TaskError);
                record.Text(error.ResourceType);
                record.Text(error.Resource);
                record.OptionalText(error.Error);
                record.OptionalText(error.Cause);
                break;
            case MapRunStartedDetails started:
                record.Byte((byte)Shape.MapRunStarted);
                record.Text(started.MapRunArn);
                break;
            case MapRunRedrivenDetails redriven:
                record.Byte((byte)Shape.MapRunRedriven);
                record.Text(redriven.MapRunArn);
                record.Number(redriven.RedriveCount);
                break;
            case ExecutionRedrivenDetails redriven:
                record.Byte((byte)Shape.ExecutionRedriven);
                record.Number(redriven.RedriveCount);
                record.OptionalValue(redriven.Input);
                record.OptionalText(redriven.RevisionId);
                break;
            case EvaluationFailedDetails failed:
                record.Byte((byte)Shape.EvaluationFailed);
                record.Text(failed.State);
                record.OptionalText(failed.Error);
                record.OptionalText(failed.Cause);
                record.OptionalText(failed.Location);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static HistoryEventDetails? ReadDetails(ref RecordReader record) => record.Member<Shape>() switch
    {
        Shape.None => null,
        Shape.StateEntered => new StateEnteredDetails(record.Text(), record.Value()),
        Shape.StateExited => new StateExitedDetails(record.Text(), record.Value(), ReadObject(ref record)),
        Shape.Error => new ErrorDetails(record.OptionalText(), record.OptionalText()),
        Shape.Output => new OutputDetails(record.Value()),
        Shape.ExecutionStarted => new ExecutionStartedDetails(
            record.Value(), record.Text(), record.OptionalText(), record.OptionalText()),
        Shape.ExecutionRedriven => record.Version >= 5
            ? new ExecutionRedrivenDetails(record.SmallNumber(), record.OptionalValue(), record.OptionalText())
            : new ExecutionRedrivenDetails(record.SmallNumber()),
        Shape.CallScheduled => new CallScheduledDetails(
            record.Text(), record.Value(), record.OptionalNumber(), record.OptionalNumber(), record.OptionalValue()),
        Shape.ActivityStarted => new ActivityStartedDetails(record.OptionalText()),
        Shape.TaskScheduled => new TaskScheduledDetails(
            record.Text(), record.Text(), record.Text(), record.Value(), record.OptionalNumber(), record.OptionalNumber(), record.OptionalValue()),
        Shape.TaskStarted => new TaskStartedDetails(record.Text(), record.Text()),
        Shape.TaskOutput => new TaskOutputDetails(record.Text(), record.Text(), record.Value()),
        Shape.TaskError => new TaskErrorDetails(record.Text(), record.Text(), record.OptionalText(), record.OptionalText()),
        Shape.MapStateStarted => new MapStateStartedDetails(record.SmallNumber()),
        Shape.MapIteration => new MapIterationDetails(record.Text(), record.SmallNumber()),
        Shape.MapRunStarted => new MapRunStartedDetails(record.Text()),
        Shape.MapRunRedriven => new MapRunRedrivenDetails(record.Text(), record.SmallNumber()),
        Shape.EvaluationFailed => new EvaluationFailedDetails(
            record.Text(), record.OptionalText(), record.OptionalText(), record.OptionalText()),
        _ => throw new UnreachableException(),
    };

    private static JsonObject? ReadObject(ref RecordReader record) => record.OptionalValue() switch
    {
        null => null,
        JsonObject variables => variables,
        _ when record.Skips => null,
        _ => throw new CorruptRecordException("Assigned variables are not an object."),
    };
}
