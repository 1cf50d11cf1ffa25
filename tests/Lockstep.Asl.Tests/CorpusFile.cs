using Lockstep.Json;

namespace Lockstep.Asl.Tests;

/// <summary>Cases kept as JSON beside the tests: an array of objects.</summary>
internal static class CorpusFile
{
    public static IEnumerable<JsonObject> Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Corpus", name);
        return ((JsonArray)JsonValue.Parse(File.ReadAllText(path))).Cast<JsonObject>();
    }

    public static string Text(this JsonObject json, string name) =>
        json[name] is JsonString text ? text.Value : throw new FormatException($"The case has no string '{name}': {json}");
}
