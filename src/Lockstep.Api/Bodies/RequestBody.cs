using System.Buffers;
using System.IO.Pipelines;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lockstep.Api.Bodies;

/// <summary>Reads request bodies within their limits, whole and once.</summary>
public static class RequestBody
{
    // A chunk of one byte is "1", line break, the byte, line break.
    private const int MostFramedBytesPerByte = 6;

    /// <summary>Reads the body as a JSON object; an absent body is an empty object when that is allowed.</summary>
    public static async ValueTask<Result<JsonObject>> ReadObjectAsync(
        HttpRequest request, ServiceLimits limits, bool optional, CancellationToken cancellation)
    {
        if (CheckHeaders(request, limits) is { } refused)
        {
            return refused;
        }

        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > limits.MaxRequestBodyBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(limits);
            }

            if (read.IsCompleted)
            {
                Result<JsonObject> body = Parse(read.Buffer, limits, optional);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads the body as bytes.</summary>
    public static async ValueTask<Result<byte[]>> ReadBytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                byte[] bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Refuses a body by its headers, before any of it is read; null when it may be read.</summary>
    public static ServiceError? CheckHeaders(HttpRequest request, ServiceLimits limits)
    {
        if (CheckLength(request, limits) is { } tooLarge)
        {
            return tooLarge;
        }

        string? mediaType = request.ContentType;
        return mediaType is null || IsJson(mediaType) ? null : new ServiceError(
            ErrorCodes.UnsupportedMediaType, "The body has another media type than application/json.")
        {
            Target = "Content-Type",
        };
    }

    /// <summary>Refuses a body by its announced length; null when it may be read.</summary>
    public static ServiceError? CheckLength(HttpRequest request, ServiceLimits limits)
    {
        if (request.ContentLength > limits.MaxRequestBodyBytes)
        {
            return TooLarge(limits);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // Kestrel counts the framing of chunks as well; what is over the limit is to be refused here, by its own bytes and in our words.
            size.MaxRequestBodySize = MostFramedBytesPerByte * (long)limits.MaxRequestBodyBytes;
        }

        return null;
    }

    /// <summary>Parses a text as a JSON object.</summary>
    public static Result<JsonObject> Parse(ReadOnlySpan<byte> utf8, ServiceLimits limits, bool optional)
    {
        if (utf8.IsEmpty)
        {
            return optional ? JsonObject.Empty : new ServiceError(ErrorCodes.Validation, "The request has no body; a JSON object is needed.");
        }

        JsonReadResult read = JsonReader.Read(
            utf8, new JsonReadLimits { MaxDepth = limits.MaxJsonDepth, MaxBytes = limits.MaxRequestBodyBytes });
        if (!read.TryGetValue(out JsonValue? value, out JsonReadError? error))
        {
            return new ServiceError(
                ErrorCodes.Validation, $"The body is not acceptable JSON: {error.Message} (line {error.Line}, column {error.Column})")
            {
                Target = error.Pointer,
            };
        }

        return value is JsonObject members
            ? members
            : new ServiceError(ErrorCodes.Validation, "The body is JSON, but not an object. Put the members in braces.");
    }

    private static Result<JsonObject> Parse(ReadOnlySequence<byte> buffer, ServiceLimits limits, bool optional)
    {
        if (buffer.IsSingleSegment)
        {
            return Parse(buffer.FirstSpan, limits, optional);
        }

        int length = (int)buffer.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            buffer.CopyTo(rented);
            return Parse(rented.AsSpan(0, length), limits, optional);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsJson(string mediaType)
    {
        ReadOnlySpan<char> type = mediaType.AsSpan();
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.Equals(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase);
    }

    private static ServiceError TooLarge(ServiceLimits limits) => TooLarge(limits.MaxRequestBodyBytes);

    private static ServiceError TooLarge(int maxBytes) =>
        new(ErrorCodes.PayloadTooLarge, $"The body has more than the {maxBytes} bytes that are allowed.");
}
