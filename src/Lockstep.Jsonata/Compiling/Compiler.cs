using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Evaluation.Calls;
using Lockstep.Jsonata.Evaluation.Operators;
using Lockstep.Jsonata.Evaluation.Paths;
using Lockstep.Jsonata.Functions;
using Lockstep.Jsonata.Syntax;

namespace Lockstep.Jsonata.Compiling;

/// <summary>Turns the tree of the parser into nodes that evaluate, and decides where each variable lies.</summary>
internal sealed partial class Compiler
{
    private readonly List<string> _globals = [];
    private readonly Dictionary<string, int> _globalIndex = new(StringComparer.Ordinal);
    private readonly List<JsonataReference> _references = [];
    private readonly Library _library;
    private Scope _scope;
    private int _bindings;

    private Compiler(Library library, IReadOnlyList<string> assigned)
    {
        _library = library;
        _scope = Scope.OfFrame(null, assigned);
    }

    public static CompiledExpression Compile(SyntaxNode root, IReadOnlyList<string> assigned, Library library)
    {
        var compiler = new Compiler(library, assigned);
        FrameLayout layout = compiler._scope.Layout ?? throw new InvalidOperationException("The outermost scope has a frame.");
        Node node = compiler.Compile(root);
        return new CompiledExpression(node, layout, root.Height, [.. compiler._globals], [.. compiler._references.OrderBy(reference => reference.Position)]);
    }

    /// <summary>Compiles a node.</summary>
    /// <param name="syntax">The node.</param>
    /// <param name="isTail">Whether a function ends with it.</param>
    /// <param name="givesTuples">Whether it is evaluated for a path that takes tuples, and not for a value.</param>
    private Node Compile(SyntaxNode syntax, bool isTail = false, bool givesTuples = false)
    {
        bool isPlain = syntax.Predicates.Count == 0 && (syntax.Group is null || syntax is PathSyntax);
        Node node = Bare(syntax, isTail && isPlain && (syntax is BlockSyntax || !syntax.KeepsArray), givesTuples);
        if (syntax.Predicates.Count > 0)
        {
            node = new FilteredNode(node, [.. syntax.Predicates.Select(Filter)], syntax.KeepsArray);
        }

        if (syntax is WildcardSyntax { KeepsArray: true, Predicates.Count: 0 })
        {
            node = new KeepingNode(node);
        }

        return syntax.Group is null || syntax is PathSyntax { BindsTuple: true } || IsTuplePath(syntax)
            ? node
            : new GroupedNode(node, Group(syntax.Group));
    }

    private Node Bare(SyntaxNode syntax, bool isTail, bool givesTuples) => syntax switch
    {
        LiteralSyntax literal => new ConstantNode(literal.Value),
        NameSyntax name => new NameNode(name.Name),
        VariableSyntax variable => Variable(variable),
        WildcardSyntax => new WildcardNode(),
        DescendantSyntax => new DescendantNode(),
        ParentSyntax parent => new TupleVariableNode(BindingOf(parent.Slot), null),
        RegexSyntax regex => new ConstantNode(new RegexFunction(regex.Pattern, regex.Flags, regex.Position)),
        NegationSyntax negation => new NegationNode(Compile(negation.Operand), negation.Position),
        ArraySyntax array => new ArrayNode([.. array.Items.Select(item => Compile(item))], array.IsConstructedStep),
        ObjectSyntax json => new ObjectNode(Group(json)),
        BinarySyntax binary => Binary(binary, isTail),
        AssignmentSyntax assignment => Assignment(assignment),
        ConditionalSyntax conditional => new ConditionalNode(
            Compile(conditional.Condition),
            Compile(conditional.Then, isTail),
            conditional.Otherwise is null ? null : Compile(conditional.Otherwise, isTail)),
        CallSyntax call => Call(call, isTail, call.KeepsArray),
        LambdaSyntax lambda => Lambda(lambda),
        BlockSyntax block => Block(block, isTail, givesTuples),
        PathSyntax path => Path(path, givesTuples),
        TransformSyntax transform => new TransformNode(
            Compile(transform.Pattern),
            Compile(transform.Update),
            transform.Delete is null ? null : Compile(transform.Delete),
            new TransformPlaces(transform.Position, transform.Update.Position, transform.Delete?.Position ?? transform.Position),
            transform.Height),
        _ => throw new JsonataException("S0206", "This cannot stand here.", syntax.Position),
    };

    private Node Binary(BinarySyntax binary, bool isTail)
    {
        if (binary.Operator == "&")
        {
            var parts = new List<Node>();
            SyntaxNode left = binary;
            while (left is BinarySyntax { Operator: "&", Predicates.Count: 0, Group: null } chain)
            {
                parts.Insert(0, Compile(chain.Right));
                left = chain.Left;
            }

            parts.Insert(0, Compile(left));
            return new ConcatenationNode([.. parts]);
        }

        if (binary.Operator == "~>")
        {
            return Chain(binary);
        }

        Node one = Compile(binary.Left);
        Node other = Compile(binary.Right, isTail && binary.Operator is ("?:" or "??"));
        return binary.Operator switch
        {
            "+" or "-" or "*" or "/" or "%" => new ArithmeticNode(binary.Operator[0], one, other, binary.Position),
            "=" => new EqualityNode(true, one, other),
            "!=" => new EqualityNode(false, one, other),
            "<" or "<=" or ">" or ">=" => new OrderNode(binary.Operator, one, other, binary.Position),
            "in" => new InclusionNode(one, other),
            "and" => new LogicNode(true, one, other, binary.Position),
            "or" => new LogicNode(false, one, other, binary.Position),
            "?:" => new DefaultNode(one, other, isTail),
            "??" => new CoalescingNode(one, other, isTail),
            ".." => new RangeNode(one, other, binary.Position),
            _ => throw new JsonataException("S0201", $"Syntax error: \"{binary.Operator}\"", binary.Position, binary.Operator),
        };
    }

    private Node Chain(BinarySyntax chain)
    {
        bool keepsArray = chain.KeepsArray || chain.Left.KeepsArray || chain.Right.KeepsArray;

        // What stands behind the call, as in x ~> $f()[0], is passed over, as in the reference.
        return chain.Right is CallSyntax { IsPartial: false } call
            ? Call(call, isTail: false, keepsArray, Compile(chain.Left))
            : new ChainNode(Compile(chain.Left), Compile(chain.Right), keepsArray, chain.Position);
    }

    private Node Call(CallSyntax call, bool isTail, bool keepsArray, Node? first = null)
    {
        Callee callee = Callee(call);
        Node procedure = Compile(call.Procedure);
        if (call.IsPartial)
        {
            return new PartialNode(procedure, [.. call.Arguments.Select(argument => argument is PlaceholderSyntax ? null : Compile(argument))], callee);
        }

        IEnumerable<Node> arguments = call.Arguments.Select(argument => Compile(argument));
        return new CallNode(procedure, first is null ? [.. arguments] : [first, .. arguments], callee, isTail, keepsArray);
    }

    private static Callee Callee(CallSyntax call) => call.Procedure is PathSyntax { Steps: [NameSyntax name, ..] }
        ? new Callee(name.Name, LacksDollar: true, call.IsPartial, call.Position)
        : new Callee(WrittenAs(call.Procedure), LacksDollar: false, call.IsPartial, call.Position);

    /// <summary>What names a node in the messages about it, if anything does.</summary>
    private static string? WrittenAs(SyntaxNode node) => node switch
    {
        VariableSyntax variable => variable.Name,
        PathSyntax path => WrittenAs(path.Steps[0]),
        NameSyntax name => name.Name,
        LiteralSyntax { Value: JsonString text } => text.Value,
        LiteralSyntax literal => literal.Value.ToString(),
        BinarySyntax binary => binary.Operator,
        CallSyntax => "(",
        ArraySyntax => "[",
        ObjectSyntax => "{",
        NegationSyntax => "-",
        AssignmentSyntax => ":=",
        WildcardSyntax => "*",
        DescendantSyntax => "**",
        _ => null,
    };

    private LambdaNode Lambda(LambdaSyntax lambda)
    {
        Scope outside = _scope;
        Scope own = Scope.OfFunction(outside, lambda.Parameters, lambda.Assigned);
        var node = new LambdaNode(lambda.Parameters.Count, own.Layout ?? new FrameLayout(), lambda.Signature) { Height = lambda.Body.Height + 1 };
        _scope = own;
        node.Body = Compile(lambda.Body, isTail: true);
        _scope = outside;
        return node;
    }

    private Node Block(BlockSyntax block, bool isTail, bool givesTuples)
    {
        Scope outside = _scope;
        FrameLayout? around = FrameAround();
        bool owns = block.Assigned.Count > 0 && (block.MakesClosure || around is null);
        Scope own;
        int first = 0;
        if (owns)
        {
            own = Scope.OfFrame(outside, block.Assigned);
        }
        else if (around is null)
        {
            // Nothing of its own, in a path whose variables lie in tuples: a scope here would promise slots that no frame has.
            own = outside;
        }
        else
        {
            first = around.Count;
            own = Scope.Within(outside, around, block.Assigned);
        }

        _scope = own;
        int slots = (own.Layout?.Count ?? 0) - first;
        Node[] expressions = [.. block.Expressions.Select((expression, index) =>
            IsLast(index) ? Compile(expression, isTail, givesTuples) : Compile(expression))];
        _scope = outside;
        bool IsLast(int index) => index == block.Expressions.Count - 1;
        return owns && own.Layout is not null ? new FramedBlockNode(expressions, own.Layout) : new BlockNode(expressions, first, slots);
    }

    /// <summary>The frame that the variables of a block can lie in; null within a path whose variables lie in tuples.</summary>
    private FrameLayout? FrameAround() => _scope.Layout;

    private Grouping Group(ObjectSyntax group) => new(
        [.. group.Pairs.Select(pair => Compile(pair.Key))], [.. group.Pairs.Select(pair => Compile(pair.Value))], group.Position);

    private Filter Filter(SyntaxNode predicate) => predicate is LiteralSyntax { Value: JsonNumber number }
        ? new PositionFilter(number.ToDouble())
        : new PredicateFilter(Compile(predicate));
}
