using System.Buffers;
using System.Buffers.Binary;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Codec;

public sealed class CodecTests
{
    [Fact]
    public void EveryTurnAndStateOfARunComesBackAsWritten()
    {
        Run run = RunEverything(out List<byte[]> turns, out List<byte[]> states);

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
        var events = new List<HistoryEvent>();
        for (int i = 0; i < turns.Count; i++)
        {
            Assert.Equal(run.Stimuli[i], TurnCodec.ReadStimulus(turns[i]));
            IReadOnlyList<HistoryEvent> read = TurnCodec.ReadEvents(turns[i]);
            Assert.Equal(read.Count, TurnCodec.ReadEventCount(turns[i]));
            Assert.Equal(read.Skip(1).Take(2), TurnCodec.ReadEvents(turns[i], 1, 2));
            (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(turns[i]);
            Assert.Equal(run.Stimuli[i], stimulus);
            Assert.Equal(TurnCodec.Digest(read.ToArray()), digest);
            events.AddRange(read);
        }

        Assert.Equal(run.History, events);
        Assert.All(states, bytes => Assert.Equal(bytes, Bytes(StateCodec.Read(bytes))));
    }

    [Fact]
    public void TheDigestIgnoresWhichValuesAreTheSameInstance()
    {
        JsonValue value = JsonValue.Parse("""{"a":[1,2,3]}""");
        HistoryEvent[] shared = [Entered(1, value), Entered(2, value)];
        HistoryEvent[] copied = [Entered(1, value), Entered(2, JsonValue.Parse(value.ToString()))];

        Assert.Equal(TurnCodec.Digest(shared), TurnCodec.Digest(copied));
        Assert.NotEqual(TurnCodec.Digest(shared), TurnCodec.Digest([Entered(1, value), Entered(2, JsonNumber.Of(1))]));
    }

    [Fact]
    public void AChangedBitIsNoticed()
    {
        RunEverything(out List<byte[]> turns, out _);
        byte[] bytes = turns[0];
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptRecordException>(() => TurnCodec.ReadEvents(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    public void TheHashIsXxh64(string text, ulong expected) => Assert.Equal(expected, ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void TextsWithHalfASurrogatePairSurvive()
    {
        var stop = new StopRequested(Run.Epoch, "a\ud800b", "\udc00");
        var output = new ArrayBufferWriter<byte>();
        TurnCodec.Write(output, stop, []);

        Assert.Equal(stop, TurnCodec.ReadStimulus(output.WrittenSpan));
    }

    [Fact]
    public void AValuePassedOnIsStoredOnce()
    {
        JsonValue large = JsonString.Of(new string('x', 10_000));
        var output = new ArrayBufferWriter<byte>();
        TurnCodec.Write(output, new Continued(Run.Epoch), Enumerable.Range(1, 20).Select(i => Entered(i, large)).ToArray());

        Assert.InRange(output.WrittenCount, 10_000, 10_400);
    }

    [Fact]
    public void DecodersRefuseWhateverWasChangedAndNeverCrash()
    {
        RunEverything(out List<byte[]> turns, out List<byte[]> states);
        var seed = 1UL;
        int refused = 0;
        foreach (byte[] original in turns.Concat(states))
        {
            for (int round = 0; round < 60; round++)
            {
                byte[] bytes = original[..(int)(Next(ref seed) % 8 == 0 ? (int)(Next(ref seed) % (ulong)original.Length) : original.Length)];
                for (int change = 0; change < 3 && bytes.Length > 0; change++)
                {
                    bytes[(int)(Next(ref seed) % (ulong)bytes.Length)] = (byte)Next(ref seed);
                }

                if (round % 2 == 0 && bytes.Length > sizeof(ulong))
                {
                    // With a hash that fits, the change reaches the checks behind it.
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan()[^sizeof(ulong)..], ContentHash.Of(bytes.AsSpan()[..^sizeof(ulong)]));
                }

                refused += Refuses(() => TurnCodec.ReadStimulus(bytes)) + Refuses(() => TurnCodec.ReadEvents(bytes))
                    + Refuses(() => StateCodec.Read(bytes)) + Refuses(() => TurnCodec.ReadForReplay(bytes));
            }
        }

        Assert.True(refused > 0);
    }

    private static int Refuses(Action read)
    {
        try
        {
            read();
            return 0;
        }
        catch (CorruptRecordException)
        {
            return 1;
        }
    }

    private static ulong Next(ref ulong seed)
    {
        seed = (seed * 6364136223846793005) + 1442695040888963407;
        return seed >> 33;
    }

    private static HistoryEvent Entered(long id, JsonValue input) =>
        new(id, id - 1, Run.Epoch, HistoryEventType.PassStateEntered, new StateEnteredDetails("S", input));

    private static Run RunEverything(out List<byte[]> turns, out List<byte[]> states)
    {
        var run = new Run(Machines.Load(Machines.Everything));
        var recorder = new List<byte[]>();
        var snapshots = new List<byte[]>();
        int flaky = 0;
        var driver = new Driver(run, call => call.StateName == "Call" && flaky++ == 0
            ? new TaskFailed(run.Now, call.Id, "Flaky", null)
            : new TaskSucceeded(run.Now, call.Id, JsonValue.Parse("""{"done":1.50}""")));
        Record(run.Start(Machines.EverythingInput));
        driver.Accept();
        while (run.State.Status == ExecutionStatus.Running && driver.Next() is Stimulus next)
        {
            Record(run.Send(next));
            driver.Accept();
        }

        turns = recorder;
        states = snapshots;
        return run;

        void Record(Decision decision)
        {
            var output = new ArrayBufferWriter<byte>();
            TurnCodec.Write(output, run.Stimuli[^1], decision.Events.AsSpan());
            recorder.Add(output.WrittenSpan.ToArray());
            snapshots.Add(Bytes(decision.Next));
        }
    }

    private static byte[] Bytes(ExecutionState state)
    {
        var output = new ArrayBufferWriter<byte>();
        StateCodec.Write(output, state);
        return output.WrittenSpan.ToArray();
    }
}
