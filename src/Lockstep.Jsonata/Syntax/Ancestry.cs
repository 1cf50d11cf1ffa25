namespace Lockstep.Jsonata.Syntax;

/// <summary>Finds for each <c>%</c> the step whose input it stands for (JSONata, "Parent operator").</summary>
internal static class Ancestry
{
    /// <summary>Resolves what the last step of a path asks for among the steps before it; what lies further up the path itself asks for.</summary>
    /// <returns>What is wrong with it, if anything.</returns>
    public static JsonataException? Resolve(PathSyntax path)
    {
        SyntaxNode last = path.Steps[^1];
        List<AncestorSlot> slots = [.. last.Seeking];
        if (last is ParentSyntax parent)
        {
            slots.Add(parent.Slot);
        }

        foreach (AncestorSlot slot in slots)
        {
            int index = path.Steps.Count - 2;
            while (slot.Level > 0)
            {
                if (index < 0)
                {
                    path.Seeking.Add(slot);
                    break;
                }

                SyntaxNode step = path.Steps[index--];
                // Steps that bind their results leave the context where it is, so several in a row count as one.
                while (index >= 0 && step.Focus is not null && path.Steps[index].Focus is not null)
                {
                    step = path.Steps[index--];
                }

                if (Seek(step, slot) is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Resolves what a predicate asks for: its own step is one level up. A predicate that is nothing but a <c>%</c> asks for nothing. The step asks
    /// for all of it, found or not, so that outside of a path such a predicate is refused.
    /// </summary>
    /// <returns>What is wrong with it, if anything.</returns>
    public static JsonataException? ResolvePredicate(SyntaxNode step, SyntaxNode predicate)
    {
        foreach (AncestorSlot slot in predicate.Seeking)
        {
            if (slot.Level == 1)
            {
                if (Seek(step, slot) is { } error)
                {
                    return error;
                }
            }
            else
            {
                slot.Level--;
            }

            step.Seeking.Add(slot);
        }

        return null;
    }

    /// <summary>The failure of an expression that asks for an ancestor that there is none of.</summary>
    public static JsonataException Unknown(int position) =>
        new("S0217", "The object representing the 'parent' cannot be derived from this expression", position, "%");

    private static JsonataException? Seek(SyntaxNode node, AncestorSlot slot)
    {
        switch (node)
        {
            case NameSyntax or WildcardSyntax:
                slot.Level--;
                if (slot.Level == 0)
                {
                    KeepInput(node, slot);
                }

                return null;
            case ParentSyntax:
                slot.Level++;
                return null;
            case BlockSyntax block:
                if (block.Expressions.Count == 0)
                {
                    return null;
                }

                block.BindsTuple = true;
                return Seek(block.Expressions[^1], slot);
            case PathSyntax path:
                path.BindsTuple = true;
                int index = path.Steps.Count - 1;
                JsonataException? error;
                do
                {
                    error = Seek(path.Steps[index--], slot);
                }
                while (error is null && slot.Level > 0 && index >= 0);
                return error;
            default:
                return Unknown(node.Place);
        }
    }

    private static void KeepInput(SyntaxNode node, AncestorSlot slot)
    {
        if (node.Ancestor is null)
        {
            node.Ancestor = slot;
        }
        else
        {
            slot.ShareWith(node.Ancestor);
        }

        node.BindsTuple = true;
    }
}
