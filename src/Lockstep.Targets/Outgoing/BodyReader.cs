using System.Buffers;

namespace Lockstep.Targets.Outgoing;

/// <summary>Reads a body into a pooled buffer and stops as soon as it is known to be larger than allowed.</summary>
internal static class BodyReader
{
    private const int FirstBufferBytes = 4_096;

    /// <summary>Reads to the end; a negative length says that the body has more than <paramref name="maxBytes"/>.</summary>
    /// <param name="content">The body.</param>
    /// <param name="maxBytes">Most bytes that are taken.</param>
    /// <param name="cancellation">Ends the reading with an exception.</param>
    /// <returns>The buffer, to be returned to the shared pool unless it is empty, and the number of bytes in it.</returns>
    public static async ValueTask<(byte[] Buffer, int Length)> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellation)
    {
        long? announced = content.Headers.ContentLength;
        if (announced == 0)
        {
            return ([], 0);
        }

        if (announced > maxBytes)
        {
            return ([], -1);
        }

        Stream body = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)(announced ?? Math.Min(FirstBufferBytes, maxBytes + 1L)));
        int length = 0;
        // When a read throws, the buffer is left to the garbage collector: a cancelled read may still write into it.
        while (length != announced)
        {
            if (length == buffer.Length)
            {
                buffer = Grow(buffer, length);
            }

            int read = await body.ReadAsync(buffer.AsMemory(length), cancellation);
            length += read;
            if (read == 0)
            {
                break;
            }

            if (length > maxBytes)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return ([], -1);
            }
        }

        return (buffer, length);
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
