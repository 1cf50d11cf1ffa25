using System.Globalization;
using System.Text;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Generated expressions give what the JSONata package gives: the same value, no value, or a failure with the same code and message. Set
/// LOCKSTEP_JSONATA_CASES for a long run, LOCKSTEP_JSONATA_SEED for another one.
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int DefaultCases = 600;
    private const int BatchSize = 1000;
    private const int MostReported = 25;

    private static int Setting(string name, int absent) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : absent;

    [Fact]
    public async Task Generated_expressions_agree_with_the_JSONata_package()
    {
        using NodeOracle? oracle = NodeOracle.TryStart();
        if (oracle is null)
        {
            Assert.Skip("Node, or the package jsonata under artifacts/tools, is not installed; .ci/run installs the package.");
        }

        int count = Setting("LOCKSTEP_JSONATA_CASES", DefaultCases);
        var choices = new Choices((ulong)Setting("LOCKSTEP_JSONATA_SEED", 1));
        var documents = new DocumentGenerator(choices);
        var expressions = new ExpressionGenerator(choices);
        var different = new List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)>();
        var otherwise = new List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)>();
        var tally = new Tally();
        for (int done = 0; done < count; done += BatchSize)
        {
            DifferentialCase[] batch =
            [
                .. Enumerable.Range(0, Math.Min(BatchSize, count - done)).Select(_ => new DifferentialCase(expressions.Next(), documents.Next())),
            ];
            IReadOnlyList<OracleAnswer> answers = await oracle.AskAsync(batch);
            foreach ((DifferentialCase asked, OracleAnswer theirs) in batch.Zip(answers))
            {
                OracleAnswer ours = OracleAnswer.Ours(asked);
                tally.Count(theirs, ours);
                if (!theirs.IsUncoded && !ours.IsLimit && !ours.Agrees(theirs))
                {
                    (ours.FailsOtherwise(theirs) ? otherwise : different).Add((asked, theirs, ours));
                }
            }
        }

        output.WriteLine($"{tally}, {otherwise.Count} fail in another way");
        Assert.True(different.Count == 0, Report(different));
        Assert.True(otherwise.Count <= count / 100, Report(otherwise));
        Assert.True(tally.Values > count / 4, tally.ToString());
    }

    private static string Report(List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)> different)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{different.Count} differences, the shortest first:");
        foreach ((DifferentialCase asked, OracleAnswer theirs, OracleAnswer ours) in different
            .OrderBy(each => each.Case.Expression.Length + each.Case.Document.Length / 4).Take(MostReported))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {asked.Expression}  on  {asked.Document}\n    expected {theirs}\n    found    {ours}");
        }

        return text.ToString();
    }

    private sealed class Tally
    {
        public int Values { get; private set; }

        private int Nothing { get; set; }

        private int Failures { get; set; }

        private int LeftOut { get; set; }

        public void Count(OracleAnswer theirs, OracleAnswer ours)
        {
            LeftOut += theirs.IsUncoded || ours.IsLimit ? 1 : 0;
            Failures += theirs.Code is not null && !theirs.IsUncoded ? 1 : 0;
            Values += theirs.Json is not null ? 1 : 0;
            Nothing += theirs is { Json: null, Code: null } ? 1 : 0;
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Values} values, {Nothing} without a value, {Failures} failures, {LeftOut} left out");
    }
}
