using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Syntax;

namespace Lockstep.Jsonata.Compiling;

/// <content>Variables.</content>
internal sealed partial class Compiler
{
    private readonly Dictionary<AncestorSlot, int> _ancestors = [];

    /// <summary>For the variables that paths begin with: the names that follow at once.</summary>
    private readonly Dictionary<VariableSyntax, IReadOnlyList<string>> _following = [];

    private Node Variable(VariableSyntax variable) => variable.Name switch
    {
        "" => new ContextNode(),
        "$" => new InputNode(),
        _ => Referenced(variable.Name, variable.Position, _following.GetValueOrDefault(variable, [])),
    };

    /// <summary>Notes the names that follow a path's variable: until a step that is more than a name.</summary>
    private void NoteFollowing(PathSyntax path)
    {
        if (path.Steps[0] is VariableSyntax variable)
        {
            _following[variable] = [.. path.Steps.Skip(1).Select(step => (step as NameSyntax)?.Name).TakeWhile(name => name is not null).OfType<string>()];
        }
    }

    private Node Referenced(string name, int position, IReadOnlyList<string> following)
    {
        bool isBound = false;
        for (Scope? scope = _scope; scope is not null; scope = scope.Outside)
        {
            isBound |= scope.TryFindSlot(name, out _) || scope.TryFindBinding(name, out _);
        }

        _references.Add(new JsonataReference(name, position, !isBound, _library.Contains(name), following));
        return Found(name, _scope, 0);
    }

    /// <summary>
    /// The variable as it is seen from a scope: where the innermost scope that assigns it keeps it, and as long as it is not assigned there,
    /// as the scopes around see it.
    /// </summary>
    private Node Found(string name, Scope? scope, int hops)
    {
        for (; scope is not null; scope = scope.Outside)
        {
            if (scope.TryFindSlot(name, out int slot))
            {
                return new SlotNode(hops, slot, Found(name, scope.Outside, scope.OwnsFrame ? hops + 1 : hops));
            }

            if (scope.TryFindBinding(name, out int binding))
            {
                return new TupleVariableNode(binding, Found(name, scope.Outside, scope.OwnsFrame ? hops + 1 : hops));
            }

            hops += scope.OwnsFrame ? 1 : 0;
        }

        if (!_globalIndex.TryGetValue(name, out int index))
        {
            index = _globals.Count;
            _globals.Add(name);
            _globalIndex.Add(name, index);
        }

        return new GlobalNode(index);
    }

    private AssignmentNode Assignment(AssignmentSyntax assignment)
    {
        Node value = Compile(assignment.Value);
        int hops = 0;
        for (Scope? scope = _scope; scope is not null; scope = scope.Outside)
        {
            if (scope.TryFindSlot(assignment.Name, out int slot))
            {
                return new AssignmentNode(hops, slot, value);
            }

            hops += scope.OwnsFrame ? 1 : 0;
        }

        throw new InvalidOperationException($"No scope declares the assigned variable '{assignment.Name}'.");
    }

    private int BindingOf(AncestorSlot slot)
    {
        if (!_ancestors.TryGetValue(slot.Place, out int binding))
        {
            binding = _bindings++;
            _ancestors.Add(slot.Place, binding);
        }

        return binding;
    }
}
