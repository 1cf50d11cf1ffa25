using System.Buffers;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Orchestration;

/// <summary>Stimuli as bytes: a turn without events, which the engine's codec writes and will go on reading.</summary>
internal static class EncodedStimulus
{
    public static ReadOnlyMemory<byte> Of(Stimulus stimulus)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        TurnCodec.Write(bytes, stimulus, []);
        return bytes.WrittenMemory;
    }

    public static Stimulus Read(ReadOnlyMemory<byte> bytes) => TurnCodec.ReadStimulus(bytes.Span);
}
