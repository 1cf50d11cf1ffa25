namespace Lockstep.Json.Paths;

/// <summary>Why a text is not a path of the dialect.</summary>
/// <param name="Code">The reason, for programs.</param>
/// <param name="Message">The reason, for people: one sentence.</param>
/// <param name="Offset">Characters before the place in the path's text.</param>
public sealed record JsonPathError(JsonPathErrorCode Code, string Message, int Offset)
{
    /// <summary>The place and the reason.</summary>
    public override string ToString() => $"at character {Offset}: {Message}";
}
