using System.Buffers.Binary;
using System.Text;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>The fields of a Protocol Buffers message by their numbers, as its wire format has them; the meaning is the reader's.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Scalar, ReadOnlyMemory<byte> Bytes)> _fields = [];

    private ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong tag = Varint(ref bytes);
            (ulong scalar, ReadOnlyMemory<byte> content) = (tag & 7) switch
            {
                0 => (Varint(ref bytes), default),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span), default),
                2 => (0UL, Take(ref bytes, checked((int)Varint(ref bytes)))),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span), default(ReadOnlyMemory<byte>)),
                ulong other => throw new FormatException($"There is no wire type {other}."),
            };
            _fields.Add((checked((int)(tag >> 3)), scalar, content));
        }
    }

    public static ProtobufMessage Parse(ReadOnlyMemory<byte> bytes) => new(bytes);

    public bool Has(int number) => _fields.Any(field => field.Number == number);

    public ulong Number(int number) => _fields.LastOrDefault(field => field.Number == number).Scalar;

    public ReadOnlyMemory<byte> Bytes(int number) => _fields.LastOrDefault(field => field.Number == number).Bytes;

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public IEnumerable<ProtobufMessage> Messages(int number) => _fields.Where(field => field.Number == number).Select(field => Parse(field.Bytes));

    /// <summary>A packed field of doubles.</summary>
    public double[] Doubles(int number) =>
        [.. Bytes(number).ToArray().Chunk(8).Select(eight => BinaryPrimitives.ReadDoubleLittleEndian(eight))];

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        ReadOnlyMemory<byte> taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Take(ref bytes, 1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
