using Lockstep.TestKit;

namespace Lockstep.Bicep.Tests;

/// <summary>The compiler itself has nothing to say about the templates.</summary>
public sealed class TemplateTests
{
    public static TheoryData<string> Templates => [.. Directory
        .EnumerateFiles(Repository.PathOf("infra"), "*.bicep", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.PathOf("infra"), path))
        .Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Templates_compile_without_a_warning()
    {
        (int exitCode, string output, string complaints) = await Compiler.RunAsync(Repository.PathOf("infra"), "build", "main.bicep", "--stdout");

        Assert.Equal("", complaints);
        Assert.Equal(0, exitCode);
        Assert.Contains("Microsoft.Web/sites", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linter_has_nothing_to_say()
    {
        (int exitCode, string output, string complaints) = await Compiler.RunAsync(Repository.PathOf("infra"), "lint", "main.bicep");

        Assert.Equal(("", "", 0), (output, complaints, exitCode));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task Template_is_formatted(string path)
    {
        (_, string output, string complaints) = await Compiler.RunAsync(Repository.PathOf("infra"), "format", path, "--stdout");

        Assert.Equal("", complaints);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.PathOf("infra"), path), TestContext.Current.CancellationToken), output);
    }

    [Theory]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAcces: false", "BCP089")]
    [InlineData("modules/scheduler.bicep", "name: taskHubName", "nam: taskHubName", "BCP035")]
    [InlineData("main.bicep", "var operatorKeySecretName = 'operator-key'", "var operatorKeySecretName = 'operator-key'\nvar unused = 1", "no-unused-vars")]
    public async Task Compiler_bites(string file, string from, string to, string code)
    {
        using TemplateFolder folder = TemplateFolder.Copy();
        folder.Change(file, from, to);

        (_, _, string complaints) = await Compiler.RunAsync(folder.Path, "build", "main.bicep", "--stdout");

        Assert.Contains(code, complaints, StringComparison.Ordinal);
    }
}
