using Xunit;

namespace Lockstep.TestKit;

/// <summary>
/// Recordings and corpora that are kept beside the repository, in <c>../shared</c>, and not in it. A clone without them still passes: a
/// test that needs them is skipped and says why.
/// </summary>
public static class SharedData
{
    /// <summary>The absolute path of a file or folder named from <c>../shared</c>, or null when it is not there.</summary>
    public static string? Find(string relativePath)
    {
        string path = Repository.PathOf("../shared/" + relativePath);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>The absolute path of a file or folder named from <c>../shared</c>; skips the running test when it is not there.</summary>
    public static string Require(string relativePath)
    {
        string? path = Find(relativePath);
        if (path is null)
        {
            Assert.Skip($"../shared/{relativePath} is not beside this clone.");
        }

        return path;
    }
}
