using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Suite;

/// <summary>JSONata's published test data, all of it, with the standard library.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    private const int Cases = 864;

    [Fact]
    public void Every_case_outside_the_ledger_passes()
    {
        IReadOnlyList<SuiteCase> cases = SuiteCase.LoadAll(SharedData.Require("jsonata"));
        IReadOnlyDictionary<string, string> ledger = SuiteLedger.Differences;
        string[] failed = [.. cases.Select(test => (test.Id, Difference: test.Difference()))
            .Where(outcome => outcome.Difference is not null)
            .Select(outcome => $"{outcome.Id}: {outcome.Difference}")];

        output.WriteLine($"{cases.Count} cases, {cases.Count - failed.Length} pass.");
        Assert.Equal(Cases, cases.Count);
        Assert.True(
            failed.All(line => ledger.ContainsKey(line.Split(':')[0])),
            $"{failed.Length} cases differ:\n{string.Join('\n', failed)}");
        Assert.Equal(ledger.Keys.Order(StringComparer.Ordinal), failed.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal));
    }
}
