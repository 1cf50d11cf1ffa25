using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Lockstep.Json;

namespace Lockstep.Targets.Outgoing;

/// <summary>A JSON value as the body of a request, printed once into a pooled buffer.</summary>
internal sealed class JsonRequestContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly int _length;
    private byte[] _buffer;

    public JsonRequestContent(JsonValue value)
    {
        _length = value.Utf8Length;
        _buffer = ArrayPool<byte>.Shared.Rent(_length);
        var writer = new FixedBufferWriter(_buffer);
        value.WriteTo(writer);
        Headers.ContentType = Json;
    }

    /// <summary>
    /// Gives the buffer back. Only after the answer has come: a call that broke off may still be sending from it, and then the
    /// garbage collector takes it.
    /// </summary>
    public void ReturnBuffer()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken).AsTask();

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    private sealed class FixedBufferWriter(byte[] buffer) : IBufferWriter<byte>
    {
        private int _written;

        public void Advance(int count) => _written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => buffer.AsMemory(_written);

        public Span<byte> GetSpan(int sizeHint = 0) => buffer.AsSpan(_written);
    }
}
