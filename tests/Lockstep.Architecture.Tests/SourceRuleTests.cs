using System.Text.RegularExpressions;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>What a reviewer would otherwise have to look for by eye. Exceptions stand in a ledger beside this file, with their reason.</summary>
public sealed partial class SourceRuleTests
{
    private const int MaxLines = 400;

    /// <summary>Spelled in parts, so that this file does not break its own rules.</summary>
    private const string UnfinishedWork = "TO" + "DO|FIX" + "ME|HA" + "CK|Not" + "ImplementedException";

    [Fact]
    public void Files_stay_short_enough_to_read()
    {
        IReadOnlyDictionary<string, string> known = SourceTree.Ledger("long-files.txt");
        string[] tooLong = [.. SourceTree.CSharpFiles.Where(path => File.ReadLines(Repository.PathOf(path)).Count() > MaxLines)];

        Findings.None(tooLong.Except(known.Keys));
        Findings.None(known.Keys.Except(tooLong).Select(path => $"{path} is no longer over {MaxLines} lines: take it off long-files.txt"));
    }

    [Fact]
    public void Nothing_names_a_path_of_one_machine() =>
        Findings.None(Matches(SourceTree.TextFiles, MachinePath()));

    [Fact]
    public void Nothing_is_left_unfinished() =>
        Findings.None(Matches(SourceTree.CSharpFiles, new Regex($@"\b({UnfinishedWork})\b")));

    [Fact]
    public void Nobody_sleeps_or_reads_the_clock()
    {
        IReadOnlyDictionary<string, string> known = SourceTree.Ledger("ambient-time.txt");
        string[] found = [.. Matches(SourceTree.CSharpFiles.Where(HasNoBusinessWithTheClock), AmbientTime())];

        Findings.None(found.Where(place => !known.Keys.Any(path => place.StartsWith(path + "(", StringComparison.Ordinal))));
        Findings.None(known.Keys.Where(path => !found.Any(place => place.StartsWith(path + "(", StringComparison.Ordinal)))
            .Select(path => $"{path} no longer needs its exception: take it off ambient-time.txt"));
    }

    [Fact]
    public void Text_files_end_their_lines_the_same_way() =>
        Findings.None(SourceTree.TextFiles.Where(path => !IsTestData(path)).Where(path =>
        {
            string text = File.ReadAllText(Repository.PathOf(path));
            return text.Contains('\r', StringComparison.Ordinal) || (text.Length > 0 && text[^1] != '\n');
        }));

    [Theory]
    [InlineData("cd /" + "work/main", true)]
    [InlineData("\"/" + "tmp/x\"", true)]
    [InlineData("https://host/" + "tmp/x", false)]
    [InlineData("teamwork/x", false)]
    public void Path_rule_bites(string line, bool expected) => Assert.Equal(expected, MachinePath().IsMatch(line));

    [Theory]
    [InlineData("await Task" + ".Delay(1000);", true)]
    [InlineData("await Task" + ".Delay(pause, timeProvider, cancellation);", false)]
    [InlineData("var now = DateTimeOffset" + ".UtcNow;", true)]
    public void Time_rule_bites(string line, bool expected) => Assert.Equal(expected, AmbientTime().IsMatch(line));

    /// <summary>Inputs and expected outputs of tests are what they have to be.</summary>
    private static bool IsTestData(string path) =>
        path.StartsWith("tests/", StringComparison.Ordinal) && !path.EndsWith(".cs", StringComparison.Ordinal) && path.Split('/').Length > 3;

    /// <summary>Benchmarks measure time, and this file names what it looks for.</summary>
    private static bool HasNoBusinessWithTheClock(string path) =>
        !path.StartsWith("bench/", StringComparison.Ordinal) && !path.EndsWith(nameof(SourceRuleTests) + ".cs", StringComparison.Ordinal);

    private static IEnumerable<string> Matches(IEnumerable<string> paths, Regex rule) =>
        from path in paths
        from line in File.ReadLines(Repository.PathOf(path)).Select((text, index) => (text, number: index + 1))
        where rule.IsMatch(line.text)
        select $"{path}({line.number}): {line.text.Trim()}";

    [GeneratedRegex("""(?<![\w./~}-])/(work|tmp|root|home/\w+)/""")]
    private static partial Regex MachinePath();

    [GeneratedRegex("""\bThread\.Sleep\(|\bTask\.Delay\((?!.*\b(_?(time|timeProvider|clock)|Timeout\.Infinite\w*)\b)|\bDateTime(Offset)?\.(Utc)?Now\b""", RegexOptions.IgnoreCase)]
    private static partial Regex AmbientTime();
}
