using System.Text.RegularExpressions;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Json;

namespace Lockstep.TestKit.Corpora;

/// <summary>Real definitions that the interpreter can run: those of the recordings and those that people published.</summary>
public static partial class Corpus
{
    /// <summary>Every machine that compiles, with an input for it; those with what is not implemented yet are left out.</summary>
    public static IEnumerable<CorpusMachine> Machines() =>
        Recordings().Concat(Published());

    /// <summary>The names of the activities that a machine has tasks for.</summary>
    public static IEnumerable<string> ActivitiesOf(CompiledMachine machine) => machine.States
        .OfType<CompiledTask>()
        .Where(state => state.Resource.Kind == ResourceKind.Activity)
        .Select(state => state.Resource.Action)
        .Distinct();

    private static IEnumerable<CorpusMachine> Recordings()
    {
        foreach (string file in Files("conformance"))
        {
            var recorded = (JsonObject)JsonValue.Parse(File.ReadAllText(file));
            if (recorded["definition"] is JsonObject definition
                && Compile(file, definition.ToString(), recorded["input"] is { } input and not JsonNull ? input : SyntheticInput.For(definition)) is { } machine)
            {
                yield return machine;
            }
        }
    }

    private static IEnumerable<CorpusMachine> Published()
    {
        foreach (string file in Files("asl-corpus"))
        {
            string text = File.ReadAllText(file);
            if (Compile(file, text, SyntheticInput.For(JsonValue.Parse(text))) is { } machine)
            {
                yield return machine;
            }
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(SharedData.Require(folder), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static CorpusMachine? Compile(string name, string definition, JsonValue input)
    {
        definition = ResourcePlaceholder().Replace(definition, "\"Resource\":\"arn:aws:lambda:local:000000000001:function:f\"");
        return AslCompiler.Load(definition).Machine is { } machine ? new CorpusMachine(name, definition, machine, input) : null;
    }

    // What deployment fills in: "${Name}" and, in the recordings, "$LAMBDA:name".
    [GeneratedRegex("\"Resource\"\\s*:\\s*\"\\$[^\"]*\"")]
    private static partial Regex ResourcePlaceholder();
}

/// <summary>A machine of the corpus.</summary>
/// <param name="Name">The file that it comes from.</param>
/// <param name="Definition">Its text.</param>
/// <param name="Machine">Compiled.</param>
/// <param name="Input">An input for it.</param>
public sealed record CorpusMachine(string Name, string Definition, CompiledMachine Machine, JsonValue Input);
