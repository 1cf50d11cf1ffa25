using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Evaluation.Paths;
using Lockstep.Jsonata.Syntax;

namespace Lockstep.Jsonata.Compiling;

/// <content>Paths.</content>
internal sealed partial class Compiler
{
    private static bool IsTuplePath(SyntaxNode syntax) => syntax is PathSyntax path && (path.BindsTuple || path.Steps.Exists(step => step.BindsTuple));

    private Node Path(PathSyntax path, bool givesTuples)
    {
        NoteFollowing(path);
        if (IsTuplePath(path))
        {
            return TuplePath(path, givesTuples && path.BindsTuple);
        }

        bool isNames = path.Steps.TrueForAll(step =>
            step is NameSyntax && step.Stages.Count == 0 && step.Predicates.Count == 0 && step.Group is null);
        if (isNames && !path.KeepsArray)
        {
            return new NamePathNode([.. path.Steps.Select(step => ((NameSyntax)step).Name)]);
        }

        return path.Steps is [{ Stages.Count: 0 } single] && single is not (NameSyntax or SortSyntax) && !path.KeepsArray
            ? Compile(single)
            : new PathNode([.. path.Steps.Select((step, index) => Step(step, index == 0))], path.KeepsArray);
    }

    /// <summary>
    /// A path that binds variables has a scope: each step sees what the steps before have bound, its stages and the grouping also what it binds itself.
    /// </summary>
    private TuplePathNode TuplePath(PathSyntax path, bool givesTuples)
    {
        Scope outside = _scope;
        _scope = Scope.OfPath(outside);
        var steps = new List<PathStep>();
        bool flows = false;
        foreach (SyntaxNode step in path.Steps)
        {
            flows |= step.BindsTuple;
            Scope own = _scope;
            _scope = flows ? own : outside;
            steps.Add(Step(step, steps.Count == 0, own));
            _scope = own;
        }

        Grouping? grouping = path.Group is null ? null : Group(path.Group);
        _scope = outside;
        return new TuplePathNode([.. steps], path.KeepsArray, givesTuples, grouping);
    }

    private PathStep Step(SyntaxNode step, bool isFirst, Scope? tuples = null)
    {
        Ordering? ordering = step is SortSyntax sort ? Order(sort) : null;
        Node node = ordering is null ? Compile(step, givesTuples: tuples is not null) : new ConstantNode(null);
        int focus = Bound(step.Focus, tuples);
        int index = Bound(step.Index, tuples);
        var stages = new List<Stage>();
        foreach (StageSyntax stage in step.Stages)
        {
            stages.Add(stage.Predicate is null ? new Stage(null, Bound(stage.Index, tuples)) : new Stage(Filter(stage.Predicate), PathStep.Unbound));
        }

        return new PathStep(node, [.. stages])
        {
            Ordering = ordering,
            IsConstructed = isFirst && step.IsConstructedStep,
            IsVariable = step is VariableSyntax,
            Focus = focus,
            Index = index,
            Ancestor = step.Ancestor is null ? PathStep.Unbound : BindingOf(step.Ancestor),
            BindsTuple = step.BindsTuple,
        };
    }

    private int Bound(string? name, Scope? tuples)
    {
        if (name is null || tuples is null)
        {
            return PathStep.Unbound;
        }

        int binding = _bindings++;
        tuples.Bind(name, binding);
        return binding;
    }

    private Ordering Order(SortSyntax sort) => new(
        [.. sort.Terms.Select(term => Compile(term.Key))], [.. sort.Terms.Select(term => term.Descending)], sort.Position);
}
