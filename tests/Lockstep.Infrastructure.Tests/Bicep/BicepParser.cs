namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>
/// Reads as much of the Bicep language as this repository uses: top-level statements, objects, and expressions as balanced runs of
/// tokens. A statement of another kind is an error rather than skipped. Types and API versions are the compiler's business.
/// </summary>
internal static class BicepParser
{
    private static readonly string[] Operators = ["?", ":", "=", "&&", "||", "??", "==", "!=", "=>", "+", "-", "*", "<", ">", "<=", ">="];

    /// <summary>Every top-level statement of a file, resources within resources not among them.</summary>
    /// <exception cref="FormatException">The text is not of this part of the language.</exception>
    public static IReadOnlyList<BicepDeclaration> Parse(IReadOnlyList<BicepToken> tokens)
    {
        var statements = new List<BicepDeclaration>();
        var decorators = new List<string>();
        for (int at = 0; at < tokens.Count;)
        {
            if (tokens[at].Kind == BicepTokenKind.NewLine)
            {
                at++;
            }
            else if (tokens[at].Is("@"))
            {
                decorators.Add(tokens[at + 1].Text);
                at = EndOfExpression(tokens, at);
            }
            else
            {
                int end = EndOfExpression(tokens, at);
                if (!tokens[at].IsWord("targetScope"))
                {
                    statements.Add(Declaration([.. tokens.Take(end).Skip(at)], [.. decorators]));
                }

                decorators.Clear();
                at = end;
            }
        }

        return statements;
    }

    /// <summary>The object that an expression is, or that its <c>if</c> or <c>for</c> has as body; null when there is none.</summary>
    public static BicepObject? BodyOf(IReadOnlyList<BicepToken> tokens)
    {
        int at = SkipNewLines(tokens, 0);
        if (at < tokens.Count && tokens[at].Is("["))
        {
            at = SkipNewLines(tokens, at + 1);
            if (at >= tokens.Count || !tokens[at].IsWord("for"))
            {
                return null;
            }
        }
        else if (at < tokens.Count && tokens[at].IsWord("if"))
        {
            at = Closing(tokens, at + 1) + 1;
        }

        if (at < tokens.Count && tokens[at].IsWord("for"))
        {
            at = SkipNewLines(tokens, HeadOfLoop(tokens, at) + 1);
        }

        return at < tokens.Count && tokens[at].Is("{") ? Object(tokens, at, Closing(tokens, at)) : null;
    }

    private static BicepDeclaration Declaration(IReadOnlyList<BicepToken> tokens, IReadOnlyList<string> decorators)
    {
        BicepToken keyword = tokens[0];
        int assignment = Enumerable.Range(0, tokens.Count).FirstOrDefault(at => tokens[at].Is("="), tokens.Count);
        IReadOnlyList<BicepToken> head = [.. tokens.Take(assignment)];
        BicepExpression? value = assignment < tokens.Count ? new BicepExpression([.. tokens.Skip(assignment + 1)]) : null;
        return keyword.Text switch
        {
            "param" or "output" => new BicepDeclaration(
                keyword.Text, head[1].Text, string.Join(' ', head.Skip(2).Select(token => token.Text)).Trim(), false, value, decorators, keyword.Line),
            "var" => new BicepDeclaration("var", head[1].Text, "", false, value, decorators, keyword.Line),
            "module" => new BicepDeclaration("module", head[1].Text, head[2].Content, false, value, decorators, keyword.Line),
            "resource" => new BicepDeclaration(
                "resource", head[1].Text, head[2].Content, head.Any(token => token.IsWord("existing")), value, decorators, keyword.Line),
            _ => throw new FormatException($"line {keyword.Line}: '{keyword.Text}' is no statement that these tests know."),
        };
    }

    private static BicepObject Object(IReadOnlyList<BicepToken> tokens, int open, int close)
    {
        var properties = new List<KeyValuePair<string, BicepExpression>>();
        var resources = new List<BicepDeclaration>();
        for (int at = open + 1; at < close;)
        {
            if (tokens[at].Kind == BicepTokenKind.NewLine || tokens[at].Is(","))
            {
                at++;
                continue;
            }

            int end = EndOfExpression(tokens, at);
            if (tokens[at].IsWord("resource") && tokens[at + 1].Kind == BicepTokenKind.Identifier)
            {
                resources.Add(Declaration([.. tokens.Take(end).Skip(at)], []));
            }
            else if (tokens[at + 1].Is(":"))
            {
                string name = tokens[at].Kind == BicepTokenKind.Text ? tokens[at].Content : tokens[at].Text;
                properties.Add(new(name, new BicepExpression([.. tokens.Take(end).Skip(at + 2)])));
            }
            else
            {
                throw new FormatException($"line {tokens[at].Line}: '{tokens[at].Text}' begins no property.");
            }

            at = end;
        }

        return new BicepObject(properties, resources);
    }

    /// <summary>Where the expression or statement that begins here ends: at a line's end, a comma or a closing bracket outside all brackets.</summary>
    private static int EndOfExpression(IReadOnlyList<BicepToken> tokens, int at)
    {
        for (; at < tokens.Count; at++)
        {
            BicepToken token = tokens[at];
            if (token.Is("{") || token.Is("[") || token.Is("("))
            {
                at = Closing(tokens, at);
            }
            else if (token.Is(",") || token.Is("}") || token.Is("]") || token.Is(")"))
            {
                return at;
            }
            else if (token.Kind == BicepTokenKind.NewLine && !GoesOn(tokens, at))
            {
                return at;
            }
        }

        return at;
    }

    private static bool GoesOn(IReadOnlyList<BicepToken> tokens, int newLine)
    {
        int next = SkipNewLines(tokens, newLine);
        bool before = newLine > 0 && tokens[newLine - 1].Kind == BicepTokenKind.Symbol && Operators.Contains(tokens[newLine - 1].Text);
        return before || (next < tokens.Count && (tokens[next].Is("?") || tokens[next].Is(":")));
    }

    /// <summary>The colon that ends <c>for x in y:</c>.</summary>
    private static int HeadOfLoop(IReadOnlyList<BicepToken> tokens, int at)
    {
        for (; at < tokens.Count && !tokens[at].Is(":"); at++)
        {
            if (tokens[at].Is("(") || tokens[at].Is("["))
            {
                at = Closing(tokens, at);
            }
        }

        return at;
    }

    private static int SkipNewLines(IReadOnlyList<BicepToken> tokens, int at)
    {
        while (at < tokens.Count && tokens[at].Kind == BicepTokenKind.NewLine)
        {
            at++;
        }

        return at;
    }

    private static int Closing(IReadOnlyList<BicepToken> tokens, int open)
    {
        var expected = new Stack<string>();
        for (int at = open; at < tokens.Count; at++)
        {
            switch (tokens[at] is { Kind: BicepTokenKind.Symbol } symbol ? symbol.Text : "")
            {
                case "{":
                    expected.Push("}");
                    break;
                case "[":
                    expected.Push("]");
                    break;
                case "(":
                    expected.Push(")");
                    break;
                case "}" or "]" or ")" when expected.Count == 0 || tokens[at].Text != expected.Pop():
                    throw new FormatException($"line {tokens[at].Line}: '{tokens[at].Text}' closes nothing.");
                case "}" or "]" or ")" when expected.Count == 0:
                    return at;
                default:
                    break;
            }
        }

        throw new FormatException($"line {tokens[open].Line}: '{tokens[open].Text}' is never closed.");
    }
}
