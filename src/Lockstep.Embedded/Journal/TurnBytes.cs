using System.Buffers;

namespace Lockstep.Embedded.Journal;

/// <summary>
/// The encoded turns of one commit, in a rented array. It goes back once the commit is durable; one that never becomes so leaves its array to
/// the garbage collector, as the committer may still read it.
/// </summary>
internal sealed class TurnBytes : IBufferWriter<byte>
{
    private const int FirstBytes = 1024;

    private byte[] _bytes = [];

    /// <summary>Bytes written so far; stays known after <see cref="Return"/>.</summary>
    public int Count { get; private set; }

    /// <summary>A turn among them.</summary>
    public ReadOnlySpan<byte> Slice(int offset, int length) => _bytes.AsSpan(offset, length);

    /// <summary>Gives the array back.</summary>
    public void Return()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Count);
        Count += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Count);
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Count >= count)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, Math.Max(checked(Count + count), _bytes.Length * 2)));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        Return();
        _bytes = larger;
    }
}
