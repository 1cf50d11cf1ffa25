using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A state that can be reached and from which no transitions lead to an end: the execution goes round until something fails.</summary>
internal sealed class MissingEndStateRule : LintRule
{
    public override string Code => DiagnosticCodes.MissingEndState;

    public override IEnumerable<Diagnostic> Check(LintedMachine machine) => machine.Root.AllGroups().SelectMany(Check);

    private IEnumerable<Diagnostic> Check(LintedGroup group)
    {
        Dictionary<string, string[]> successors = group.States.ToDictionary(
            state => state.Definition.Name, state => Successors(state.Definition).ToArray(), StringComparer.Ordinal);
        Dictionary<string, string[]> predecessors = group.States.ToDictionary(
            state => state.Definition.Name, _ => Array.Empty<string>(), StringComparer.Ordinal);
        foreach (IGrouping<string, string> sources in group.States
            .SelectMany(state => successors[state.Definition.Name].Select(to => (From: state.Definition.Name, To: to)))
            .GroupBy(edge => edge.To, edge => edge.From, StringComparer.Ordinal))
        {
            predecessors[sources.Key] = [.. sources];
        }

        HashSet<string> reachable = Closure([group.Definition.StartAt], successors);
        HashSet<string> ending = Closure(group.States.Select(state => state.Definition).Where(IsEnd).Select(state => state.Name), predecessors);
        LintedState? stuck = group.States.FirstOrDefault(
            state => reachable.Contains(state.Definition.Name) && !ending.Contains(state.Definition.Name));
        return stuck is null
            ? []
            : [Warning(
                $"No transitions lead from state \"{stuck.Definition.Name}\" to an end: it goes round until a state fails or the execution is stopped",
                stuck.Pointer)];
    }

    private static bool IsEnd(StateDefinition state) => state is { Next: null, Type: not StateType.Choice };

    private static IEnumerable<string> Successors(StateDefinition state)
    {
        IEnumerable<string?> named = state switch
        {
            ChoiceDefinition choice => choice.Choices.Select(rule => rule.Next).Append(choice.Default),
            WorkStateDefinition work => work.Catch.Select(catcher => catcher.Next).Append(work.Next),
            _ => [state.Next],
        };
        return named.OfType<string>().Distinct(StringComparer.Ordinal);
    }

    private static HashSet<string> Closure(IEnumerable<string> from, Dictionary<string, string[]> edges)
    {
        var found = new HashSet<string>(from, StringComparer.Ordinal);
        var pending = new Stack<string>(found);
        while (pending.TryPop(out string? state))
        {
            foreach (string next in edges[state])
            {
                if (found.Add(next))
                {
                    pending.Push(next);
                }
            }
        }

        return found;
    }
}
