namespace Lockstep.Azure.Objects;

/// <summary>The content of one object as a stream. One part of it is in memory at a time.</summary>
internal sealed class ObjectContent(ObjectParts parts, string folder, long size, long position) : Stream
{
    private ReadOnlyMemory<byte> _part;
    private long _at = position;
    private bool _inPart;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at >= size || buffer.IsEmpty)
        {
            return 0;
        }

        int inPart = (int)(_at % ObjectParts.PartBytes);
        if (!_inPart || inPart == 0)
        {
            _part = await parts.ReadAsync(folder, (int)(_at / ObjectParts.PartBytes), cancellationToken);
            _inPart = true;
        }

        int count = Math.Min(buffer.Length, _part.Length - inPart);
        if (count <= 0)
        {
            throw new InvalidDataException($"A part of {folder} is shorter than it was written.");
        }

        _part.Slice(inPart, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The content of objects is read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
