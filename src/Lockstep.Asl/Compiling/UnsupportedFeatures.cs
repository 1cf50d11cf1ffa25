using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Compiling;

/// <summary>Finds what a valid definition uses although this version does not run it. Each feature is reported where it is switched on.</summary>
internal static class UnsupportedFeatures
{
    /// <summary>What cannot run; when a single state is tested, a Map in DISTRIBUTED mode need not.</summary>
    public static ImmutableArray<Diagnostic> Find(StateMachineDefinition definition, AslOptions options)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        Find(definition.Root, "", options, found);
        return found.ToImmutable();
    }

    public static IEnumerable<Diagnostic> Located(ImmutableArray<Diagnostic> diagnostics, ReadOnlySpan<byte> text)
    {
        var located = new List<Diagnostic>(diagnostics.Length);
        foreach (Diagnostic diagnostic in diagnostics)
        {
            located.Add(JsonLocator.TryLocate(text, diagnostic.Pointer, out JsonPosition position)
                ? diagnostic with { Line = position.Line, Column = position.Column }
                : diagnostic);
        }

        return located;
    }

    private static void Find(StateGroup group, string pointer, AslOptions options, ImmutableArray<Diagnostic>.Builder found)
    {
        foreach (StateDefinition state in group.States)
        {
            if (state.InnerGroups.IsEmpty)
            {
                continue;
            }

            string name = state.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            string place = $"{pointer}/States/{name}";
            switch (state)
            {
                case MapDefinition map:
                    FindInMap(map, place, options, found);
                    break;
                case ParallelDefinition parallel:
                    for (int i = 0; i < parallel.Branches.Length; i++)
                    {
                        Find(parallel.Branches[i], $"{place}/Branches/{i.ToString(CultureInfo.InvariantCulture)}", options, found);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static void FindInMap(MapDefinition map, string place, AslOptions options, ImmutableArray<Diagnostic>.Builder found)
    {
        if (!options.ForStateTest && Refusal(map, options) is string refusal)
        {
            found.Add(new Diagnostic(DiagnosticCodes.DistributedMapNotSupported, DiagnosticSeverity.Error, refusal, place));
        }

        Find(map.Processor, $"{place}/{map.ProcessorField}", options, found);
    }

    private static string? Refusal(MapDefinition map, AslOptions options) => map switch
    {
        { Mode: MapMode.Inline, DistributedFields.Count: > 0 } =>
            $"The Map state '{map.Name}' uses '{map.DistributedFields[0].Name}', a field of DISTRIBUTED mode, but runs in INLINE mode",
        { Mode: MapMode.Distributed } when !options.Resources.RunsDistributedMaps =>
            $"The Map state '{map.Name}' runs in DISTRIBUTED mode, which this service does not execute",
        { Mode: MapMode.Distributed, Distributed.Reader.InputType: "PARQUET" } =>
            $"The ItemReader of the Map state '{map.Name}' reads PARQUET, which this version does not read",
        _ => null,
    };
}
