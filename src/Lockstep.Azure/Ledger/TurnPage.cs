using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Engine.Codec;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Consecutive turns as one run of bytes: a version, then each turn with its numbers before its bytes, the smallest byte first. A page is never
/// changed once it is written.
/// </summary>
internal static class TurnPage
{
    /// <summary>Name of the body that holds the turns.</summary>
    public const string Body = "Turns";

    private const byte Version = 1;
    private const int NumbersBytes = (5 * sizeof(long)) + sizeof(int);

    /// <summary>Bytes that a page of these turns takes.</summary>
    public static int SizeOf(TurnRecord turn) => NumbersBytes + turn.Bytes.Length;

    /// <summary>Groups turns into pages of at most <paramref name="maxBytes"/>; a turn that is larger has a page of its own.</summary>
    public static List<ImmutableArray<TurnRecord>> Group(ReadOnlySpan<TurnRecord> turns, int maxBytes)
    {
        List<ImmutableArray<TurnRecord>> pages = [];
        int begin = 0;
        int bytes = 1;
        for (int index = 0; index < turns.Length; index++)
        {
            int size = SizeOf(turns[index]);
            if (index > begin && bytes + size > maxBytes)
            {
                pages.Add([.. turns[begin..index]]);
                begin = index;
                bytes = 1;
            }

            bytes += size;
        }

        if (begin < turns.Length)
        {
            pages.Add([.. turns[begin..]]);
        }

        return pages;
    }

    public static ReadOnlyMemory<byte> Write(ImmutableArray<TurnRecord> turns)
    {
        var output = new ArrayBufferWriter<byte>(1 + turns.Sum(SizeOf));
        output.GetSpan(1)[0] = Version;
        output.Advance(1);
        foreach (TurnRecord turn in turns)
        {
            Span<byte> numbers = output.GetSpan(NumbersBytes);
            BinaryPrimitives.WriteInt64LittleEndian(numbers, turn.Turn);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], turn.FirstEventId);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], turn.Events);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[24..], turn.Chain);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[32..], turn.Transitions);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[40..], turn.Bytes.Length);
            output.Advance(NumbersBytes);
            output.Write(turn.Bytes.Span);
        }

        return output.WrittenMemory;
    }

    /// <summary>Reads a page.</summary>
    /// <exception cref="CorruptRecordException">The bytes are not a page.</exception>
    public static ImmutableArray<TurnRecord> Read(ReadOnlyMemory<byte> bytes)
    {
        Require(bytes.Length > 0 && bytes.Span[0] == Version);
        ImmutableArray<TurnRecord>.Builder turns = ImmutableArray.CreateBuilder<TurnRecord>();
        ReadOnlyMemory<byte> rest = bytes[1..];
        while (!rest.IsEmpty)
        {
            Require(rest.Length >= NumbersBytes);
            ReadOnlySpan<byte> numbers = rest.Span;
            int length = BinaryPrimitives.ReadInt32LittleEndian(numbers[40..]);
            long events = BinaryPrimitives.ReadInt64LittleEndian(numbers[16..]);
            Require(length >= 0 && length <= rest.Length - NumbersBytes && events is >= 0 and <= int.MaxValue);
            turns.Add(new TurnRecord(
                BinaryPrimitives.ReadInt64LittleEndian(numbers),
                BinaryPrimitives.ReadInt64LittleEndian(numbers[8..]),
                (int)events,
                BinaryPrimitives.ReadInt64LittleEndian(numbers[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(numbers[32..]),
                rest.Slice(NumbersBytes, length)));
            rest = rest[(NumbersBytes + length)..];
        }

        return turns.ToImmutable();
    }

    /// <summary>Id of the last event of a turn; where it has none, of the event before.</summary>
    public static long LastEventId(TurnRecord turn) => turn.FirstEventId + turn.Events - 1;

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new CorruptRecordException("A page of turns is cut off or was changed.");
        }
    }
}
