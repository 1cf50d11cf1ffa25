using Lockstep.Fuzz.Running;
using Lockstep.Fuzz.Targets;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.Fuzz.Tests;

/// <summary>
/// A few thousand inputs for each target, and those that are kept: made to be hard, or found by a run that did not end well. A run of millions is the command
/// <c>dotnet run -c Release --project tests/Lockstep.Fuzz -- all --inputs 1000000</c>.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 3_000;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_target_answers_every_input(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzReport report = FuzzRun.OnItsOwnStack(Find(name), new FuzzOptions { Inputs = Inputs, Seed = 20_261_122, KeepIn = folder.Path });
        output.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
        Assert.Equal(Inputs, report.Inputs);
        Assert.InRange(report.Accepted, 1, Inputs - 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_hard_to_answer_is_answered(string name)
    {
        string[] files = Directory.GetFiles(Repository.PathOf("tests/Lockstep.Fuzz/corpus/" + name));
        Assert.NotEmpty(files);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            Assert.Null(Record.Exception(() => FuzzRun.Once(Find(name), File.ReadAllBytes(file))));
        }
    }

    [Fact]
    public void A_defect_is_found_made_smaller_and_kept()
    {
        using var folder = new TemporaryFolder();
        FuzzReport report = FuzzRun.OnItsOwnStack(new PlantedDefect(), new FuzzOptions { Inputs = 20_000, KeepIn = folder.Path });
        FuzzFailure failure = Assert.Single(report.Failures);
        Assert.Equal("<!", File.ReadAllText(failure.File));
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        using var folder = new TemporaryFolder();
        var options = new FuzzOptions { Inputs = 500, Seed = 7, KeepIn = folder.Path };
        FuzzReport first = FuzzRun.OnItsOwnStack(Find("json"), options);
        Assert.Equal(first.Accepted, FuzzRun.OnItsOwnStack(Find("json"), options).Accepted);
        Assert.NotEqual(first.Accepted, FuzzRun.OnItsOwnStack(Find("json"), options with { Seed = 8 }).Accepted);
    }

    private static IFuzzTarget Find(string name) => FuzzTargets.All.Single(target => target.Name == name);

    /// <summary>Fails on every input that has a less-than sign with an exclamation mark behind it.</summary>
    private sealed class PlantedDefect : IFuzzTarget
    {
        public string Name => "planted";

        public bool IsJson => false;

        public IReadOnlyList<string> Tokens { get; } = ["<", "!", "x"];

        public IEnumerable<byte[]> Corpus() => ["hello"u8.ToArray(), "<x>!"u8.ToArray()];

        public bool Run(byte[] input) => input.AsSpan().IndexOf("<!"u8) < 0 ? true : throw new FormatException("planted");
    }
}
