using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Bodies;

/// <summary>
/// Writes JSON answers: into a buffer of the thread first, so that the length is known and a failure while writing is still an
/// ordinary failure, then to the response in one piece.
/// </summary>
public static class JsonAnswer
{
    /// <summary>Media type of JSON.</summary>
    public const string MediaType = "application/json";

    private const int InitialBytes = 4_096;
    private const int KeptBytes = 1_048_576;

    // Everything but what JSON itself requires stays as it is: the media type is JSON and sniffing is forbidden.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes what <paramref name="write"/> makes of <paramref name="state"/>; the status is set before.</summary>
    public static ValueTask WriteAsync<T>(
        HttpResponse response, string mediaType, Action<Utf8JsonWriter, T> write, T state, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(InitialBytes);
        Utf8JsonWriter writer = _writer ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, state);
        writer.Flush();
        return SendAsync(response, mediaType, buffer, cancellation);
    }

    private static async ValueTask FlushAsync(HttpResponse response, CancellationToken cancellation) =>
        await response.BodyWriter.FlushAsync(cancellation);

    private static ValueTask SendAsync(HttpResponse response, string mediaType, ArrayBufferWriter<byte> buffer, CancellationToken cancellation)
    {
        response.ContentType = mediaType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > KeptBytes)
        {
            _buffer = null;
            _writer = null;
        }

        return FlushAsync(response, cancellation);
    }
}
