namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>Cuts Bicep text into tokens. Whatever it does not know is an error, so that no file is read past in part.</summary>
internal static class BicepLexer
{
    private static readonly string[] Symbols =
    [
        "=>", "==", "!=", "<=", ">=", "=~", "!~", "&&", "||", "??", "::", ".?", "...",
        "{", "}", "[", "]", "(", ")", ":", ",", ".", "=", "?", "!", "<", ">", "+", "-", "*", "/", "%", "@", "|", "#",
    ];

    /// <summary>Cuts a text.</summary>
    /// <exception cref="FormatException">There is something at a place where no token begins, or a string or comment has no end.</exception>
    public static IReadOnlyList<BicepToken> Read(string text)
    {
        var tokens = new List<BicepToken>();
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            int end = EndOfToken(text, at, line);
            if (text[at] == '\n')
            {
                tokens.Add(new BicepToken(BicepTokenKind.NewLine, "\n", line));
            }
            else if (!char.IsWhiteSpace(text[at]) && !IsComment(text, at))
            {
                tokens.Add(new BicepToken(KindAt(text[at]), text[at..end], line));
            }

            line += text.AsSpan(at, end - at).Count('\n');
            at = end;
        }

        return tokens;
    }

    /// <summary>The expressions within the <c>${…}</c> of a string token.</summary>
    public static IEnumerable<IReadOnlyList<BicepToken>> Interpolations(BicepToken text)
    {
        if (text.Text.StartsWith("'''", StringComparison.Ordinal))
        {
            yield break;
        }

        for (int at = 1; at < text.Text.Length - 1; at++)
        {
            if (text.Text[at] == '\\')
            {
                at++;
            }
            else if (text.Text[at] == '$' && text.Text[at + 1] == '{')
            {
                int end = EndOfInterpolation(text.Text, at + 2, text.Line);
                yield return Read(text.Text[(at + 2)..(end - 1)]);
                at = end - 1;
            }
        }
    }

    private static int EndOfToken(string text, int at, int line)
    {
        char first = text[at];
        if (first == '\n' || char.IsWhiteSpace(first))
        {
            return at + 1;
        }

        if (IsComment(text, at))
        {
            return text[at + 1] == '/' ? IndexOrEnd(text, "\n", at) : Index(text, "*/", at + 2, line) + 2;
        }

        if (first == '\'')
        {
            return EndOfString(text, at, line);
        }

        if (char.IsAsciiLetterOrDigit(first) || first == '_')
        {
            return EndOfWord(text, at);
        }

        return at + (Array.Find(Symbols, symbol => string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
            ?? throw new FormatException($"line {line}: '{first}' begins nothing.")).Length;
    }

    private static BicepTokenKind KindAt(char first) =>
        first == '\'' ? BicepTokenKind.Text
        : char.IsAsciiDigit(first) ? BicepTokenKind.Number
        : char.IsAsciiLetter(first) || first == '_' ? BicepTokenKind.Identifier
        : BicepTokenKind.Symbol;

    private static bool IsComment(string text, int at) =>
        text[at] == '/' && at + 1 < text.Length && (text[at + 1] is '/' or '*');

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    private static int EndOfString(string text, int at, int line)
    {
        if (string.CompareOrdinal(text, at, "'''", 0, 3) == 0)
        {
            return Index(text, "'''", at + 3, line) + 3;
        }

        for (at++; at < text.Length && text[at] != '\n'; at++)
        {
            switch (text[at])
            {
                case '\'':
                    return at + 1;
                case '\\':
                    at++;
                    break;
                case '$' when text[at + 1] == '{':
                    at = EndOfInterpolation(text, at + 2, line) - 1;
                    break;
                default:
                    break;
            }
        }

        throw new FormatException($"line {line}: a string has no end.");
    }

    private static int EndOfInterpolation(string text, int at, int line)
    {
        for (int depth = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'':
                    at = EndOfString(text, at, line) - 1;
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    return at + 1;
                default:
                    break;
            }
        }

        throw new FormatException($"line {line}: an interpolation has no end.");
    }

    private static int Index(string text, string what, int from, int line)
    {
        int found = text.IndexOf(what, from, StringComparison.Ordinal);
        return found >= 0 ? found : throw new FormatException($"line {line}: {what} is missing.");
    }

    private static int IndexOrEnd(string text, string what, int from)
    {
        int found = text.IndexOf(what, from, StringComparison.Ordinal);
        return found >= 0 ? found : text.Length;
    }
}
