using System.Collections.Immutable;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads Parallel states.</summary>
internal static class ParallelReader
{
    public static ParallelDefinition Read(string name, Fields fields)
    {
        fields.Allow(FieldSet.Parallel);
        fields.Require("Branches");
        return StateReader.WithCommon(
            new ParallelDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Next = StateReader.ReadNext(fields),
                Branches = ReadBranches(fields),
                Parameters = StateReader.ReadParameters(fields),
                ResultSelector = StateReader.ReadResultSelector(fields),
                ResultPath = StateReader.ReadResultPath(fields),
                Retry = ErrorHandlingReader.ReadRetry(fields),
                Catch = ErrorHandlingReader.ReadCatch(fields),
            },
            fields);
    }

    private static ImmutableArray<StateGroup> ReadBranches(Fields fields)
    {
        JsonArray? array = fields.NonEmptyArray("Branches");
        if (array is null)
        {
            return [];
        }

        ReadContext context = fields.Context;
        var branches = ImmutableArray.CreateBuilder<StateGroup>(array.Count);
        context.Problems.Enter("Branches");
        for (int i = 0; i < array.Count; i++)
        {
            context.Problems.Enter(i);
            if (array[i] is JsonObject json)
            {
                var branch = new Fields(json, context);
                branch.Allow(FieldSet.Branch);
                branches.Add(GroupReader.Read(branch, context.Scope));
            }
            else
            {
                context.Problems.Error(DiagnosticCodes.WrongType, "Expected value of type Object");
            }

            context.Problems.Leave();
        }

        context.Problems.Leave();
        return branches.DrainToImmutable();
    }
}
