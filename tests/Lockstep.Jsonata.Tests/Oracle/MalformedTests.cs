using System.Globalization;
using System.Text;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Malformed expressions are refused as the JSONata package refuses them: with its code, its message and its place. See
/// <see cref="Differential"/> for long runs. One in a hundred may differ, as what the reference makes of a signature
/// that is none is no rule.
/// </summary>
public sealed class MalformedTests(ITestOutputHelper output)
{
    private const int DefaultCases = 1500;
    private const int BatchSize = 500;

    [Fact]
    public async Task Malformed_expressions_fail_as_in_the_JSONata_package()
    {
        using NodeOracle oracle = Differential.StartOracle();
        int count = Differential.Cases(DefaultCases);
        var choices = new Choices(Differential.Seed);
        var mutations = new MutationGenerator(choices, new ExpressionGenerator(choices));
        var different = new StringBuilder();
        int malformed = 0;
        int differences = 0;
        for (int done = 0; done < count; done += BatchSize)
        {
            DifferentialCase[] batch = [.. Enumerable.Range(0, Math.Min(BatchSize, count - done)).Select(_ => new DifferentialCase(mutations.Next(), "{}"))];
            IReadOnlyList<OracleAnswer> answers = await oracle.AskAsync(batch);
            foreach ((DifferentialCase asked, OracleAnswer theirs) in batch.Zip(answers))
            {
                OracleAnswer ours = OracleAnswer.Ours(asked);
                malformed += theirs.IsMalformed ? 1 : 0;
                if (!theirs.IsUncoded && !ours.IsLimit && (theirs.IsMalformed || ours.IsMalformed) && !(ours.Agrees(theirs) && ours.Position == theirs.Position))
                {
                    differences++;
                    different.AppendLine(CultureInfo.InvariantCulture, $"  {asked.Expression}\n    expected {theirs}\n    found    {ours}");
                }
            }
        }

        output.WriteLine($"{malformed} malformed of {count}, {differences} differ\n{different}");
        Assert.True(differences <= malformed / 100, different.ToString());
        Assert.True(malformed > count / 2);
    }
}
