using System.Buffers;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;

namespace Lockstep.Engine.Codec;

/// <summary>The stored form of the command to call a task: for a driver that has it carried out elsewhere than where it was decided.</summary>
public static class InvocationCodec
{
    /// <summary>Writes a command.</summary>
    public static void Write(IBufferWriter<byte> output, InvokeTask command)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(command);
        using var record = RecordWriter.Begin();
        Write(record, command);
        record.Complete(output);
    }

    /// <summary>Reads a command.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a command.</exception>
    public static InvokeTask Read(ReadOnlySpan<byte> bytes)
    {
        var record = new RecordReader(bytes);
        InvokeTask command = Read(ref record);
        record.RequireEnd();
        return command;
    }

    internal static void Write(RecordWriter record, InvokeTask command)
    {
        record.Number(command.Id.Ordinal);
        record.Text(command.Resource.Text);
        record.Byte((byte)command.Resource.Kind);
        record.Text(command.Resource.Service);
        record.Text(command.Resource.Action);
        record.Byte((byte)command.Resource.Pattern);
        record.Text(command.StateName);
        record.Value(command.Parameters);
        record.Number(command.Attempt);
        record.OptionalNumber(command.HeartbeatSeconds);
        record.OptionalNumber(command.TimeoutSeconds);
        record.OptionalText(command.TaskToken);
        record.Number(command.EnteredEventId);
        record.Time(command.ScheduledTime);
    }

    internal static InvokeTask Read(ref RecordReader record) => new(
        new CommandId(record.Number()),
        new TaskResource(
            record.Text(), record.Member<ResourceKind>(), record.Text(), record.Text(), record.Member<IntegrationPattern>()),
        record.Text(),
        record.Value(),
        record.SmallNumber(),
        record.OptionalNumber(),
        record.OptionalNumber(),
        record.OptionalText())
    {
        EnteredEventId = record.Version >= 3 ? record.Number() : 0,
        ScheduledTime = record.Version >= 3 ? record.Time() : default,
    };
}
