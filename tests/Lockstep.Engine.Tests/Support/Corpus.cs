using System.Text.RegularExpressions;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Engine.Tests.Support;

/// <summary>Real definitions that the interpreter can run: those of the recordings and those that people published.</summary>
internal static partial class Corpus
{
    /// <summary>Every machine that compiles, with an input for it; those in a language that is not implemented yet are left out.</summary>
    public static IEnumerable<(string Name, CompiledMachine Machine, JsonValue Input)> Machines() =>
        Recordings().Concat(Published());

    private static IEnumerable<(string Name, CompiledMachine Machine, JsonValue Input)> Recordings()
    {
        foreach (string file in Files("conformance"))
        {
            var recorded = (JsonObject)JsonValue.Parse(File.ReadAllText(file));
            if (recorded["definition"] is JsonObject definition && Compile(definition.ToString()) is CompiledMachine machine)
            {
                yield return (file, machine, recorded["input"] is JsonValue and not JsonNull ? recorded["input"]! : SyntheticInput.For(definition));
            }
        }
    }

    private static IEnumerable<(string Name, CompiledMachine Machine, JsonValue Input)> Published()
    {
        foreach (string file in Files("asl-corpus"))
        {
            string text = File.ReadAllText(file);
            if (Compile(text) is CompiledMachine machine)
            {
                yield return (file, machine, SyntheticInput.For(JsonValue.Parse(text)));
            }
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(SharedData.Require(folder), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static CompiledMachine? Compile(string definition)
    {
        definition = ResourcePlaceholder().Replace(definition, "\"Resource\":\"arn:aws:lambda:local:000000000001:function:f\"");
        return AslCompiler.Load(definition).Machine;
    }

    // What deployment fills in: "${Name}" and, in the recordings, "$LAMBDA:name".
    [GeneratedRegex("\"Resource\"\\s*:\\s*\"\\$[^\"]*\"")]
    private static partial Regex ResourcePlaceholder();
}
