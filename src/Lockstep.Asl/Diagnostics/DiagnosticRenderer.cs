using System.Globalization;
using System.Text;

namespace Lockstep.Asl.Diagnostics;

/// <summary>
/// Prints diagnostics for people: severity, code and message, then <c>file:line:column</c>, the line of the text and a caret under the place.
/// </summary>
public static class DiagnosticRenderer
{
    /// <summary>Characters of a source line that are shown; longer lines are cut around the place.</summary>
    public const int MaxLineLength = 120;

    private const int ShownBeforePlace = 60;
    private const string Ellipsis = "…";

    /// <summary>Renders all diagnostics, a blank line between each two.</summary>
    /// <param name="diagnostics">What to show, in order.</param>
    /// <param name="text">The definition they are about.</param>
    /// <param name="fileName">Its name, as the user gave it.</param>
    public static string Render(IEnumerable<Diagnostic> diagnostics, string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        var output = new StringBuilder();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (output.Length > 0)
            {
                output.Append('\n');
            }

            Render(output, diagnostic, lines, fileName);
        }

        return output.ToString();
    }

    private static void Render(StringBuilder output, Diagnostic diagnostic, string[] lines, string fileName)
    {
        string severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        output.Append(severity).Append('[').Append(diagnostic.Code).Append("]: ").Append(FirstLine(diagnostic.Message)).Append('\n');
        output.Append("  --> ").Append(fileName);
        if (diagnostic.Line > 0)
        {
            output.Append(CultureInfo.InvariantCulture, $":{diagnostic.Line}:{diagnostic.Column}");
        }

        output.Append(diagnostic.Pointer.Length == 0 ? "" : $" ({diagnostic.Pointer})").Append('\n');
        if (diagnostic.Line > 0 && diagnostic.Line <= lines.Length)
        {
            string number = diagnostic.Line.ToString(CultureInfo.InvariantCulture);
            string margin = new(' ', number.Length + 1);
            (string line, int caret) = Cut(lines[diagnostic.Line - 1].TrimEnd('\r'), diagnostic.Column);
            output.Append(margin).Append("|\n");
            output.Append(number).Append(" | ").Append(line).Append('\n');
            output.Append(margin).Append("| ").Append(' ', caret).Append("^\n");
        }

        if (diagnostic.Detail is not null)
        {
            output.Append("  = ").Append(diagnostic.Detail).Append('\n');
        }
    }

    private static string FirstLine(string message)
    {
        int end = message.IndexOf('\n');
        return end < 0 ? message : message[..end];
    }

    /// <summary>The visible part of a line, tabs as one space each, and the caret's offset in it.</summary>
    private static (string Line, int Caret) Cut(string line, int column)
    {
        // Columns count Unicode characters, a string counts UTF-16 units.
        int at = 0;
        for (int character = 1; character < column && at < line.Length; character++)
        {
            at += at + 1 < line.Length && char.IsSurrogatePair(line, at) ? 2 : 1;
        }

        string shown = line.Replace('\t', ' ');
        if (shown.Length <= MaxLineLength)
        {
            return (shown, at);
        }

        int start = Math.Max(0, Math.Min(at - ShownBeforePlace, shown.Length - MaxLineLength));
        int end = Math.Min(shown.Length, start + MaxLineLength);
        start += start > 0 && char.IsLowSurrogate(shown[start]) ? 1 : 0;
        end -= end < shown.Length && char.IsLowSurrogate(shown[end]) ? 1 : 0;
        string prefix = start > 0 ? Ellipsis : "";
        string suffix = end < shown.Length ? Ellipsis : "";
        return ($"{prefix}{shown[start..end]}{suffix}", at - start + prefix.Length);
    }
}
