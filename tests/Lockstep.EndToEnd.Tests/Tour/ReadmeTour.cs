using System.Text.RegularExpressions;
using Lockstep.TestKit;

namespace Lockstep.EndToEnd.Tests.Tour;

/// <summary>The commands that the README tells a newcomer to type, taken from its text.</summary>
internal static partial class ReadmeTour
{
    /// <summary>The fenced bash blocks of the tour, in order.</summary>
    public static IReadOnlyList<string> Blocks
    {
        get
        {
            string readme = File.ReadAllText(Repository.PathOf("README.md"));
            string tour = readme[readme.IndexOf("\n## A five-minute tour\n", StringComparison.Ordinal)..];
            tour = tour[..tour.IndexOf("\n## ", 4, StringComparison.Ordinal)];
            return [.. Block().Matches(tour).Select(match => match.Groups[1].Value)];
        }
    }

    [GeneratedRegex("^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
