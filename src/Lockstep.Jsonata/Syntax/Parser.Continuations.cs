using Lockstep.Json;

namespace Lockstep.Jsonata.Syntax;

/// <content>What can follow an operand.</content>
internal sealed partial class Parser
{
    private SyntaxNode Continuation(Token token, SyntaxNode left)
    {
        switch (token.Text)
        {
            case ".":
                return Step(token, left);
            case "[":
                return Predicate(token, left);
            case "{":
                return Grouped(token, left);
            case "(":
                return Call(token, left);
            case "^":
                return Sorted(token, left);
            case "@":
                return Focused(left);
            case "#":
                return Indexed(left);
            case "?":
                return Conditional(token, left);
            case ":=":
                return Assignment(token, left);
            default:
                Advance(operandExpected: true);
                return new BinarySyntax(token.Text, left, Expression(Operators.LeftBinding(token.Text)), token.Position);
        }
    }

    private PathSyntax Step(Token token, SyntaxNode left)
    {
        Advance(operandExpected: true);
        SyntaxNode right = Expression(token.LeftBinding);
        bool leftIsPath = left is PathSyntax;
        PathSyntax path = leftIsPath ? (PathSyntax)left : new PathSyntax(AsStep(left), token.Position);
        if (!leftIsPath && left is ParentSyntax parent)
        {
            path.Seeking.Add(parent.Slot);
        }

        if (right is PathSyntax following)
        {
            foreach (SyntaxNode step in following.Steps)
            {
                path.Append(step);
            }

            path.KeepsArray |= following.KeepsArray;
            path.BindsTuple |= following.BindsTuple;
        }
        else
        {
            right.PredicatesToStages();
            path.Append(AsStep(right));
        }

        path.KeepsArray |= path.Steps.Exists(step => step.KeepsArray);
        foreach (SyntaxNode end in (ReadOnlySpan<SyntaxNode>)[path.Steps[0], path.Steps[^1]])
        {
            end.IsConstructedStep |= end is ArraySyntax;
        }

        Ancestry.Resolve(path);
        return path;
    }

    /// <summary>A step of a path; a string there is a name, other literals mean nothing.</summary>
    private static SyntaxNode AsStep(SyntaxNode node)
    {
        if (node is not LiteralSyntax literal)
        {
            return node;
        }

        if (literal.Value is not JsonString name)
        {
            throw new JsonataException(
                "S0213", $"The literal value {literal.Value} cannot be used as a step within a path expression", node.Position, literal.Value.ToString());
        }

        var step = new NameSyntax(name.Value, node.Position) { KeepsArray = node.KeepsArray, Focus = node.Focus, Index = node.Index, BindsTuple = node.BindsTuple };
        foreach (StageSyntax stage in node.Stages)
        {
            step.AddStage(stage);
        }

        foreach (SyntaxNode predicate in node.Predicates)
        {
            step.AddPredicate(predicate);
        }

        return step;
    }

    private SyntaxNode Predicate(Token token, SyntaxNode left)
    {
        Advance(operandExpected: true);
        SyntaxNode step = LastStep(left);
        if (_token.Is("]"))
        {
            Advance(operandExpected: false);
            step.KeepsArray = true;
            left.KeepsArray = true;
            return left;
        }

        ExpectMore("]");
        SyntaxNode predicate = Expression(0);
        Expect("]", operandExpected: false);
        if (step.Group is not null)
        {
            throw new JsonataException("S0209", "A predicate cannot follow a grouping expression in a step", token.Position, "[");
        }

        Ancestry.ResolvePredicate(step, predicate);
        if (left is PathSyntax)
        {
            step.AddStage(new StageSyntax(predicate, null));
            left.Hold(step);
        }
        else
        {
            step.AddPredicate(predicate);
        }

        return left;
    }

    private SyntaxNode Grouped(Token token, SyntaxNode left)
    {
        ObjectSyntax group = Object(token);
        if (left.Group is not null)
        {
            throw new JsonataException("S0210", "Each step can only have one grouping expression", token.Position, "{");
        }

        left.AddGroup(group);
        return left;
    }

    private SyntaxNode Call(Token token, SyntaxNode left)
    {
        Advance(operandExpected: true);
        ExpectMore(")");
        List<SyntaxNode> arguments = List(",", ")", Argument);
        return left is PathSyntax { Steps: [NameSyntax { Name: "function" or "λ" }] }
            ? Lambda(token, arguments)
            : new CallSyntax(left, arguments, token.Position);
    }

    private SyntaxNode Argument()
    {
        if (!_token.Is("?"))
        {
            return Expression(0);
        }

        Token token = _token;
        Advance(operandExpected: false);
        return new PlaceholderSyntax(token.Position);
    }

    private PathSyntax Sorted(Token token, SyntaxNode left)
    {
        Advance(operandExpected: true);
        Expect("(", operandExpected: true);
        PathSyntax path = PathOf(left);
        path.Append(new SortSyntax(List(",", ")", SortTerm), token.Position));
        Ancestry.Resolve(path);
        return path;
    }

    private (SyntaxNode Key, bool Descending) SortTerm()
    {
        bool descending = _token.Is(">");
        if (descending || _token.Is("<"))
        {
            Advance(operandExpected: true);
        }

        return (Expression(0), descending);
    }

    private SyntaxNode Focused(SyntaxNode left)
    {
        string name = BoundVariable("@");
        SyntaxNode step = LastStep(left);
        if (step.Stages.Count > 0 || step.Predicates.Count > 0)
        {
            throw new JsonataException("S0215", "A context variable binding must precede any predicates on a step", _token.Position, "@");
        }

        if (step is SortSyntax)
        {
            throw new JsonataException("S0216", "A context variable binding must precede the 'order-by' clause on a step", _token.Position, "@");
        }

        step.Focus = name;
        step.BindsTuple = true;
        return left;
    }

    private PathSyntax Indexed(SyntaxNode left)
    {
        string name = BoundVariable("#");
        if (left is not PathSyntax path)
        {
            left.PredicatesToStages();
            path = new PathSyntax(left, left.Position);
        }

        SyntaxNode step = path.Steps[^1];
        if (step.Stages.Count > 0)
        {
            step.AddStage(new StageSyntax(null, name));
        }
        else
        {
            step.Index = name;
        }

        step.BindsTuple = true;
        return path;
    }

    private string BoundVariable(string op)
    {
        Advance(operandExpected: true);
        if (_token.Kind != TokenKind.Variable)
        {
            throw new JsonataException("S0214", $"The right side of \"{op}\" must be a variable name (start with $)", _token.Position, op);
        }

        string name = _token.Text;
        Advance(operandExpected: false);
        return name;
    }

    private ConditionalSyntax Conditional(Token token, SyntaxNode condition)
    {
        Advance(operandExpected: true);
        SyntaxNode then = Expression(0);
        if (!_token.Is(":"))
        {
            return new ConditionalSyntax(condition, then, null, token.Position);
        }

        Advance(operandExpected: true);
        return new ConditionalSyntax(condition, then, Expression(0), token.Position);
    }

    private AssignmentSyntax Assignment(Token token, SyntaxNode left)
    {
        if (left is not VariableSyntax variable)
        {
            throw new JsonataException("S0212", "The left side of := must be a variable name (start with $)", left.Position, ":=");
        }

        Advance(operandExpected: true);
        _assigned.Peek().Add(variable.Name);
        return new AssignmentSyntax(variable.Name, Expression(Operators.Assignment - 1), token.Position);
    }
}
