using System.Globalization;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Linting;

/// <summary>A group of states with the text it was read from.</summary>
/// <param name="Definition">The group.</param>
/// <param name="Pointer">JSON Pointer of the object that holds it; empty for the machine.</param>
/// <param name="States">Its own states, in the order of the text.</param>
internal sealed record LintedGroup(StateGroup Definition, string Pointer, IReadOnlyList<LintedState> States)
{
    /// <summary>Its states and those nested in them, in the order of the text.</summary>
    public IEnumerable<LintedState> AllStates() =>
        States.SelectMany(state => state.Groups.SelectMany(group => group.AllStates()).Prepend(state));

    /// <summary>This group and those nested in it, the outer before the inner.</summary>
    public IEnumerable<LintedGroup> AllGroups() =>
        States.SelectMany(state => state.Groups).SelectMany(group => group.AllGroups()).Prepend(this);

    /// <summary>Brings a group and its text together.</summary>
    public static LintedGroup Of(StateGroup group, JsonObject json, string pointer)
    {
        var states = new List<LintedState>(group.States.Length);
        foreach (StateDefinition state in group.States)
        {
            if ((json["States"] as JsonObject)?[state.Name] is JsonObject text)
            {
                string place = LintedState.Below(LintedState.Below(pointer, "States"), state.Name);
                states.Add(new LintedState(state, text, place, InnerGroups(state, text, place)));
            }
        }

        return new LintedGroup(group, pointer, states);
    }

    private static List<LintedGroup> InnerGroups(StateDefinition state, JsonObject text, string place)
    {
        var groups = new List<LintedGroup>(state.InnerGroups.Length);
        if (state is MapDefinition map && text[map.ProcessorField] is JsonObject processor)
        {
            groups.Add(Of(map.Processor, processor, LintedState.Below(place, map.ProcessorField)));
        }
        else if (state is ParallelDefinition parallel && text["Branches"] is JsonArray branches)
        {
            for (int i = 0; i < branches.Count; i++)
            {
                if (branches[i] is JsonObject branch)
                {
                    groups.Add(Of(parallel.Branches[i], branch, string.Create(CultureInfo.InvariantCulture, $"{place}/Branches/{i}")));
                }
            }
        }

        return groups;
    }
}
