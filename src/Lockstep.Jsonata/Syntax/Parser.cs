namespace Lockstep.Jsonata.Syntax;

/// <summary>
/// A parser by operator precedence (Pratt). What starts an operand is read in <see cref="Operand"/>, what continues one in <see
/// cref="Continuation"/>. Nesting is bounded, so that neither parsing nor anything that walks the tree can overflow the stack.
/// </summary>
internal sealed partial class Parser
{
    private readonly Tokenizer _tokenizer;
    private readonly int _maxNesting;
    private readonly Stack<List<string>> _assigned = new();
    private Token _token;
    private int _nesting;
    private JsonataException? _misuse;

    private Parser(string text, int maxNesting)
    {
        _tokenizer = new Tokenizer(text);
        _maxNesting = maxNesting;
        _assigned.Push([]);
        Advance(operandExpected: true);
    }

    /// <summary>Parses a whole expression.</summary>
    /// <returns>The tree, and the variables assigned outside of any block or function.</returns>
    /// <exception cref="JsonataException">The text is not an expression.</exception>
    public static (SyntaxNode Root, IReadOnlyList<string> Assigned) Parse(string text, int maxNesting)
    {
        var parser = new Parser(text, maxNesting);
        SyntaxNode root = parser.Expression(0);
        if (parser._token.Kind != TokenKind.End)
        {
            throw new JsonataException("S0201", $"Syntax error: {parser._token.Shown}", parser._token.Position, parser._token.Text);
        }

        if (parser._misuse is { } misuse)
        {
            throw misuse;
        }

        return root is ParentSyntax || root.Seeking.Count > 0
            ? throw Ancestry.Unknown(root is PathSyntax ? -1 : root.Position)
            : (root, parser._assigned.Pop());
    }

    private SyntaxNode Expression(int rightBinding)
    {
        if (++_nesting > _maxNesting)
        {
            throw TooDeep(_token.Position);
        }

        Token token = _token;
        SyntaxNode left = Operand(token);
        left.Place = token.Position;
        bool isOperand = true;
        while (rightBinding < _token.LeftBinding)
        {
            token = _token;
            left = Continuation(token, left, isOperand);
            left.Place = token.Position;
            isOperand = false;
            if (left.Height > _maxNesting)
            {
                throw TooDeep(token.Position);
            }
        }

        _nesting--;
        return left;
    }

    private JsonataException TooDeep(int position) =>
        new(JsonataErrorCodes.NestingExceeded, $"The expression is nested deeper than {_maxNesting} levels.", position);

    /// <summary>Notes what is wrong with the parts of an expression; what is wrong with its text, also further on, is told first.</summary>
    private void Misuse(JsonataException? error) => _misuse ??= error;

    private void Advance(bool operandExpected) => _token = _tokenizer.Next(operandExpected);

    /// <summary>Steps over an operator that has to stand here.</summary>
    private void Expect(string op, bool operandExpected)
    {
        if (!_token.Is(op))
        {
            throw _token.Kind == TokenKind.End
                ? new JsonataException("S0203", $"Expected \"{op}\" before end of expression", _token.Position, "(end)")
                : new JsonataException("S0202", $"Expected \"{op}\", got {_token.Shown}", _token.Position, _token.Text);
        }

        Advance(operandExpected);
    }

    /// <summary>Refuses an expression that ends behind an opening bracket by what was to follow, as the reference does.</summary>
    private void ExpectMore(string op)
    {
        if (_token.Kind == TokenKind.End)
        {
            Expect(op, operandExpected: false);
        }
    }

    /// <summary>A list up to its closing operator, which is stepped over.</summary>
    private List<T> List<T>(string separator, string close, Func<T> item)
    {
        var items = new List<T>();
        while (!_token.Is(close))
        {
            items.Add(item());
            if (!_token.Is(separator))
            {
                break;
            }

            Advance(operandExpected: true);
            if (separator == "," && _token.Is(close))
            {
                items.Add(item());
            }
        }

        Expect(close, operandExpected: false);
        return items;
    }

    private static PathSyntax PathOf(SyntaxNode node) => node as PathSyntax ?? new PathSyntax(node, node.Position);

    private static SyntaxNode LastStep(SyntaxNode node) => node is PathSyntax path ? path.Steps[^1] : node;
}
