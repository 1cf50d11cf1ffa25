using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>No project can be forgotten: all are in the solution, and all that restore everywhere are in the embedded filter.</summary>
public sealed partial class SolutionTests
{
    /// <summary>Projects whose packages not every registry has; they are built where the whole solution is.</summary>
    internal static readonly string[] OutsideTheFilter =
    [
        "src/Lockstep.Azure.Storage/Lockstep.Azure.Storage.csproj",
        "src/Lockstep.Functions/Lockstep.Functions.csproj",
        "tests/Lockstep.Azure.Storage.Tests/Lockstep.Azure.Storage.Tests.csproj",
        "tests/Lockstep.Bicep.Tests/Lockstep.Bicep.Tests.csproj",
        "tests/Lockstep.Functions.Tests/Lockstep.Functions.Tests.csproj",
    ];

    [Fact]
    public void Platform_sln_holds_every_project() =>
        Assert.Equal(
            ProjectFile.All.Select(project => project.RelativePath),
            ProjectLine().Matches(File.ReadAllText(Repository.PathOf("Platform.sln")))
                .Select(match => match.Groups[1].Value.Replace('\\', '/'))
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Embedded_filter_holds_every_project_that_restores_everywhere()
    {
        using JsonDocument filter = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("Platform.Embedded.slnf")));
        Assert.Equal(
            ProjectFile.All.Select(project => project.RelativePath).Except(OutsideTheFilter),
            filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
                .Select(project => (project.GetString() ?? "").Replace('\\', '/'))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_version_is_central() =>
        Assert.DoesNotContain(
            SourceTree.TextFiles.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            path => VersionedReference().IsMatch(File.ReadAllText(Repository.PathOf(path))));

    [Fact]
    public void Check_runs_the_test_command_of_the_readme()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        string check = File.ReadAllText(Repository.PathOf(".ci/run"));

        Assert.Contains("dotnet test Platform.Embedded.slnf -c Release", readme, StringComparison.Ordinal);
        Assert.Contains("test_solution Platform.Embedded.slnf", check, StringComparison.Ordinal);
        Assert.Contains("dotnet test \"$1\" -c Release", check, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^Project\(.*\) = "[^"]*", "([^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [GeneratedRegex("""<PackageReference[^>]*\sVersion=""")]
    private static partial Regex VersionedReference();
}
