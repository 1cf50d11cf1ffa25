using System.Collections.Immutable;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads <c>StartAt</c> and <c>States</c>: of the machine, a branch or a processor.</summary>
internal static class GroupReader
{
    /// <summary>Reads a group.</summary>
    /// <param name="fields">The object that holds it.</param>
    /// <param name="visible">The scope whose variables it sees; null when it runs as an execution of its own.</param>
    public static StateGroup Read(Fields fields, GroupScope? visible)
    {
        ReadContext context = fields.Context;
        fields.Require("States", "StartAt");
        string startAt = fields.NonEmptyText("StartAt");
        JsonObject? states = fields.Object("States");
        if (states is null)
        {
            return new StateGroup(startAt, []);
        }

        if (states.Count == 0)
        {
            context.Problems.Error(DiagnosticCodes.InvalidValue, "The field 'States' must have at least one state", "States");
            return new StateGroup(startAt, []);
        }

        GroupScope? outer = context.Scope;
        var scope = new GroupScope(visible, states);
        context.Scope = scope;
        int start = scope.IndexOf(startAt);
        if (startAt.Length > 0 && start < 0)
        {
            context.Problems.Error(DiagnosticCodes.MissingTransitionTarget, $"Missing 'Next' target: {startAt}", "StartAt");
        }

        context.Problems.Enter("States");
        ImmutableArray<StateDefinition> read = ReadStates(states, scope, context);
        if (start >= 0)
        {
            ReportUnreachable(states, scope.FindReachable(start), context);
        }

        context.Problems.Leave();
        context.Scope = outer;
        return new StateGroup(startAt, read);
    }

    private static ImmutableArray<StateDefinition> ReadStates(JsonObject states, GroupScope scope, ReadContext context)
    {
        var read = ImmutableArray.CreateBuilder<StateDefinition>(states.Count);
        for (int i = 0; i < states.Count; i++)
        {
            scope.CurrentState = i;
            JsonProperty property = states[i];
            context.Problems.Enter(property.Name);
            CheckName(property.Name, context);
            if (property.Value is not JsonObject json)
            {
                ReportNotAState(property, context);
            }
            else if (StateReader.Read(property.Name, json, context) is StateDefinition state)
            {
                read.Add(state);
            }

            context.Problems.Leave();
        }

        return read.DrainToImmutable();
    }

    /// <summary>
    /// A query language among the states was meant for the machine: the states are read in it, so that there is one complaint and not one for each.
    /// </summary>
    private static void ReportNotAState(JsonProperty property, ReadContext context)
    {
        if (property is { Name: "QueryLanguage", Value: JsonString language })
        {
            context.Problems.Error(DiagnosticCodes.WrongType, "'QueryLanguage' belongs beside 'States', not in it");
            context.MachineLanguage = language.Value == "JSONata" ? QueryLanguage.Jsonata : context.MachineLanguage;
            return;
        }

        context.Problems.Error(DiagnosticCodes.WrongType, "Expected value of type Object");
    }

    private static void CheckName(string name, ReadContext context)
    {
        int longest = context.Options.Limits.MaxStateNameLength;
        if (name.Length > longest)
        {
            context.Problems.Error(
                DiagnosticCodes.InvalidStateName, $"Invalid State name: State '{name}' exceeds the {longest}-character limit allowed by the service");
        }
        else if (name.Length == 0)
        {
            context.Problems.Error(DiagnosticCodes.InvalidStateName, $"Invalid State name: a name must have 1 to {longest} characters");
        }

        if (!context.StateNames.Add(name))
        {
            context.Problems.Error(DiagnosticCodes.DuplicateStateName, $"Duplicate State name: {name}");
        }

        // Reported once, however many states there are.
        if (++context.StateCount == context.Options.Limits.MaxStates + 1)
        {
            context.Problems.Error(
                DiagnosticCodes.TooManyStates, $"The definition has more than {context.Options.Limits.MaxStates} states");
        }
    }

    private static void ReportUnreachable(JsonObject states, bool[] reachable, ReadContext context)
    {
        for (int i = 0; i < reachable.Length; i++)
        {
            if (!reachable[i])
            {
                context.Problems.Warning(DiagnosticCodes.UnreachableState, $"State \"{states[i].Name}\" is not reachable", states[i].Name);
            }
        }
    }
}
