namespace Lockstep.Azure.Orchestration.Contracts;

/// <summary>Bytes on their way between orchestrator and activity: along with the message while they are few, else in parts beside it.</summary>
internal sealed record Body
{
    /// <summary>The bytes; null when they are in parts.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    /// <summary>Names the parts within the execution's folder; null when the bytes are here.</summary>
    public string? Parts { get; init; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; init; }

    /// <summary>Bytes that go along with a message.</summary>
    public static Body Of(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };
}

/// <summary>Sizes that keep every message below the 512 KiB that an activity's input and answer may have, base64 and the rest included.</summary>
internal static class MessageSizes
{
    /// <summary>Bytes of one part.</summary>
    public const int Part = 256 * 1024;

    /// <summary>Bytes up to which something goes along with a message of its own.</summary>
    public const int Inline = 192 * 1024;

    /// <summary>Bytes up to which the facts of a turn go along with it; with the turn they fit into a message.</summary>
    public const int InlineFacts = 48 * 1024;

    /// <summary>Bytes that a message carries in all.</summary>
    public const int Message = 256 * 1024;

    /// <summary>Rows, of every kind but turns, that one append changes.</summary>
    public const int RowsPerAppend = 40;

    /// <summary>Characters of an orchestration's input up to which state and definition travel in it.</summary>
    public const int InlineInput = 384 * 1024;

    /// <summary>Bytes of state up to which it is carried in the input of the next epoch.</summary>
    public const int InlineState = 128 * 1024;
}
