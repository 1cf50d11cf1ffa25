using System.Text;
using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Diagnostics for a text that is not even a JSON object, worded as Step Functions words them.</summary>
internal static class JsonDiagnostics
{
    /// <summary>Characters of the text that a diagnostic repeats.</summary>
    private const int MaxShownCharacters = 500;

    public static Diagnostic NotAnObject() =>
        new(DiagnosticCodes.NotAnObject, DiagnosticSeverity.Error, "Definition must be a valid JSON object", "", 1, 1) { ServiceLocation = null };

    public static Diagnostic Of(JsonReadError error, ReadOnlySpan<byte> utf8, AslLimits limits)
    {
        switch (error.Code)
        {
            case JsonReadErrorCode.TooLarge:
                return new Diagnostic(
                    DiagnosticCodes.DefinitionTooLarge,
                    DiagnosticSeverity.Error,
                    $"The definition is longer than {limits.MaxDefinitionBytes} bytes",
                    "");
            case JsonReadErrorCode.UnexpectedEnd when utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0:
                return NotAnObject();
            default:
                return NotJson(error, utf8);
        }
    }

    private static Diagnostic NotJson(JsonReadError error, ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> rest = utf8[Math.Min(error.ByteOffset, utf8.Length)..];
        int word = 0;
        while (word < rest.Length && (char.IsAsciiLetterOrDigit((char)rest[word]) || rest[word] is (byte)'_' or (byte)'$'))
        {
            word++;
        }

        bool isUnknownWord = error.Code == JsonReadErrorCode.Syntax && word > 0 && char.IsAsciiLetter((char)rest[0]);
        string reason = isUnknownWord
            ? $"Unrecognized token '{Encoding.UTF8.GetString(rest[..Math.Min(word, MaxShownCharacters)])}': was expecting "
                + "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            : error.Message;
        string location = $"[Source: (String)\"{Shown(utf8)}\"; line: {error.Line}, column: {error.Column + (isUnknownWord ? word : 0)}]";
        return new Diagnostic(
            DiagnosticCodes.InvalidJson, DiagnosticSeverity.Error, $"{reason}\n at {location}", error.Pointer, error.Line, error.Column)
        {
            ServiceLocation = location,
        };
    }

    private static string Shown(ReadOnlySpan<byte> utf8)
    {
        // Four bytes a character at most, so that the cut text is never longer than needed and never decoded whole.
        string text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxShownCharacters * 4)]);
        return text.Length <= MaxShownCharacters ? text : $"{text.AsSpan(0, MaxShownCharacters)}[truncated {utf8.Length - MaxShownCharacters} chars]";
    }
}
