using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>The files that people write: what is in the repository's folders without what tools put there.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> GeneratedFolders =
        ["bin", "obj", "artifacts", "node_modules", "TestResults", ".git", ".vs", ".idea", ".config", ".lockstep"];

    private static readonly HashSet<string> TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".yml", ".yaml", ".txt", ".sln", ".slnf", ".sh", ".ps1", ".bicep", ".http", ".html", ".editorconfig", ""];

    /// <summary>Every text file, by path relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> TextFiles { get; } = [.. Walk(new DirectoryInfo(Repository.Root))
        .Where(file => TextExtensions.Contains(file.Extension))
        .Select(file => RelativeToRoot(file.FullName))
        .Order(StringComparer.Ordinal)];

    /// <summary>Every C# file, by path relative to the root.</summary>
    public static IEnumerable<string> CSharpFiles => TextFiles.Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>A path relative to the root, with forward slashes.</summary>
    public static string RelativeToRoot(string path) =>
        Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Whether a path lies in a folder that tools write.</summary>
    public static bool IsGenerated(string path) => RelativeToRoot(path).Split('/').Any(GeneratedFolders.Contains);

    /// <summary>
    /// Reads a ledger of this project: lines <c>key: reason</c>, empty lines and lines that start with <c>#</c> skipped. A line without a
    /// reason is a defect of the ledger.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Ledger(string name)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Repository.PathOf("tests/Lockstep.Architecture.Tests/" + name)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            Assert.True(colon > 0 && line.Length > colon + 10, $"{name}: '{line}' gives no reason.");
            entries.Add(line[..colon], line[(colon + 2)..]);
        }

        return entries;
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories()
            .Where(child => !GeneratedFolders.Contains(child.Name))
            .SelectMany(Walk));
}
