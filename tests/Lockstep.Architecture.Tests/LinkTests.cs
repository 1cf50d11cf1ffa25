using System.Text.RegularExpressions;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>A link between pages of the repository leads somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file()
    {
        IEnumerable<string> dead =
            from page in SourceTree.TextFiles
            where page.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(File.ReadAllText(Repository.PathOf(page)))
            let target = link.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal) && target[0] != '#'
            let path = Path.Combine(Path.GetDirectoryName(Repository.PathOf(page)) ?? "", target.Split('#')[0])
            where !Path.Exists(path)
            select $"{page} -> {target}";

        Findings.None(dead);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
