using System.Text.RegularExpressions;
using Lockstep.Asl.Diagnostics;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests.Linting;

/// <summary>
/// Every warning that published machines get, each looked at by a person: a rule that begins to warn of something else shows it here first.
/// </summary>
public sealed partial class LintCorpusTests
{
    private static readonly AslOptions Options = new() { AllowPlaceholders = true };

    [Fact]
    public void Published_machines_get_the_warnings_that_were_judged()
    {
        string[] found =
        [
            .. Directory.EnumerateFiles(SharedData.Require("asl-corpus"), "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
                Warnings(Unquoted().Replace(File.ReadAllText(file), "$1 1")).Select(warning => $"{Path.GetFileName(file)} {warning}")),
        ];
        string[] judged = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "lint", "corpus.txt"));

        Assert.True(judged.SequenceEqual(found), string.Join('\n', found));
    }

    [Fact]
    public void Samples_give_no_warning()
    {
        string[] files = [.. Directory.EnumerateFiles(Repository.PathOf("samples"), "*.asl.json", SearchOption.AllDirectories)];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(Warnings(File.ReadAllText(file))));
    }

    private static IEnumerable<string> Warnings(string text) => AslValidator.Validate(text, Options).Diagnostics
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning)
        .Select(diagnostic => $"{diagnostic.Code} {diagnostic.Pointer}");

    /// <summary>A placeholder that stands for a number is written without quotes, which is not JSON before deployment.</summary>
    [GeneratedRegex(@"(:)\s*\$\{\w+\}")]
    private static partial Regex Unquoted();
}
