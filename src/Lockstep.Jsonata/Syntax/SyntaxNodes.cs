using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Calls;

namespace Lockstep.Jsonata.Syntax;

internal sealed class LiteralSyntax(JsonValue value, int position) : SyntaxNode(position)
{
    public JsonValue Value { get; } = value;
}

internal sealed class NameSyntax(string name, int position) : SyntaxNode(position)
{
    public string Name { get; } = name;
}

/// <summary>A variable; the empty name is the context <c>$</c>, and <c>$</c> the input <c>$$</c>.</summary>
internal sealed class VariableSyntax(string name, int position) : SyntaxNode(position)
{
    public string Name { get; } = name;
}

internal sealed class WildcardSyntax(int position) : SyntaxNode(position);

internal sealed class DescendantSyntax(int position) : SyntaxNode(position);

/// <summary>The parent operator <c>%</c>.</summary>
internal sealed class ParentSyntax(int position) : SyntaxNode(position)
{
    public AncestorSlot Slot { get; } = new();
}

internal sealed class RegexSyntax(string pattern, string flags, int position) : SyntaxNode(position)
{
    public string Pattern { get; } = pattern;

    public string Flags { get; } = flags;
}

/// <summary>The <c>?</c> among the arguments of a partial application.</summary>
internal sealed class PlaceholderSyntax(int position) : SyntaxNode(position);

internal sealed class NegationSyntax : SyntaxNode
{
    public NegationSyntax(SyntaxNode operand, int position)
        : base(position)
    {
        Operand = operand;
        Adopt(operand);
    }

    public SyntaxNode Operand { get; }
}

internal sealed class ArraySyntax : SyntaxNode
{
    public ArraySyntax(IReadOnlyList<SyntaxNode> items, int position)
        : base(position)
    {
        Items = items;
        foreach (SyntaxNode item in items)
        {
            Adopt(item);
        }
    }

    public IReadOnlyList<SyntaxNode> Items { get; }
}

internal sealed class ObjectSyntax : SyntaxNode
{
    public ObjectSyntax(IReadOnlyList<(SyntaxNode Key, SyntaxNode Value)> pairs, int position)
        : base(position)
    {
        Pairs = pairs;
        foreach ((SyntaxNode key, SyntaxNode value) in pairs)
        {
            Adopt(key);
            Adopt(value);
        }
    }

    public IReadOnlyList<(SyntaxNode Key, SyntaxNode Value)> Pairs { get; }
}

internal sealed class BinarySyntax : SyntaxNode
{
    public BinarySyntax(string op, SyntaxNode left, SyntaxNode right, int position)
        : base(position)
    {
        Operator = op;
        Left = left;
        Right = right;
        if (op == "~>")
        {
            // What stands around a chain is not asked for the ancestors within it: a % there means nothing at all.
            Hold(left);
            Hold(right);
        }
        else
        {
            Adopt(left);
            Adopt(right);
        }
    }

    public string Operator { get; }

    public SyntaxNode Left { get; }

    public SyntaxNode Right { get; }
}

internal sealed class AssignmentSyntax : SyntaxNode
{
    public AssignmentSyntax(string name, SyntaxNode value, int position)
        : base(position)
    {
        Name = name;
        Value = value;
        Adopt(value);
    }

    public string Name { get; }

    public SyntaxNode Value { get; }
}

internal sealed class ConditionalSyntax : SyntaxNode
{
    public ConditionalSyntax(SyntaxNode condition, SyntaxNode then, SyntaxNode? otherwise, int position)
        : base(position)
    {
        Condition = condition;
        Then = then;
        Otherwise = otherwise;
        Adopt(condition);
        Adopt(then);
        if (otherwise is not null)
        {
            Adopt(otherwise);
        }
    }

    public SyntaxNode Condition { get; }

    public SyntaxNode Then { get; }

    public SyntaxNode? Otherwise { get; }
}

/// <summary>A call, or with a <c>?</c> among the arguments a partial application.</summary>
internal sealed class CallSyntax : SyntaxNode
{
    public CallSyntax(SyntaxNode procedure, IReadOnlyList<SyntaxNode> arguments, int position)
        : base(position)
    {
        Procedure = procedure;
        Arguments = arguments;
        Hold(procedure);
        foreach (SyntaxNode argument in arguments)
        {
            Adopt(argument);
            IsPartial |= argument is PlaceholderSyntax;
        }
    }

    public SyntaxNode Procedure { get; }

    public IReadOnlyList<SyntaxNode> Arguments { get; }

    public bool IsPartial { get; }
}

internal sealed class LambdaSyntax : SyntaxNode
{
    public LambdaSyntax(IReadOnlyList<string> parameters, Signature? signature, SyntaxNode body, IReadOnlyList<string> assigned, int position)
        : base(position)
    {
        Parameters = parameters;
        Signature = signature;
        Body = body;
        Assigned = assigned;
        Hold(body);
        MakesClosure = true;
    }

    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The signature, if it has one.</summary>
    public Signature? Signature { get; }

    public SyntaxNode Body { get; }

    /// <summary>Variables assigned within the body and outside of any block or function in it.</summary>
    public IReadOnlyList<string> Assigned { get; }
}

internal sealed class BlockSyntax : SyntaxNode
{
    public BlockSyntax(IReadOnlyList<SyntaxNode> expressions, IReadOnlyList<string> assigned, int position)
        : base(position)
    {
        Expressions = expressions;
        Assigned = assigned;
        foreach (SyntaxNode expression in expressions)
        {
            Adopt(expression);
            IsConstructedStep |= expression.IsConstructedStep || (expression is PathSyntax path && path.Steps[0].IsConstructedStep);
        }
    }

    public IReadOnlyList<SyntaxNode> Expressions { get; }

    /// <summary>Variables assigned within the block and outside of any block or function in it.</summary>
    public IReadOnlyList<string> Assigned { get; }
}

internal sealed class TransformSyntax : SyntaxNode
{
    public TransformSyntax(SyntaxNode pattern, SyntaxNode update, SyntaxNode? delete, int position)
        : base(position)
    {
        Pattern = pattern;
        Update = update;
        Delete = delete;
        Hold(pattern);
        Hold(update);
        if (delete is not null)
        {
            Hold(delete);
        }

        MakesClosure = true;
    }

    public SyntaxNode Pattern { get; }

    public SyntaxNode Update { get; }

    public SyntaxNode? Delete { get; }
}

/// <summary>The step <c>^(...)</c> of a path.</summary>
internal sealed class SortSyntax : SyntaxNode
{
    public SortSyntax(IReadOnlyList<(SyntaxNode Key, bool Descending)> terms, int position)
        : base(position)
    {
        Terms = terms;
        foreach ((SyntaxNode key, _) in terms)
        {
            Adopt(key);
        }
    }

    public IReadOnlyList<(SyntaxNode Key, bool Descending)> Terms { get; }
}

internal sealed class PathSyntax : SyntaxNode
{
    public PathSyntax(SyntaxNode first, int position)
        : base(position)
    {
        Steps = [first];
        Hold(first);
    }

    public List<SyntaxNode> Steps { get; }

    public void Append(SyntaxNode step)
    {
        Steps.Add(step);
        Hold(step);
    }
}
