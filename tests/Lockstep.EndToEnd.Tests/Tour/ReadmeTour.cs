using System.Text.RegularExpressions;
using Lockstep.TestKit;

namespace Lockstep.EndToEnd.Tests.Tour;

/// <summary>The commands that the README tells a newcomer to type, taken from its text.</summary>
internal static partial class ReadmeTour
{
    /// <summary>The fenced bash blocks of the tour, in order.</summary>
    public static IReadOnlyList<string> Blocks => BlocksOf("A five-minute tour");

    /// <summary>The fenced bash blocks of a section, in order.</summary>
    public static IReadOnlyList<string> BlocksOf(string heading)
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        string section = readme[readme.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 4, StringComparison.Ordinal)];
        return [.. Block().Matches(section).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
