using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A variable that is assigned and read nowhere in its scope.</summary>
internal sealed class UnusedVariableRule : LintRule
{
    public override string Code => DiagnosticCodes.UnusedVariable;

    public override IEnumerable<Diagnostic> Check(LintedMachine machine) => machine.Root.AllGroups().SelectMany(Check);

    private IEnumerable<Diagnostic> Check(LintedGroup group)
    {
        // A variable is seen in the groups inside too, and none of them may assign it again.
        HashSet<string> settled = new(group.AllStates().SelectMany(state => state.Definition.VariableReferences), StringComparer.Ordinal);
        foreach (LintedState state in group.States)
        {
            foreach ((JsonObject json, string pointer) in state.Elements("Choices").Concat(state.Elements("Catch")).Prepend((state.Json, state.Pointer)))
            {
                if (json["Assign"] is not JsonObject assign)
                {
                    continue;
                }

                foreach (JsonProperty property in assign)
                {
                    bool isPath = state.Definition.QueryLanguage == QueryLanguage.JsonPath && property.Name.EndsWith(".$", StringComparison.Ordinal);
                    string name = isPath ? property.Name[..^2] : property.Name;
                    if (settled.Add(name))
                    {
                        yield return Warning(
                            $"The variable '{name}' is assigned but never read", LintedState.Below(LintedState.Below(pointer, "Assign"), property.Name));
                    }
                }
            }
        }
    }
}
