using System.Buffers;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Engine.Tests.Support;

/// <summary>A crash after every turn: the state comes back from its bytes, the stimulus from the journal, and what is decided is the same.</summary>
internal static class Resumption
{
    /// <summary>Decides every stimulus of a run again, each after a crash, and compares events, commands and digests.</summary>
    public static void AssertSame(string name, CompiledMachine machine, Run run)
    {
        ExecutionState straight = ExecutionState.Initial;
        ExecutionState resumed = ExecutionState.Initial;
        foreach (Stimulus stimulus in run.Stimuli)
        {
            Decision expected = Engine.Interpreter.Decide(machine, straight, stimulus, FixedTokens.Instance);
            byte[] journal = Journal(stimulus, expected);
            (Stimulus replayed, TurnDigest digest) = TurnCodec.ReadForReplay(journal);
            resumed = Restore(resumed);

            Decision actual = Engine.Interpreter.Decide(machine, resumed, replayed, FixedTokens.Instance);

            Assert.True(expected.Events.SequenceEqual(actual.Events), $"{name}: other events after turn {straight.Turn}");
            Assert.True(expected.Commands.SequenceEqual(actual.Commands, CommandEquality.Instance), $"{name}: other commands after turn {straight.Turn}");
            Assert.Equal(digest, TurnCodec.Digest(actual.Events.AsSpan()));
            Assert.Equal(
                expected.Next.OutstandingCommands().Select(c => c.Id), Restore(actual.Next).OutstandingCommands().Select(c => c.Id));
            straight = expected.Next;
            resumed = actual.Next;
        }
    }

    /// <summary>The bytes of a state.</summary>
    public static byte[] Bytes(ExecutionState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, state);
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Journal(Stimulus stimulus, Decision decision)
    {
        var bytes = new ArrayBufferWriter<byte>();
        TurnCodec.Write(bytes, stimulus, decision.Events.AsSpan());
        return bytes.WrittenSpan.ToArray();
    }

    private static ExecutionState Restore(ExecutionState state) => StateCodec.Read(Bytes(state));

    private sealed class CommandEquality : IEqualityComparer<Command>
    {
        public static CommandEquality Instance { get; } = new();

        public bool Equals(Command? x, Command? y) => Equals((object?)x, y);

        public int GetHashCode(Command obj) => obj.Id.GetHashCode();
    }
}
