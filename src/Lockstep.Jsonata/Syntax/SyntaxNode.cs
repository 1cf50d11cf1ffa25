namespace Lockstep.Jsonata.Syntax;

/// <summary>
/// A node of the tree that the parser builds. Paths are flat lists of steps, and what applies to a step (predicates, positions, bindings,
/// ancestors that later steps ask for) hangs on it. Only the parser changes nodes.
/// </summary>
internal abstract class SyntaxNode(int position)
{
    /// <summary>Offset just after the token that the node is named by.</summary>
    public int Position { get; } = position;

    /// <summary>Offset just after the token of the operator that was read last, which the expression is named by in failures about it as a whole.</summary>
    public int Place { get; set; } = position;

    /// <summary>Levels of nodes in this one, itself included.</summary>
    public int Height { get; private set; } = 1;

    /// <summary>Whether a function is made within that may outlive the evaluation of the node.</summary>
    public bool MakesClosure { get; protected set; }

    /// <summary>Whether <c>[]</c> follows: a result of one item stays an array.</summary>
    public bool KeepsArray { get; set; }

    /// <summary>Predicates that filter the node's own value; those of a step are among its stages.</summary>
    public List<SyntaxNode> Predicates { get; private set; } = [];

    /// <summary>The grouping <c>{...}</c> of the node's value, if any.</summary>
    public ObjectSyntax? Group { get; private set; }

    /// <summary>As a step of a path: what is done to its results.</summary>
    public List<StageSyntax> Stages { get; private set; } = [];

    /// <summary>As a step of a path: the variable that each result is bound to, while the context stays (<c>@$v</c>).</summary>
    public string? Focus { get; set; }

    /// <summary>As a step of a path: the variable that the position of each result is bound to (<c>#$i</c>).</summary>
    public string? Index { get; set; }

    /// <summary>As a step of a path: where its input is kept for a <c>%</c> further on.</summary>
    public AncestorSlot? Ancestor { get; set; }

    /// <summary>Whether the step, or in a path one of them, binds something, so that a stream of tuples flows instead of a sequence.</summary>
    public bool BindsTuple { get; set; }

    /// <summary>Whether an array constructor as a step makes arrays that are not flattened into the sequence.</summary>
    public bool IsConstructedStep { get; set; }

    /// <summary>Ancestors that parts of this node ask for and that lie outside of it.</summary>
    public List<AncestorSlot> Seeking { get; } = [];

    /// <summary>Takes a part in, with the ancestors it asks for.</summary>
    public void Adopt(SyntaxNode part)
    {
        Hold(part);
        Seeking.AddRange(part.Seeking);
        if (part is ParentSyntax parent)
        {
            Seeking.Add(parent.Slot);
        }
    }

    /// <summary>Takes a part in.</summary>
    public void Hold(SyntaxNode part)
    {
        Height = Math.Max(Height, part.Height + 1);
        MakesClosure |= part.MakesClosure;
    }

    public void AddGroup(ObjectSyntax group)
    {
        Hold(group);
        Group = group;
    }

    public void AddPredicate(SyntaxNode predicate)
    {
        Hold(predicate);
        Predicates.Add(predicate);
    }

    public void AddStage(StageSyntax stage)
    {
        if (stage.Predicate is not null)
        {
            Hold(stage.Predicate);
        }

        Stages.Add(stage);
    }

    /// <summary>What filtered the node's value filters the results of the step that it has become.</summary>
    public void PredicatesToStages()
    {
        if (Predicates.Count > 0)
        {
            Stages = [.. Predicates.Select(predicate => new StageSyntax(predicate, null))];
            Predicates = [];
        }
    }
}

/// <summary>One stage of a step: a predicate, or the variable for the position among what the stages before have left.</summary>
internal sealed record StageSyntax(SyntaxNode? Predicate, string? Index);

/// <summary>Where an ancestor is kept that a <c>%</c> asks for. Two that ask for the same share one place.</summary>
internal sealed class AncestorSlot
{
    private AncestorSlot? _same;

    /// <summary>How many steps further up the ancestor still is; 0 when it is found.</summary>
    public int Level { get; set; } = 1;

    /// <summary>The place they share.</summary>
    public AncestorSlot Place => _same is null ? this : _same.Place;

    public void ShareWith(AncestorSlot other)
    {
        if (!ReferenceEquals(other.Place, this))
        {
            _same = other.Place;
        }
    }
}
