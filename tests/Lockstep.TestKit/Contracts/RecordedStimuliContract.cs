using Lockstep.Asl.Compiled;
using Lockstep.Service.Activities;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Corpora;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// Every host gives the histories that the interpreter alone gives for the same outcomes, so any two hosts give the same. The machines are
/// those of the corpus from which an execution can be resumed after every turn.
/// </summary>
public abstract class RecordedStimuliContract(ITestOutputHelper output) : HarnessContract
{
    private const int MostSteps = 25;

    /// <summary>Which share of the machines a host runs: one of so many. All of them, unless a host is too slow for that.</summary>
    protected virtual int OneOf => 1;

    [Fact]
    public async Task Machines_of_the_corpus_have_the_histories_of_a_plain_run()
    {
        await using IDriverHarness harness = await OpenAsync();
        List<string> differences = [];
        int seen = 0, machines = 0, events = 0;
        foreach (CorpusMachine item in Corpus.Machines())
        {
            // What is drawn at random is drawn from a seed that a host does not tell.
            if (seen++ % OneOf != 0 || item.Definition.Contains("MathRandom", StringComparison.Ordinal) || !await RecordedStimuli.RestsAsync(item.Machine, item.Input, MostSteps))
            {
                continue;
            }

            await CreateActivitiesAsync(harness, item.Machine);
            StateMachineRecord stored = await harness.CreateMachineAsync($"m{machines++}", item.Definition);
            (string? difference, int count) = await RecordedStimuli.CompareAsync(harness, stored, item.Machine, item.Input, MostSteps);
            events += count;
            if (difference is not null)
            {
                differences.Add($"{item.Name}: {difference}");
            }
        }

        output.WriteLine($"{machines} machines, {events} events.");
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
        Assert.True(machines > 200 / OneOf, $"Only {machines} machines could be run.");
    }

    private static async Task CreateActivitiesAsync(IDriverHarness harness, CompiledMachine machine)
    {
        foreach (string name in Corpus.ActivitiesOf(machine))
        {
            await harness.Ports.Activities.CreateAsync(
                new ActivityRecord(HarnessSteps.Anna, name, harness.Service.Arns.Activity(HarnessSteps.Anna, name), harness.Time.GetUtcNow()),
                CancellationToken.None);
        }
    }
}
