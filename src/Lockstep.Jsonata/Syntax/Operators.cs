using System.Collections.Frozen;

namespace Lockstep.Jsonata.Syntax;

/// <summary>The operators of the language and how strongly they bind (JSONata, "Operator precedence").</summary>
internal static class Operators
{
    public const int Assignment = 10;
    public const int Negation = 70;
    public const int Sorting = 40;

    private static readonly FrozenDictionary<string, int> Bindings = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["["] = 80,
        ["("] = 80,
        ["@"] = 80,
        ["#"] = 80,
        ["."] = 75,
        ["{"] = 70,
        ["*"] = 60,
        ["/"] = 60,
        ["%"] = 60,
        ["+"] = 50,
        ["-"] = 50,
        ["&"] = 50,
        ["="] = 40,
        ["!="] = 40,
        ["<"] = 40,
        ["<="] = 40,
        [">"] = 40,
        [">="] = 40,
        ["in"] = 40,
        ["^"] = Sorting,
        ["~>"] = 40,
        ["?:"] = 40,
        ["??"] = 40,
        ["and"] = 30,
        ["or"] = 25,
        ["?"] = 20,
        [":="] = Assignment,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static int LeftBinding(string op) => Bindings.GetValueOrDefault(op);

    /// <summary>Whether a character ends a name because an operator starts with it.</summary>
    public static bool IsOperatorCharacter(char c) => c is '.' or '[' or ']' or '{' or '}' or '(' or ')' or ',' or '@' or '#' or ';' or ':' or '?'
        or '+' or '-' or '*' or '/' or '%' or '|' or '=' or '<' or '>' or '^' or '&' or '!' or '~';

    /// <summary>The operator of two characters that starts with this one, or null.</summary>
    public static string? OfTwo(char first, char second) => (first, second) switch
    {
        ('.', '.') => "..",
        (':', '=') => ":=",
        ('!', '=') => "!=",
        ('>', '=') => ">=",
        ('<', '=') => "<=",
        ('*', '*') => "**",
        ('~', '>') => "~>",
        ('?', ':') => "?:",
        ('?', '?') => "??",
        _ => null,
    };
}
