using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Calls;

namespace Lockstep.Jsonata.Syntax;

/// <content>What an operand can start with.</content>
internal sealed partial class Parser
{
    private SyntaxNode Operand(Token token)
    {
        switch (token.Kind)
        {
            case TokenKind.Literal:
                Advance(operandExpected: false);
                return new LiteralSyntax(token.Value ?? JsonNull.Instance, token.Position);
            case TokenKind.Name:
                return Named(token);
            case TokenKind.Variable:
                Advance(operandExpected: false);
                return new VariableSyntax(token.Text, token.Position);
            case TokenKind.Regex:
                Advance(operandExpected: false);
                return new RegexSyntax(token.Text, token.Flags, token.Position);
            case TokenKind.End:
                Misuse(new JsonataException("S0207", "Unexpected end of expression", token.Position, "(end)"));
                return new LiteralSyntax(JsonNull.Instance, token.Position);
            default:
                return OperatorOperand(token);
        }
    }

    private PathSyntax Named(Token token)
    {
        Advance(operandExpected: false);
        return new PathSyntax(new NameSyntax(token.Text, token.Position), token.Position);
    }

    private SyntaxNode OperatorOperand(Token token)
    {
        switch (token.Text)
        {
            case "and" or "or" or "in":
                return Named(token);
            case "*":
                Advance(operandExpected: false);
                return new WildcardSyntax(token.Position);
            case "**":
                Advance(operandExpected: false);
                return new DescendantSyntax(token.Position);
            case "%":
                Advance(operandExpected: false);
                return new ParentSyntax(token.Position);
            case "-":
                Advance(operandExpected: false);
                SyntaxNode operand = Expression(Operators.Negation);
                return operand is LiteralSyntax { Value: JsonNumber number }
                    ? new LiteralSyntax(JsonNumber.Of(-number.ToDouble()), token.Position)
                    : new NegationSyntax(operand, token.Position);
            case "(":
                return Block(token);
            case "[":
                Advance(operandExpected: false);
                ExpectMore("]");
                return new ArraySyntax(List(",", "]", ArrayItem), token.Position);
            case "{":
                return Object(token, mayBeRegex: false);
            case "|":
                return Transform(token);
            default:
                Advance(operandExpected: false);
                throw new JsonataException("S0211", $"The symbol {token.Shown} cannot be used as a unary operator", token.Position, token.Text);
        }
    }

    /// <summary>An item of an array constructor; ranges stand only here.</summary>
    private SyntaxNode ArrayItem()
    {
        SyntaxNode item = Expression(0);
        if (!_token.Is(".."))
        {
            return item;
        }

        Token range = _token;
        Advance(operandExpected: true);
        return new BinarySyntax("..", item, Expression(0), range.Position);
    }

    private BlockSyntax Block(Token token)
    {
        _assigned.Push([]);
        Advance(operandExpected: false);
        ExpectMore(")");
        List<SyntaxNode> expressions = List(";", ")", () => Expression(0));
        return new BlockSyntax(expressions, _assigned.Pop(), token.Position);
    }

    private ObjectSyntax Object(Token token, bool mayBeRegex)
    {
        Advance(mayBeRegex);
        ExpectMore(":");
        return new ObjectSyntax(List(",", "}", Pair), token.Position);
    }

    private (SyntaxNode Key, SyntaxNode Value) Pair()
    {
        SyntaxNode key = Expression(0);
        Expect(":", operandExpected: true);
        return (key, Expression(0));
    }

    private TransformSyntax Transform(Token token)
    {
        Advance(operandExpected: false);
        ExpectMore("|");
        SyntaxNode pattern = Expression(0);
        Expect("|", operandExpected: true);
        SyntaxNode update = Expression(0);
        SyntaxNode? delete = null;
        if (_token.Is(","))
        {
            Advance(operandExpected: true);
            delete = Expression(0);
        }

        Expect("|", operandExpected: true);
        return new TransformSyntax(pattern, update, delete, token.Position);
    }

    /// <summary>A function's definition, of which the parameters have been read as if they were arguments of a call.</summary>
    private LambdaSyntax Lambda(Token token, List<SyntaxNode> parameters)
    {
        var names = new List<string>(parameters.Count);
        foreach (SyntaxNode parameter in parameters)
        {
            names.Add(parameter is VariableSyntax variable && variable.Place == variable.Position
                ? variable.Name
                : throw new JsonataException(
                    "S0208",
                    $"Parameter {names.Count + 1} of function definition must be a variable name (start with $)",
                    parameter.Place,
                    TextOf(parameter)));
        }

        Signature? signature = _token.Is("<") ? Signature() : null;
        _assigned.Push([]);
        Expect("{", operandExpected: true);
        SyntaxNode body = Expression(0);
        Expect("}", operandExpected: true);
        return new LambdaSyntax(names, signature, body, _assigned.Pop(), token.Position);
    }

    /// <summary>A signature, of which the tokens up to its closing angle bracket are put together.</summary>
    private Signature Signature()
    {
        int position = _token.Position;
        var signature = new StringBuilder("<");
        int depth = 1;
        Advance(operandExpected: true);
        while (_token.Kind != TokenKind.End && !_token.Is("{"))
        {
            depth += _token.Is("<") ? 1 : _token.Is(">") ? -1 : 0;
            if (depth == 0)
            {
                break;
            }

            signature.Append(_token.Text);
            Advance(operandExpected: true);
        }

        Expect(">", operandExpected: true);
        return SignatureParser.Parse(signature.Append('>').ToString(), position);
    }

    private static string TextOf(SyntaxNode node) => node switch
    {
        PathSyntax { Steps: [NameSyntax name, ..] } => name.Name,
        LiteralSyntax literal => literal.Value.ToString(),
        _ => "",
    };
}
