using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Lockstep.Json;

/// <summary>
/// Reads one JSON text (RFC 8259), strictly: no comments, no trailing commas, nothing after the value; a byte order mark is skipped.
/// Never throws on input, never recurses; whatever a text contains, the cost is linear in its length and bounded by the limits.
/// </summary>
public static class JsonReader
{
    /// <summary>Reads a text in UTF-8.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="limits">What the text may cost; <see cref="JsonReadLimits.Default"/> when absent.</param>
    public static JsonReadResult Read(ReadOnlySpan<byte> utf8, JsonReadLimits? limits = null)
    {
        limits ??= JsonReadLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return TooLarge(limits);
        }

        if (!Utf8.IsValid(utf8))
        {
            int valid = JsonTextPosition.ValidPrefix(utf8);
            return new JsonReadResult(JsonTextPosition.ErrorAt(
                utf8, valid, JsonReadErrorCode.InvalidUnicode, "The text is not valid UTF-8.", ""));
        }

        return new JsonTextReader(utf8, limits).Read();
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="limits">What the text may cost, counted as UTF-8; <see cref="JsonReadLimits.Default"/> when absent.</param>
    public static JsonReadResult Read(string text, JsonReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= JsonReadLimits.Default;
        if (text.Length > limits.MaxBytes)
        {
            return TooLarge(limits);
        }

        int length = Encoding.UTF8.GetByteCount(text);
        if (length > limits.MaxBytes)
        {
            return TooLarge(limits);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            OperationStatus status = Utf8.FromUtf16(text, buffer, out _, out int written, replaceInvalidSequences: false);
            ReadOnlySpan<byte> utf8 = buffer.AsSpan(0, written);
            return status == OperationStatus.Done
                ? Read(utf8, limits)
                : new JsonReadResult(JsonTextPosition.ErrorAt(
                    utf8, written, JsonReadErrorCode.InvalidUnicode, "The text has a surrogate without its partner.", ""));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JsonReadResult TooLarge(JsonReadLimits limits) => new(new JsonReadError(
        JsonReadErrorCode.TooLarge, $"The text is longer than {limits.MaxBytes} bytes.", limits.MaxBytes, 1, 1, ""));
}
