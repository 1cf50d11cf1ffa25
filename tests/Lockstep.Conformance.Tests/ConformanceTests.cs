using System.Globalization;
using System.Text;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.TestKit;

namespace Lockstep.Conformance.Tests;

/// <summary>The recordings of AWS Step Functions, against the interpreter and, where they are of data that this service keeps, the real targets.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryCaseOutsideTheLedgerPasses()
    {
        IReadOnlyList<ConformanceCase> cases = ConformanceCase.LoadAll(SharedData.Require("conformance"));
        Ledger ledger = Ledger.Load();
        var failed = new List<string>();
        var passedInLedger = new List<string>();
        var scores = new List<CaseScore>();
        int outOfScope = 0;
        foreach (ConformanceCase recorded in cases)
        {
            if (ledger.OutOfScope(recorded) is not null)
            {
                outOfScope++;
                continue;
            }

            CaseScore score = CaseScoring.Score(recorded);
            scores.Add(score);
            if (!score.Passed && !ledger.IsKnownDifference(recorded))
            {
                failed.Add($"{recorded.Id}: {score}");
            }
            else if (score.Passed && ledger.IsKnownDifference(recorded))
            {
                passedInLedger.Add(recorded.Id);
            }
        }

        output.WriteLine(Summary(cases.Count, outOfScope, scores));
        Assert.Contains(scores, score => score.RealCalls > 0);
        Assert.True(failed.Count == 0, $"{failed.Count} cases differ:\n{string.Join('\n', failed)}");
        Assert.True(passedInLedger.Count == 0, $"Passes, but stands in the ledger: {string.Join(", ", passedInLedger)}");
        Assert.All(ledger.Differences, id => Assert.Contains(cases, recorded => recorded.Id == id));
    }

    private static string Summary(int cases, int outOfScope, List<CaseScore> scores)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{cases} recordings: {scores.Count} ran, {outOfScope} out of scope; ");
        text.Append(CultureInfo.InvariantCulture, $"{scores.Count(s => s.Passed)} pass at every layer; ");
        text.Append(CultureInfo.InvariantCulture, $"real targets answered {scores.Sum(s => s.RealCalls)} calls of {scores.Count(s => s.RealCalls > 0)} cases.");
        foreach (Layer layer in Enum.GetValues<Layer>())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n({(char)('a' + (int)layer)}) {layer}: ");
            text.Append(CultureInfo.InvariantCulture, $"{scores.Count(s => s.Passes(layer))} of {scores.Count(s => s.Applies(layer))}");
        }

        return text.ToString();
    }
}
