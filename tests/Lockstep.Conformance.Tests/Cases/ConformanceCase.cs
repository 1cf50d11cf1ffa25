using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>One recording of what AWS Step Functions answered.</summary>
internal sealed class ConformanceCase
{
    private readonly JsonObject _json;

    private ConformanceCase(string id, JsonObject json)
    {
        Id = id;
        _json = json;
    }

    /// <summary>Folder and file name, without ending.</summary>
    public string Id { get; }

    public string Kind => Text("kind");

    public string Tier => Text("tier");

    public JsonObject Expected => (JsonObject)(_json["expected"] ?? throw new InvalidDataException($"{Id} expects nothing."));

    public bool IsExpress => this["stateMachineType"] is JsonString { Value: "EXPRESS" };

    public IEnumerable<string> Requires => this["requires"] is JsonArray all ? all.OfType<JsonString>().Select(r => r.Value) : [];

    public JsonValue? this[string name] => _json[name];

    public static IReadOnlyList<ConformanceCase> LoadAll(string folder) =>
        [.. Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Load(folder, file))];

    /// <summary>A case that is in no file.</summary>
    public static ConformanceCase Of(string id, JsonObject json) => new(id, json);

    private static ConformanceCase Load(string folder, string file)
    {
        string id = Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/');
        return new ConformanceCase(id, (JsonObject)JsonValue.Parse(File.ReadAllText(file)));
    }

    private string Text(string name) => this[name] is JsonString text ? text.Value : "";
}
