using System.Globalization;
using System.Reflection;
using Lockstep.Asl.Diagnostics;
using Lockstep.Cli.Definitions;
using Lockstep.Json;

namespace Lockstep.Cli.Validate;

/// <summary>
/// Diagnostics as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text: one run, a rule for each code that occurs, and the place of
/// each result as a region of the file and as a JSON Pointer. Columns count characters, not UTF-16 units.
/// </summary>
internal sealed class SarifReport
{
    private const string Version = "2.1.0";
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private readonly SortedDictionary<string, DiagnosticSeverity> _rules = new(StringComparer.Ordinal);
    private readonly List<(DefinitionFile File, Diagnostic Diagnostic)> _results = [];

    /// <summary>Adds what was found in a file.</summary>
    public void Add(DefinitionFile file, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            _rules.TryAdd(diagnostic.Code, diagnostic.Severity);
            _results.Add((file, diagnostic));
        }
    }

    /// <summary>The whole document.</summary>
    public JsonObject ToJson()
    {
        string[] codes = [.. _rules.Keys];
        JsonObject driver = JsonObject.Of(
            new JsonProperty("name", JsonString.Of("lockstep")),
            new JsonProperty("version", JsonString.Of(VersionOfProgram())),
            new JsonProperty("rules", JsonArray.Of([.. codes.Select(code => RuleOf(code, _rules[code]))])));
        JsonObject run = JsonObject.Of(
            new JsonProperty("tool", JsonObject.Of("driver", driver)),
            new JsonProperty("columnKind", JsonString.Of("unicodeCodePoints")),
            new JsonProperty("results", JsonArray.Of([.. _results.Select(result => ResultOf(result.File, result.Diagnostic, Array.IndexOf(codes, result.Diagnostic.Code)))])));
        return JsonObject.Of(
            new JsonProperty("$schema", JsonString.Of(Schema)),
            new JsonProperty("version", JsonString.Of(Version)),
            new JsonProperty("runs", JsonArray.Of(run)));
    }

    private static JsonObject RuleOf(string code, DiagnosticSeverity severity) => JsonObject.Of(
        new JsonProperty("id", JsonString.Of(code)),
        new JsonProperty("shortDescription", MessageOf(Described(code))),
        new JsonProperty("help", MessageOf($"docs/diagnostics.md explains {code} and how to mend it.")),
        new JsonProperty("defaultConfiguration", JsonObject.Of("level", JsonString.Of(LevelOf(severity)))));

    private static JsonObject ResultOf(DefinitionFile file, Diagnostic diagnostic, int rule)
    {
        JsonObjectBuilder physical = new JsonObjectBuilder().Add("artifactLocation", JsonObject.Of("uri", JsonString.Of(UriOf(file.Path))));
        if (diagnostic.Line > 0)
        {
            physical.Add("region", RegionOf(file, diagnostic));
        }

        JsonObjectBuilder location = new JsonObjectBuilder().Add("physicalLocation", physical.Build());
        if (diagnostic.Pointer.Length > 0)
        {
            location.Add("logicalLocations", JsonArray.Of(JsonObject.Of(
                new JsonProperty("fullyQualifiedName", JsonString.Of(diagnostic.Pointer)), new JsonProperty("kind", JsonString.Of("member")))));
        }

        return JsonObject.Of(
            new JsonProperty("ruleId", JsonString.Of(diagnostic.Code)),
            new JsonProperty("ruleIndex", JsonNumber.Of(rule)),
            new JsonProperty("level", JsonString.Of(LevelOf(diagnostic.Severity))),
            new JsonProperty("message", MessageOf(diagnostic.Message)),
            new JsonProperty("locations", JsonArray.Of(location.Build())));
    }

    /// <summary>From the place to the end of the word there: the column behind its last character, as SARIF counts.</summary>
    private static JsonObject RegionOf(DefinitionFile file, Diagnostic diagnostic)
    {
        int[] line = [.. CharactersOf(file.Text.Split('\n')[diagnostic.Line - 1].TrimEnd('\r'))];
        int start = diagnostic.Column - 1;
        int end = start < line.Length && line[start] == '"' ? EndOfString(line, start) : EndOfWord(line, start);
        return JsonObject.Of(
            new JsonProperty("startLine", JsonNumber.Of(diagnostic.Line)),
            new JsonProperty("startColumn", JsonNumber.Of(diagnostic.Column)),
            new JsonProperty("endLine", JsonNumber.Of(diagnostic.Line)),
            new JsonProperty("endColumn", JsonNumber.Of(Math.Max(end, diagnostic.Column) + 1)));
    }

    private static IEnumerable<int> CharactersOf(string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(line[i]) && i + 1 < line.Length && char.IsLowSurrogate(line[i + 1]);
            yield return isPair ? char.ConvertToUtf32(line[i], line[++i]) : line[i];
        }
    }

    private static int EndOfString(int[] line, int start)
    {
        for (int i = start + 1; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                return i + 1;
            }

            i += line[i] == '\\' ? 1 : 0;
        }

        return line.Length;
    }

    private static int EndOfWord(int[] line, int start)
    {
        int end = start;
        while (end < line.Length && line[end] is not (',' or '}' or ']' or ' ' or '\t' or '"' or ':' or '{' or '['))
        {
            end++;
        }

        return end;
    }

    private static JsonObject MessageOf(string text) => JsonObject.Of("text", JsonString.Of(text));

    private static string Described(string code) => string.Create(
        CultureInfo.InvariantCulture, $"{code[0]}{code[1..].Replace('_', ' ').ToLowerInvariant()}.");

    private static string LevelOf(DiagnosticSeverity severity) => severity == DiagnosticSeverity.Error ? "error" : "warning";

    private static string UriOf(string path) => Path.IsPathRooted(path)
        ? new Uri(path).AbsoluteUri
        : string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    private static string VersionOfProgram() =>
        typeof(SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
