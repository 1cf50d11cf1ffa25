namespace Lockstep.TestKit;

/// <summary>Finds files of the repository from wherever a test runs: the root is the folder above the test that holds Platform.sln.</summary>
public static class Repository
{
    private static readonly Lazy<string> RootFolder = new(FindRoot);

    /// <summary>The absolute path of the repository's root.</summary>
    public static string Root => RootFolder.Value;

    /// <summary>The absolute path of something named from the root with forward slashes, whether it exists or not.</summary>
    public static string PathOf(string relativePath) =>
        Path.GetFullPath(Path.Combine(Root, relativePath.Replace('/', Path.DirectorySeparatorChar)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Platform.sln.");
    }
}
