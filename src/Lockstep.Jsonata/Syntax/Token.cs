using Lockstep.Json;

namespace Lockstep.Jsonata.Syntax;

internal enum TokenKind
{
    End,
    Name,
    Literal,
    Variable,
    Operator,
    Regex,
}

/// <summary>One token of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its meaning: a name, a variable without its dollar sign, an operator, a pattern; of a literal how it was written.</param>
/// <param name="Position">Offset just after it.</param>
/// <param name="Value">The value of a literal.</param>
/// <param name="Flags">The flags of a regular expression.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, JsonValue? Value = null, string Flags = "")
{
    /// <summary>The token as messages show it: in quotation marks, unless it is a literal that is no string; a regular expression as an object.</summary>
    public string Shown => Kind == TokenKind.Regex ? "{}" : (Value ?? JsonString.Of(Text)).ToString();

    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    /// <summary>How strongly the token binds to what stands left of it; 0 when it does not.</summary>
    public int LeftBinding => Kind == TokenKind.Operator ? Operators.LeftBinding(Text) : 0;
}
