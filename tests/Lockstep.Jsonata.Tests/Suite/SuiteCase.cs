using Lockstep.Json;

namespace Lockstep.Jsonata.Tests.Suite;

/// <summary>One case of JSONata's published test data.</summary>
internal sealed record SuiteCase(string Id, JsonObject Data, JsonValue? Input)
{
    /// <summary>Every case, by its group, file and place in it.</summary>
    public static IReadOnlyList<SuiteCase> LoadAll(string folder)
    {
        var datasets = Directory.EnumerateFiles(Path.Combine(folder, "datasets"), "*.json")
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), Read, StringComparer.Ordinal);
        var cases = new List<SuiteCase>();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "groups"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string id = $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileNameWithoutExtension(path)}";
            JsonValue file = Read(path);
            if (file is JsonArray { Count: > 1 } list)
            {
                cases.AddRange(list.Select((item, index) => Of($"{id}[{index}]", (JsonObject)item, folder, path, datasets)));
            }
            else
            {
                cases.Add(Of(id, (JsonObject)(file is JsonArray single ? single[0] : file), folder, path, datasets));
            }
        }

        return cases;
    }

    public string Expression => ((JsonString)(Data["expr"] ?? throw new InvalidDataException(Id))).Value;

    /// <summary>What differs from what the case expects; null when nothing does.</summary>
    public string? Difference()
    {
        try
        {
            JsonValue? result = Run();
            return Data["code"] is not null || Data["error"] is not null
                ? $"expected error {Data["code"] ?? Data["error"]}, got {result?.ToString() ?? "nothing"}"
                : Matches(result) ? null : $"expected {Data["result"]?.ToString() ?? "nothing"}, got {result?.ToString() ?? "nothing"}";
        }
        catch (JsonataException error)
        {
            string? code = ((Data["code"] ?? (Data["error"] as JsonObject)?["code"]) as JsonString)?.Value;
            string? token = (Data["token"] as JsonString)?.Value;
            return code == error.Code && (token is null || token == error.Token)
                ? null
                : $"expected {code ?? Data["result"]?.ToString() ?? "nothing"} {token}, got error {error.Code} ({error.Token}): {error.Message}";
        }
    }

    private static SuiteCase Of(string id, JsonObject data, string folder, string path, Dictionary<string, JsonValue> datasets)
    {
        if (data["expr-file"] is JsonString file)
        {
            data = data.With("expr", JsonString.Of(File.ReadAllText(Path.Combine(Path.GetDirectoryName(path) ?? folder, file.Value))));
        }

        JsonValue? input = data["dataset"] is JsonString dataset ? datasets[dataset.Value] : data["data"];
        return new SuiteCase(id, data, input);
    }

    private static JsonValue Read(string path)
    {
        JsonReadResult result = JsonReader.Read(File.ReadAllBytes(path));
        return result.TryGetValue(out JsonValue? value, out JsonReadError? error) ? value : throw new InvalidDataException($"{path}: {error}");
    }

    private JsonValue? Run()
    {
        JsonataExpression expression = JsonataExpression.Compile(Expression);
        var limits = new JsonataLimits { MaxFuel = 60_000_000 };
        return expression.Evaluate(
            Input, Data["bindings"] as JsonObject ?? JsonObject.Empty, new JsonataContext(nowMillis: 1_700_000_000_000, seed: 1, limits));
    }

    private bool Matches(JsonValue? result)
    {
        if (Data["undefinedResult"] is not null)
        {
            return result is null;
        }

        if (result is null || Data["result"] is not { } expected)
        {
            return false;
        }

        return Data["unordered"] is not null && result is JsonArray some && expected is JsonArray others
            ? some.Count == others.Count && some.All(item => others.Contains(item))
            : result.Equals(expected);
    }
}
