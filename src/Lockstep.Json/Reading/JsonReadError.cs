namespace Lockstep.Json;

/// <summary>Why and where a text was refused.</summary>
/// <param name="Code">The reason, for programs.</param>
/// <param name="Message">The reason, for people: one sentence.</param>
/// <param name="ByteOffset">Bytes before the place, counted in UTF-8.</param>
/// <param name="Line">Line of the place, from 1.</param>
/// <param name="Column">Column of the place in Unicode characters, from 1.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the value that was being read.</param>
public sealed record JsonReadError(JsonReadErrorCode Code, string Message, int ByteOffset, int Line, int Column, string Pointer)
{
    /// <summary>The place and the reason.</summary>
    public override string ToString() => $"({Line},{Column}): {Message}";
}
