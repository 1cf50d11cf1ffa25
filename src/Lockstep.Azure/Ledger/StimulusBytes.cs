using System.Buffers;
using System.Security.Cryptography;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Ledger;

/// <summary>Stimuli and ends as bytes: a turn without events, which the engine's codec writes and will go on reading.</summary>
internal static class StimulusBytes
{
    private static readonly CommandId _none = new(0);

    public static ReadOnlyMemory<byte> Of(Stimulus stimulus)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        TurnCodec.Write(bytes, stimulus, []);
        return bytes.WrittenMemory;
    }

    public static Stimulus Read(ReadOnlyMemory<byte> bytes) => TurnCodec.ReadStimulus(bytes.Span);

    /// <summary>What an outcome says, whenever it says so: the same for the same outcome reported again.</summary>
    public static string Fingerprint(Stimulus outcome) =>
        Convert.ToHexStringLower(SHA256.HashData(Of(outcome with { Time = DateTimeOffset.UnixEpoch }).Span).AsSpan(0, 16));

    public static ReadOnlyMemory<byte> Of(ExecutionEnd end) => Of(end.Output is null
        ? new TaskFailed(end.Time, _none, end.Error, end.Cause)
        : new TaskSucceeded(end.Time, _none, end.Output));

    public static ExecutionEnd ReadEnd(ReadOnlyMemory<byte> bytes, ExecutionStatus status) => Read(bytes) switch
    {
        TaskSucceeded succeeded => new ExecutionEnd(status, succeeded.Time, succeeded.Output, null, null),
        TaskFailed failed => new ExecutionEnd(status, failed.Time, null, failed.Error, failed.Cause),
        _ => throw new CorruptRecordException("The end of an execution is neither a success nor a failure."),
    };
}
