using System.Collections.Immutable;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads one state without the machine it belongs to.</summary>
internal static class SingleStateReader
{
    public static StateMachineDefinition Read(string name, JsonObject json, ReadContext context)
    {
        var scope = new GroupScope(null, JsonObject.Of(name, json)) { IsExcerpt = true };
        context.Scope = scope;
        context.StateNames.Add(name);
        context.StateCount = 1;
        var states = ImmutableArray.CreateBuilder<StateDefinition>();
        if (StateReader.Read(name, json, context) is StateDefinition state)
        {
            states.Add(state);
        }

        context.CheckVariables();
        states.AddRange(scope.TargetsOutside.Select(target =>
            new SucceedDefinition { Name = target, QueryLanguage = context.MachineLanguage }));
        return new StateMachineDefinition { QueryLanguage = context.MachineLanguage, Root = new StateGroup(name, states.DrainToImmutable()) };
    }
}
