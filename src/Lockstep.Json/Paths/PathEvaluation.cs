using System.Diagnostics;

namespace Lockstep.Json.Paths;

/// <summary>
/// Evaluates a path step by step: each step turns the list of nodes found so far into the next. Documents are never recursed into; the only
/// recursion is into filters, whose nesting the parser limits. All work is counted.
/// </summary>
/// <remarks>
/// As long as no step can give several nodes, a step that does not fit its node ends the evaluation without result; afterwards such
/// nodes are only left out. An index out of range leaves out in either case. These are Jayway's rules.
/// </remarks>
internal static class PathEvaluation
{
    public static bool IsDefinite(ReadOnlySpan<PathStep> steps)
    {
        bool definite = true;
        for (int i = 0; i < steps.Length; i++)
        {
            definite = steps[i] is FunctionStep || (definite && IsDefinite(steps[i], isLast: i == steps.Length - 1));
        }

        return definite;
    }

    public static JsonPathResult Evaluate(ReadOnlySpan<PathStep> steps, JsonValue start, JsonValue root, PathBudget budget)
    {
        List<JsonValue> nodes = [start];
        bool definite = true;
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is FunctionStep function)
            {
                return Apply(function.Function, definite, nodes);
            }

            bool isLast = i == steps.Length - 1;
            bool afterDescent = i > 0 && steps[i - 1] is DescendStep;
            var expansion = new PathExpansion(root, budget, definite, isLast, afterDescent);
            foreach (JsonValue node in nodes)
            {
                if (budget.IsExhausted || !expansion.Add(node, steps[i]))
                {
                    return default;
                }
            }

            nodes = expansion.Found;
            definite = definite && IsDefinite(steps[i], isLast);
        }

        return Result(definite, nodes);
    }

    /// <summary>The item at an index, counted from the end when negative; null when there is none.</summary>
    public static JsonValue? Item(JsonArray array, int index)
    {
        int at = index < 0 ? array.Count + index : index;
        return (uint)at < (uint)array.Count ? array[at] : null;
    }

    private static JsonPathResult Apply(PathFunction function, bool definite, List<JsonValue> nodes)
    {
        JsonPathResult input = Result(definite, nodes);
        return input.Found && PathFunctions.Apply(function, input.Value) is JsonValue value ? new JsonPathResult(value) : default;
    }

    private static JsonPathResult Result(bool definite, List<JsonValue> nodes)
    {
        if (!definite)
        {
            return new JsonPathResult(JsonArray.OfOwned([.. nodes]));
        }

        return nodes.Count == 0 ? default : new JsonPathResult(nodes[0]);
    }

    private static bool IsDefinite(PathStep step, bool isLast) => step switch
    {
        NameStep or IndexStep or FunctionStep => true,
        NamesStep => isLast,
        IndexesStep or SliceStep or WildcardStep or DescendStep or FilterStep => false,
        _ => throw new UnreachableException(),
    };
}
