using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Suite;

/// <summary>The cases of the published test data that are meant to differ, with the reason; lines of <c>ledger.txt</c>.</summary>
internal static class SuiteLedger
{
    public static IReadOnlyDictionary<string, string> Differences { get; } =
        File.ReadLines(Repository.PathOf("tests/Lockstep.Jsonata.Tests/Suite/ledger.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
