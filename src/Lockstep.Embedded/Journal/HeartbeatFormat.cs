using System.Buffers.Binary;
using Lockstep.Embedded.Executions;
using Lockstep.Engine;

namespace Lockstep.Embedded.Journal;

/// <summary>The stored form of watched heartbeats: three 64-bit integers each, the smallest byte first.</summary>
internal static class HeartbeatFormat
{
    private const int EntryBytes = 3 * sizeof(long);

    public static byte[] Write(IReadOnlyCollection<Heartbeat> heartbeats)
    {
        byte[] bytes = new byte[heartbeats.Count * EntryBytes];
        Span<byte> rest = bytes;
        foreach (Heartbeat heartbeat in heartbeats)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, heartbeat.Task.Ordinal);
            BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(long)..], heartbeat.Seconds);
            BinaryPrimitives.WriteInt64LittleEndian(rest[(2 * sizeof(long))..], heartbeat.DeadlineTicks);
            rest = rest[EntryBytes..];
        }

        return bytes;
    }

    public static IReadOnlyList<Heartbeat> Read(ReadOnlySpan<byte> bytes)
    {
        List<Heartbeat> heartbeats = [];
        for (ReadOnlySpan<byte> rest = bytes; rest.Length >= EntryBytes; rest = rest[EntryBytes..])
        {
            heartbeats.Add(new Heartbeat(
                new CommandId(BinaryPrimitives.ReadInt64LittleEndian(rest)),
                BinaryPrimitives.ReadInt64LittleEndian(rest[sizeof(long)..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[(2 * sizeof(long))..])));
        }

        return heartbeats;
    }
}
