using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>
/// The interpreter gives the same answer on every replay because it cannot reach anything that differs between two runs. The analyzer
/// says so while compiling; these tests say it again from the compiled assemblies, so neither can be switched off unnoticed.
/// </summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> DeterministicProjects => ["Lockstep.Json", "Lockstep.Jsonata", "Lockstep.Asl", "Lockstep.Engine"];

    [Theory]
    [MemberData(nameof(DeterministicProjects))]
    public void Built_assembly_refers_to_no_banned_symbol(string project) =>
        Findings.None(BannedSymbols.UsedBy(AssemblyMetadata.OfProject(project)));

    [Theory]
    [MemberData(nameof(DeterministicProjects))]
    public void Analyzer_and_its_list_are_part_of_the_build(string project)
    {
        string assets = File.ReadAllText(Repository.PathOf($"src/{project}/obj/project.assets.json"));
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", assets, StringComparison.Ordinal);

        string props = File.ReadAllText(Repository.PathOf("Directory.Build.props"));
        Assert.Contains($"'$(MSBuildProjectName)' == '{project}'", props, StringComparison.Ordinal);
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.Deterministic.txt\" />", props, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DeterministicProjects))]
    public void Source_suppresses_no_banned_symbol(string project) =>
        Assert.DoesNotContain(
            SourceTree.CSharpFiles.Where(path => path.StartsWith($"src/{project}/", StringComparison.Ordinal)),
            path => File.ReadAllText(Repository.PathOf(path)).Contains("RS0030", StringComparison.Ordinal));

    [Fact]
    public void Scan_bites_on_an_assembly_that_reads_files_and_waits()
    {
        string[] found = [.. BannedSymbols.UsedBy(AssemblyMetadata.OfFile(typeof(DeterminismTests).Assembly.Location))];

        Assert.Contains("T:System.IO.File", found);
        Assert.Contains("T:System.IO.Directory", found);
        Assert.Contains("P:System.Globalization.CultureInfo.CurrentCulture", found);
    }

    [Fact]
    public void Culture_is_invariant_in_every_test_run() =>
        Assert.Equal("", System.Globalization.CultureInfo.CurrentCulture.Name);
}
