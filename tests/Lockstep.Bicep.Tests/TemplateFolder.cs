using System.Text.Json;
using Lockstep.TestKit;

namespace Lockstep.Bicep.Tests;

/// <summary>A copy of the templates that a test may change; gone when the test ends.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private TemplateFolder(string path) => Path = path;

    /// <summary>Where the copy is.</summary>
    public string Path { get; }

    /// <summary>Copies the templates and what they take in.</summary>
    public static TemplateFolder Copy()
    {
        var folder = new TemplateFolder(Directory.CreateTempSubdirectory("lockstep-bicep-").FullName);
        string infra = Repository.PathOf("infra");
        foreach (string file in Directory.EnumerateFiles(infra, "*", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(folder.Path, System.IO.Path.GetRelativePath(infra, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target) ?? folder.Path);
            File.Copy(file, target);
        }

        return folder;
    }

    /// <summary>Replaces a text that is there exactly once.</summary>
    public void Change(string file, string from, string to)
    {
        string path = System.IO.Path.Combine(Path, file);
        string text = File.ReadAllText(path);
        Assert.Equal(2, text.Split(from).Length);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>What a deployment with these parameters would consist of, as the compiler evaluates it without asking Azure.</summary>
    /// <param name="parameters">Lines such as <c>param zoneRedundant = true</c>, beside the two that every deployment needs.</param>
    public async Task<IReadOnlyList<JsonElement>> ResourcesAsync(params string[] parameters)
    {
        await File.WriteAllLinesAsync(
            System.IO.Path.Combine(Path, "shape.bicepparam"),
            ["using 'main.bicep'", "param environmentName = 'demo'", "param location = 'northeurope'", .. parameters]);
        (int exitCode, string output, string complaints) = await Compiler.RunAsync(
            Path, "snapshot", "shape.bicepparam", "--mode", "overwrite", "--location", "northeurope", "--deployment-name", "shape",
            "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");
        Assert.True(exitCode == 0, output + complaints);
        using JsonDocument snapshot = JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(Path, "shape.snapshot.json")));
        return [.. snapshot.RootElement.GetProperty("predictedResources").EnumerateArray().Select(resource => resource.Clone())];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
