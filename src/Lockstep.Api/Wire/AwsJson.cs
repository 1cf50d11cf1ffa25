using System.Text;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Wire;

/// <summary>The wire format: AWS JSON 1.0. Times are seconds since 1970 with milliseconds as a fraction; what is not there is left out.</summary>
public static class AwsJson
{
    /// <summary>Media type of requests and answers.</summary>
    public const string MediaType = "application/x-amz-json-1.0";

    private const string OtherMediaType = "application/x-amz-json-1.1";
    private const string ErrorTypeHeader = "x-amzn-ErrorType";
    private const decimal MillisecondsPerSecond = 1000m;

    /// <summary>Whether a request has a media type of the protocol.</summary>
    public static bool IsSpokenIn(string? contentType)
    {
        ReadOnlySpan<char> type = contentType.AsSpan();
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.Equals(MediaType, StringComparison.OrdinalIgnoreCase) || type.Equals(OtherMediaType, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Writes a time.</summary>
    public static void WriteEpoch(this Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteNumber(name, time.ToUnixTimeMilliseconds() / MillisecondsPerSecond);

    /// <summary>Writes a time, unless there is none.</summary>
    public static void WriteEpoch(this Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } there)
        {
            writer.WriteEpoch(name, there);
        }
    }

    /// <summary>Writes a text, unless there is none. Half a surrogate pair, which UTF-8 cannot express, becomes the replacement character.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Answers an operation.</summary>
    public static ValueTask AnswerAsync(HttpResponse response, WireAnswer answer, CancellationToken cancellation)
    {
        if (answer.Error is { } error)
        {
            return RefuseAsync(response, error, cancellation);
        }

        response.StatusCode = StatusCodes.Status200OK;
        return JsonAnswer.WriteAsync(
            response,
            MediaType,
            static (writer, write) =>
            {
                writer.WriteStartObject();
                write?.Invoke(writer);
                writer.WriteEndObject();
            },
            answer.Write,
            cancellation);
    }

    /// <summary>Answers with an error: its type in the body and, as clients of all ages look for it, in a header.</summary>
    public static ValueTask RefuseAsync(HttpResponse response, WireError error, CancellationToken cancellation)
    {
        response.StatusCode = error.Status;
        response.Headers[ErrorTypeHeader] = error.Type;
        return JsonAnswer.WriteAsync(
            response,
            MediaType,
            static (writer, error) =>
            {
                writer.WriteStartObject();
                writer.WriteString("__type", error.Type);
                writer.WriteOptional("message", error.Message);
                writer.WriteOptional("reason", error.Reason);
                writer.WriteOptional("resourceName", error.ResourceName);
                writer.WriteEndObject();
            },
            error,
            cancellation);
    }
}
