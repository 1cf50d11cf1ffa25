using System.Xml.Linq;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>A project of the repository as its file declares it, without what MSBuild would add.</summary>
internal sealed record ProjectFile(string Name, string RelativePath, IReadOnlyList<string> ProjectReferences, IReadOnlyList<string> PackageReferences)
{
    private static readonly string[] Folders = ["src", "tests", "bench", "samples"];

    /// <summary>Every project of the repository, by path.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } = [.. Folders
        .Select(Repository.PathOf)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
        .Where(path => !SourceTree.IsGenerated(path))
        .Select(Load)
        .OrderBy(project => project.RelativePath, StringComparer.Ordinal)];

    private static ProjectFile Load(string path)
    {
        XDocument document = XDocument.Load(path);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            SourceTree.RelativeToRoot(path),
            [.. Includes(document, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(document, "PackageReference")]);
    }

    private static IEnumerable<string> Includes(XDocument document, string item) =>
        document.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
}
