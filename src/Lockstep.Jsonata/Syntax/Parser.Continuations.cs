using Lockstep.Json;

namespace Lockstep.Jsonata.Syntax;

/// <content>What can follow an operand.</content>
internal sealed partial class Parser
{
    private SyntaxNode Continuation(Token token, SyntaxNode left, bool isOperand)
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
                return Call(token, left, isOperand);
            case "^":
                return Sorted(token, left);
            case "@":
                return Focused(token, left);
            case "#":
                return Indexed(token, left);
            case "?":
                return Conditional(token, left);
            case ":=":
                return Assignment(token, left, isOperand);
            case "?:" or "??":
                // Everything that follows is the other value, also what binds less: a ?? b = c means a ?? (b = c).
                Advance(operandExpected: true);
                return new BinarySyntax(token.Text, left, Expression(0), token.Position);
            default:
                Advance(operandExpected: true);
                return new BinarySyntax(token.Text, left, Expression(token.LeftBinding), token.Position);
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

        Misuse(Ancestry.Resolve(path));
        return path;
    }

    /// <summary>A step of a path; a string there is a name, other literals mean nothing.</summary>
    private SyntaxNode AsStep(SyntaxNode node)
    {
        if (node is not LiteralSyntax literal)
        {
            return node;
        }

        if (literal.Value is not JsonString name)
        {
            Misuse(new JsonataException(
                "S0213", $"The literal value {literal.Value} cannot be used as a step within a path expression", node.Position, literal.Value.ToString()));
            return node;
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
            // As in the reference a slash here starts a regular expression, although none can stand here.
            Advance(operandExpected: true);
            step.KeepsArray = true;
            left.KeepsArray = true;
            return left;
        }

        ExpectMore("]");
        SyntaxNode predicate = Expression(0);
        Expect("]", operandExpected: false);
        if (step.Group is not null)
        {
            Misuse(new JsonataException("S0209", "A predicate cannot follow a grouping expression in a step", token.Position, "["));
        }

        Misuse(Ancestry.ResolvePredicate(step, predicate));
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
        ObjectSyntax group = Object(token, mayBeRegex: true);
        if (left.Group is not null)
        {
            Misuse(new JsonataException("S0210", "Each step can only have one grouping expression", token.Position, "{"));
        }

        left.AddGroup(group);
        return left;
    }

    private SyntaxNode Call(Token token, SyntaxNode left, bool isOperand)
    {
        Advance(operandExpected: true);
        ExpectMore(")");
        List<SyntaxNode> arguments = List(",", ")", Argument);
        return isOperand && left is PathSyntax { Steps: [NameSyntax { Name: "function" or "λ" }] }
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
        Advance(operandExpected: true);
        return new PlaceholderSyntax(token.Position);
    }

    private PathSyntax Sorted(Token token, SyntaxNode left)
    {
        Advance(operandExpected: true);
        Expect("(", operandExpected: true);
        PathSyntax path = PathOf(left);
        path.Append(new SortSyntax(SortTerms(), token.Position));
        Misuse(Ancestry.Resolve(path));
        return path;
    }

    /// <summary>At least one term up to the closing parenthesis, behind which a slash starts a regular expression, as in the reference.</summary>
    private List<(SyntaxNode Key, bool Descending)> SortTerms()
    {
        List<(SyntaxNode, bool)> terms = [SortTerm()];
        while (_token.Is(","))
        {
            Advance(operandExpected: true);
            terms.Add(SortTerm());
        }

        Expect(")", operandExpected: true);
        return terms;
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

    private SyntaxNode Focused(Token token, SyntaxNode left)
    {
        string name = BoundVariable(token);
        SyntaxNode step = LastStep(left);
        if (step.Stages.Count > 0 || step.Predicates.Count > 0)
        {
            Misuse(new JsonataException("S0215", "A context variable binding must precede any predicates on a step", token.Position, "@"));
        }

        if (step is SortSyntax)
        {
            Misuse(new JsonataException("S0216", "A context variable binding must precede the 'order-by' clause on a step", token.Position, "@"));
        }

        step.Focus = name;
        step.BindsTuple = true;
        return left;
    }

    private PathSyntax Indexed(Token token, SyntaxNode left)
    {
        string name = BoundVariable(token);
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

    private string BoundVariable(Token token)
    {
        Advance(operandExpected: true);
        SyntaxNode variable = Expression(token.LeftBinding);
        return variable is VariableSyntax named
            ? named.Name
            : throw new JsonataException(
                "S0214", $"The right side of \"{token.Text}\" must be a variable name (start with $)", variable.Place, token.Text);
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

    private AssignmentSyntax Assignment(Token token, SyntaxNode left, bool isOperand)
    {
        if (!isOperand || left is not VariableSyntax variable)
        {
            throw new JsonataException("S0212", "The left side of := must be a variable name (start with $)", left.Place, ":=");
        }

        Advance(operandExpected: true);
        _assigned.Peek().Add(variable.Name);
        return new AssignmentSyntax(variable.Name, Expression(Operators.Assignment - 1), token.Position);
    }
}
