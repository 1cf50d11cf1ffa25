using Lockstep.Conformance.Tests.Cases;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Conformance.Tests;

/// <summary>
/// The cases that do not pass, each with its reason (ledger.json). <c>outOfScope</c> excludes whole groups that nothing can run yet;
/// <c>differences</c> names single cases that run and differ, and the first layer at which they do.
/// </summary>
internal sealed class Ledger
{
    private readonly List<(string Property, string Value, string? ExceptKind, string Reason)> _outOfScope = [];
    private readonly Dictionary<string, string> _differences = new(StringComparer.Ordinal);

    private Ledger(JsonObject json)
    {
        foreach (JsonObject group in ((JsonArray?)json["outOfScope"] ?? JsonArray.Empty).OfType<JsonObject>())
        {
            _outOfScope.Add((Text(group, "where"), Text(group, "is"), (group["except"] as JsonString)?.Value, Text(group, "reason")));
        }

        foreach (JsonObject difference in ((JsonArray?)json["differences"] ?? JsonArray.Empty).OfType<JsonObject>())
        {
            _differences.Add(Text(difference, "case"), Text(difference, "reason"));
        }
    }

    public IReadOnlyCollection<string> Differences => _differences.Keys;

    public static Ledger Load() => new((JsonObject)JsonValue.Parse(
        File.ReadAllText(Repository.PathOf("tests/Lockstep.Conformance.Tests/ledger.json"))));

    /// <summary>Why a case is not run; null when it is.</summary>
    public string? OutOfScope(ConformanceCase recorded) => _outOfScope
        .Where(rule => rule.ExceptKind != recorded.Kind && rule.Property switch
        {
            "tier" => recorded.Tier == rule.Value,
            "kind" => recorded.Kind == rule.Value,
            "requires" => recorded.Requires.Contains(rule.Value),
            "case" => recorded.Id == rule.Value,
            _ => throw new InvalidDataException($"The ledger excludes by {rule.Property}, which no case has."),
        })
        .Select(rule => rule.Reason)
        .FirstOrDefault();

    public bool IsKnownDifference(ConformanceCase recorded) => _differences.ContainsKey(recorded.Id);

    private static string Text(JsonObject json, string name) =>
        json[name] is JsonString { Value: { Length: > 0 } text } ? text : throw new InvalidDataException($"A ledger entry has no {name}: {json}");
}
