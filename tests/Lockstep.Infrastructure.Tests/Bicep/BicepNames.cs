namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>Which names an expression uses, as a compiler would resolve them: variables, and functions that are called.</summary>
internal static class BicepNames
{
    private static readonly string[] Keywords = ["true", "false", "null", "if", "for", "in", "existing", "resource"];

    /// <summary>The built-in functions and namespaces this repository uses. A name that is new to the list is looked up first.</summary>
    private static readonly string[] Functions =
    [
        "cidrSubnet", "concat", "empty", "environment", "guid", "loadTextContent", "map", "max", "replace", "resourceGroup", "subscription",
        "subscriptionResourceId", "take", "tenant", "toLower", "union", "uniqueString",
    ];

    /// <summary>Names that are used and declared neither in the file nor by a loop or lambda around them, with their lines.</summary>
    public static IEnumerable<string> Undeclared(BicepFile file)
    {
        HashSet<string> declared = [.. file.Declarations.Where(declaration => declaration.Keyword != "output").Select(declaration => declaration.Name)];
        return file.Declarations
            .Where(declaration => declaration.Value is not null)
            .SelectMany(declaration => Used(declaration.Value?.Tokens ?? []))
            .Where(name => !declared.Contains(name.Text))
            .Select(name => $"{file.Path}({name.Line}): {name.Text} is not declared");
    }

    /// <summary>Parameters and variables that nothing uses.</summary>
    public static IEnumerable<string> Unused(BicepFile file)
    {
        HashSet<string> used = [.. file.Declarations.SelectMany(declaration => Used(declaration.Value?.Tokens ?? [])).Select(token => token.Text)];
        return file.Declarations
            .Where(declaration => declaration.Keyword is "param" or "var" && !used.Contains(declaration.Name))
            .Select(declaration => $"{file.Path}({declaration.Line}): {declaration.Name} is not used");
    }

    /// <summary>The names an expression takes from outside itself.</summary>
    public static IEnumerable<BicepToken> Used(IReadOnlyList<BicepToken> tokens)
    {
        HashSet<string> local = [.. LocalNames(tokens)];
        return Candidates(tokens).Where(token => !local.Contains(token.Text));
    }

    private static IEnumerable<BicepToken> Candidates(IReadOnlyList<BicepToken> tokens)
    {
        for (int at = 0; at < tokens.Count; at++)
        {
            if (tokens[at].Kind == BicepTokenKind.Text)
            {
                foreach (BicepToken inner in BicepLexer.Interpolations(tokens[at]).SelectMany(Candidates))
                {
                    yield return inner with { Line = tokens[at].Line };
                }
            }
            else if (tokens[at].Kind == BicepTokenKind.Identifier && IsName(tokens, at))
            {
                yield return tokens[at];
            }
        }
    }

    private static bool IsName(IReadOnlyList<BicepToken> tokens, int at)
    {
        BicepToken before = at > 0 ? tokens[at - 1] : new BicepToken(BicepTokenKind.NewLine, "\n", 0);
        BicepToken after = at + 1 < tokens.Count ? tokens[at + 1] : new BicepToken(BicepTokenKind.NewLine, "\n", 0);
        bool isMember = before.Is(".") || before.Is(".?") || before.Is("::");
        bool isKey = after.Is(":") && (before.Kind == BicepTokenKind.NewLine || before.Is("{") || before.Is(","));
        bool isSymbolOfChild = before.IsWord("resource");
        bool isFunction = after.Is("(") && Functions.Contains(tokens[at].Text);
        return !isMember && !isKey && !isSymbolOfChild && !isFunction && !Keywords.Contains(tokens[at].Text);
    }

    private static IEnumerable<string> LocalNames(IReadOnlyList<BicepToken> tokens)
    {
        for (int at = 0; at + 1 < tokens.Count; at++)
        {
            if (tokens[at].IsWord("for"))
            {
                yield return tokens[at + 1].Text;
            }
            else if (tokens[at + 1].Is("=>"))
            {
                yield return tokens[at].Text;
            }
        }
    }
}
