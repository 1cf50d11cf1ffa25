using System.Globalization;

namespace Lockstep.Cli.Definitions;

/// <summary>
/// Shows a place of a text the way compilers do: the line with its number, and a caret under the column. A line that is too long for a
/// terminal, such as a minified definition, is cut to a window around the place.
/// </summary>
internal static class SourcePlace
{
    /// <summary>Characters of a line that are shown at most.</summary>
    internal const int WindowCharacters = 120;

    private const string Cut = "…";

    /// <summary>
    /// The two lines that show a place, or none when <paramref name="line"/> is no line of the text.
    /// </summary>
    /// <param name="text">The whole text.</param>
    /// <param name="line">One-based.</param>
    /// <param name="column">One-based, in characters; a column after the end of the line points just behind it.</param>
    public static IReadOnlyList<string> Render(string text, int line, int column)
    {
        if (line < 1 || LineOf(text, line) is not { } content)
        {
            return [];
        }

        int caret = Math.Clamp(column - 1, 0, content.Length);
        int start = content.Length <= WindowCharacters ? 0 : Math.Clamp(caret - (WindowCharacters / 2), 0, content.Length - WindowCharacters);
        int end = Math.Min(content.Length, start + WindowCharacters);
        string before = start > 0 ? Cut : "";
        string after = end < content.Length ? Cut : "";

        string number = line.ToString(CultureInfo.InvariantCulture).PadLeft(5);
        return
        [
            $"{number} | {before}{Visible(content[start..end])}{after}",
            $"{new string(' ', number.Length)} | {new string(' ', before.Length)}{Visible(Blank(content[start..caret]))}^",
        ];
    }

    private static string? LineOf(string text, int line)
    {
        int number = 1;
        foreach (ReadOnlySpan<char> candidate in text.AsSpan().EnumerateLines())
        {
            if (number == line)
            {
                return candidate.ToString();
            }

            number++;
        }

        return null;
    }

    // A terminal would move the caret by tab stops of its own, and obey control characters.
    private static string Visible(string text) =>
        string.Concat(text.Select(c => c == '\t' ? "    " : char.IsControl(c) ? "\uFFFD" : c.ToString()));

    private static string Blank(string text) => string.Concat(text.Select(c => c == '\t' ? '\t' : ' '));
}
