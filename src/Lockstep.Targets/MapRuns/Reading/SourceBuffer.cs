using System.Globalization;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>The part of a source that is being looked at. It grows as long as nothing of it is let go, up to a limit.</summary>
internal sealed class SourceBuffer(Stream content, long offset, int maxBytes)
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _bytes = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>Where <see cref="Bytes"/> begins in the source.</summary>
    public long Position { get; private set; } = offset;

    /// <summary>What is there.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Whether nothing more comes.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Lets go of the first bytes.</summary>
    public void Drop(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Puts a byte in front of the source that is not part of it; before anything is read.</summary>
    public void Prepend(byte value)
    {
        _bytes[_end++] = value;
        Position--;
    }

    /// <summary>Reads more, at least a byte unless the source has ended.</summary>
    /// <exception cref="ItemReadException">What is there is as long as it may be already.</exception>
    public async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            Bytes.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
        {
            if (_bytes.Length >= maxBytes)
            {
                throw new ItemReadException(string.Create(
                    CultureInfo.InvariantCulture, $"An item at byte {Position} has more than the {maxBytes} bytes that an item may have."));
            }

            Array.Resize(ref _bytes, (int)Math.Min(_bytes.Length * 2L, maxBytes));
        }

        int read = await content.ReadAsync(_bytes.AsMemory(_end), cancellation);
        _end += read;
        IsFinal = read == 0;
    }
}
