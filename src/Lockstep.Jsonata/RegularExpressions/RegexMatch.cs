namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>A match of a regular expression in a text.</summary>
internal sealed class RegexMatch(string text, int start, int end, int[] slots)
{
    /// <summary>Where it starts, in UTF-16 units.</summary>
    public int Start => start;

    /// <summary>Where it ends: just behind its last character.</summary>
    public int End => end;

    /// <summary>Captures of the pattern.</summary>
    public int GroupCount => slots.Length / 2;

    /// <summary>The matched text.</summary>
    public string Value => text[start..end];

    /// <summary>The text of a capture, from 0 to <see cref="GroupCount"/> - 1; null when it took no part in the match.</summary>
    public string? Group(int index) => slots[2 * index + 1] < 0 ? null : text[slots[2 * index]..slots[2 * index + 1]];
}
