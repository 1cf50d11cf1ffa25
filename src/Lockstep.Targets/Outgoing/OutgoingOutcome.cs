using System.Buffers;
using System.Net.Http.Headers;

namespace Lockstep.Targets.Outgoing;

/// <summary>How an outgoing call ended. The set is closed.</summary>
internal abstract class OutgoingOutcome;

/// <summary>Why no answer came.</summary>
internal enum OutgoingFailureKind
{
    /// <summary>The address may not be called.</summary>
    Refused,

    /// <summary>No connection, or it broke before the answer was whole.</summary>
    Connection,

    /// <summary>The answer was not whole within its time.</summary>
    Timeout,

    /// <summary>The body is larger than may be read.</summary>
    TooLarge,
}

/// <summary>No answer came.</summary>
internal sealed class OutgoingFailure(OutgoingFailureKind kind, string message) : OutgoingOutcome
{
    /// <summary>Why.</summary>
    public OutgoingFailureKind Kind { get; } = kind;

    /// <summary>For people; names no address that the caller did not name.</summary>
    public string Message { get; } = message;
}

/// <summary>A whole answer, whatever its status. Its body lies in a pooled buffer until it is disposed of.</summary>
internal sealed class OutgoingAnswer : OutgoingOutcome, IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly int _length;
    private byte[] _buffer;

    /// <summary>Takes over the response and the buffer.</summary>
    public OutgoingAnswer(HttpResponseMessage response, byte[] pooledBuffer, int length)
    {
        _response = response;
        _buffer = pooledBuffer;
        _length = length;
    }

    /// <summary>The status code.</summary>
    public int Status => (int)_response.StatusCode;

    /// <summary>The reason phrase; empty when there was none.</summary>
    public string ReasonPhrase => _response.ReasonPhrase ?? "";

    /// <summary>Whether the status is 200 to 299.</summary>
    public bool IsSuccess => _response.IsSuccessStatusCode;

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <summary>The response's own fields.</summary>
    public HttpHeadersNonValidated Headers => _response.Headers.NonValidated;

    /// <summary>The fields that describe the body.</summary>
    public HttpHeadersNonValidated ContentHeaders => _response.Content.Headers.NonValidated;

    /// <summary>The value of a field, or null.</summary>
    public string? Header(string name) =>
        Headers.TryGetValues(name, out HeaderStringValues values) || ContentHeaders.TryGetValues(name, out values) ? values.ToString() : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _response.Dispose();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
