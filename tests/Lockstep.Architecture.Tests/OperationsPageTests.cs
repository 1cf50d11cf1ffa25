using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Cli;
using Lockstep.Embedded.Hosting;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>docs/operations.md names every exit code that the command can end with, and no other.</summary>
public sealed partial class OperationsPageTests
{
    /// <summary>What a shell shows of a killed process; the command itself never ends with it.</summary>
    private const int Killed = 137;

    [Fact]
    public void Every_exit_code_is_documented_once()
    {
        int[] documented = [.. Row().Matches(File.ReadAllText(Repository.PathOf("docs/operations.md")))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        IEnumerable<int> known = Enum.GetValues<ExitCode>().Select(code => (int)code)
            .Concat(Enum.GetValues<StorageFailure>().Select(failure => (int)failure))
            .Append(Killed);

        Assert.Equal(known.Order(), documented);
    }

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
