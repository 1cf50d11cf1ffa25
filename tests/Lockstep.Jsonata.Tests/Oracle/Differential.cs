using System.Globalization;
using System.Text;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Asks the JSONata package and our library the same, case after case, and keeps where they differ. LOCKSTEP_JSONATA_CASES sets how many cases a run has,
/// LOCKSTEP_JSONATA_SEED which, LOCKSTEP_JSONATA_REPORT how many differences are told.
/// </summary>
internal sealed class Differential
{
    private const int BatchSize = 1000;
    private const int MostReported = 25;

    private readonly List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)> _different = [];
    private readonly List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)> _otherwise = [];
    private int _values;
    private int _nothing;
    private int _failures;
    private int _leftOut;

    private Differential(int count) => Count = count;

    /// <summary>Which cases are generated.</summary>
    public static ulong Seed => (ulong)Setting("LOCKSTEP_JSONATA_SEED", 1);

    private int Count { get; }

    /// <summary>How many cases a run has.</summary>
    public static int Cases(int absent) => Setting("LOCKSTEP_JSONATA_CASES", absent);

    /// <summary>The JSONata package; skips the test, with the reason, when it is not installed.</summary>
    public static NodeOracle StartOracle()
    {
        NodeOracle? oracle = NodeOracle.TryStart();
        if (oracle is null)
        {
            Assert.Skip("Node, or the package jsonata under artifacts/tools, is not installed; .ci/run installs the package.");
        }

        return oracle;
    }

    /// <summary>Compares as many generated cases as are set; skips the test, with the reason, when the package is not installed.</summary>
    /// <param name="defaultCount">Cases, unless another number is set.</param>
    /// <param name="generator">Makes a generator of cases from a stream of choices.</param>
    public static async Task<Differential> RunAsync(int defaultCount, Func<Choices, Func<DifferentialCase>> generator)
    {
        using NodeOracle oracle = StartOracle();
        var run = new Differential(Cases(defaultCount));
        Func<DifferentialCase> next = generator(new Choices(Seed));
        for (int done = 0; done < run.Count; done += BatchSize)
        {
            DifferentialCase[] batch = [.. Enumerable.Range(0, Math.Min(BatchSize, run.Count - done)).Select(_ => next())];
            IReadOnlyList<OracleAnswer> answers = await oracle.AskAsync(batch);
            foreach ((DifferentialCase asked, OracleAnswer theirs) in batch.Zip(answers))
            {
                run.Compare(asked, theirs);
            }
        }

        return run;
    }

    /// <summary>
    /// No case may differ; one in a hundred may fail in another way (<see cref="OracleAnswer.FailsOtherwise"/>); and so many cases that the
    /// comparison says something have to come to a value.
    /// </summary>
    public void AssertAgreement()
    {
        Assert.True(_different.Count == 0, Report(_different));
        Assert.True(_otherwise.Count <= Count / 100, Report(_otherwise));
        Assert.True(_values > Count / 4, ToString());
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_values} values, {_nothing} without a value, {_failures} failures, {_leftOut} left out, {_otherwise.Count} fail in another way");

    private static int Setting(string name, int absent) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : absent;

    private void Compare(DifferentialCase asked, OracleAnswer theirs)
    {
        OracleAnswer ours = OracleAnswer.Ours(asked);
        bool isLeftOut = theirs.IsUncoded || ours.IsLimit;
        _leftOut += isLeftOut ? 1 : 0;
        _failures += theirs.Code is not null && !theirs.IsUncoded ? 1 : 0;
        _values += theirs.Json is not null ? 1 : 0;
        _nothing += theirs is { Json: null, Code: null } ? 1 : 0;
        if (!isLeftOut && !ours.Agrees(theirs))
        {
            // A result that is no finite number fails here at once (docs/jsonata.md); in the text of a result it is null.
            if (ours.Code == "D1001" && theirs.Json == "null")
            {
                _leftOut++;
                return;
            }

            (ours.FailsOtherwise(theirs) ? _otherwise : _different).Add((asked, theirs, ours));
        }
    }

    private static string Report(List<(DifferentialCase Case, OracleAnswer Theirs, OracleAnswer Ours)> different)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{different.Count} differences, the shortest first:");
        foreach ((DifferentialCase asked, OracleAnswer theirs, OracleAnswer ours) in different
            .OrderBy(each => each.Case.Expression.Length + each.Case.Document.Length / 4).Take(Setting("LOCKSTEP_JSONATA_REPORT", MostReported)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {asked.Expression}  on  {asked.Document}\n    expected {theirs}\n    found    {ours}");
        }

        return text.ToString();
    }
}
