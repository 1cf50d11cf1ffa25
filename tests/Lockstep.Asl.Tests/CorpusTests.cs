using System.Text.RegularExpressions;
using Lockstep.Asl.Diagnostics;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>The public definitions beside the repository: all parse, and none gets a false complaint about the language.</summary>
public sealed partial class CorpusTests(ITestOutputHelper output)
{
    /// <summary>It has its QueryLanguage inside States: the one complaint about it is true.</summary>
    private const string Misplaced = "shared-fallback-state-jsonata__statemachine__statemachine.asl.json";

    [Fact]
    public void Every_corpus_machine_is_valid()
    {
        string folder = SharedData.Require("asl-corpus");
        var options = new AslOptions { AllowPlaceholders = true };
        var complaints = new List<string>();
        int parsed = 0;
        int runnable = 0;
        int later = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            string text = Unquoted().Replace(File.ReadAllText(file), "$1 1");
            AslLoadResult result = AslCompiler.Load(text, options);
            if (Path.GetFileName(file) == Misplaced)
            {
                Diagnostic only = Assert.Single(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
                Assert.Equal("/States/QueryLanguage", only.Pointer);
                continue;
            }

            parsed += result.Definition is null ? 0 : 1;
            runnable += result.IsValid ? 1 : 0;
            bool isLater = result.Diagnostics.Any(d => d.Code == DiagnosticCodes.DistributedMapNotSupported);
            later += isLater ? 1 : 0;
            complaints.AddRange(result.Diagnostics
                .Where(d => d.Severity == DiagnosticSeverity.Error)
                .Where(d => d.Code != DiagnosticCodes.DistributedMapNotSupported)
                .Select(d => $"{Path.GetFileName(file)}: {d}"));
        }

        output.WriteLine($"{parsed} valid and 1 rightly refused, {runnable} compiled, {later} wait for distributed Map");
        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
        Assert.Equal(parsed, runnable + later);
    }

    /// <summary>A placeholder that stands for a number is written without quotes, which is not JSON before deployment.</summary>
    [GeneratedRegex(@"(:)\s*\$\{\w+\}")]
    private static partial Regex Unquoted();

    [Fact]
    public void Every_recorded_definition_is_valid()
    {
        string folder = SharedData.Require("conformance");
        var complaints = new List<string>();
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            JsonValue recording = JsonValue.Parse(File.ReadAllText(file));
            if (recording is not JsonObject { } json || json["kind"] is not JsonString { Value: "execution" or "execution-describe" or "express-sync" or "express-async" or "events" or "variable-references" or "choice-table" })
            {
                continue;
            }

            IEnumerable<JsonValue?> definitions = json["rows"] is JsonArray rows
                ? rows.Select(row => ((JsonObject)row)["definition"])
                : [json["definition"]];
            foreach (JsonValue definition in definitions.OfType<JsonObject>())
            {
                count++;
                string text = Lambda().Replace(definition.ToString(), "arn:aws:lambda:local:000000000001:function:$1");
                text = Activity().Replace(text, "arn:aws:states:local:000000000001:activity:$1");
                AslLoadResult result = AslCompiler.Load(text, AslOptions.Default);
                complaints.AddRange(result.Diagnostics
                    .Where(d => d.Severity == DiagnosticSeverity.Error)
                    .Where(d => d.Code != DiagnosticCodes.DistributedMapNotSupported)
                    .Select(d => $"{Path.GetFileName(file)}: {d} {d.Detail}"));
            }
        }

        output.WriteLine($"{count} recorded definitions");
        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
    }

    [GeneratedRegex(@"\$LAMBDA:(\w+)")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"\$ACTIVITY_ARN:(\w+)")]
    private static partial Regex Activity();
}
