using Lockstep.Crash.MapRuns;
using Lockstep.Crash.Memory;
using Lockstep.Crash.Runner;

namespace Lockstep.Embedded.Tests;

/// <summary>A dozen rounds of the crash test. More: <c>dotnet run -c Release --project tests/Lockstep.Crash -- --rounds 500</c>.</summary>
public sealed class CrashSmokeTests(ITestOutputHelper output)
{
    private const int Rounds = 12;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_happens_before_its_commit()
    {
        int seed = Random.Shared.Next();
        using var lines = new StringWriter();

        CrashReport report = await CrashTest.RunAsync(Rounds, seed, lines, printTrace: false);

        output.WriteLine($"seed {seed}");
        output.WriteLine(lines.ToString());
        Assert.True(report.Problems.Count == 0, $"seed {seed}:\n{string.Join((char)10, report.Problems)}");
        Assert.Equal(Rounds, report.Kills.Values.Sum());
        Assert.True(report.Executions > 0 && report.TracedAcknowledgements > 0);
    }

    /// <summary>The memory command with a handful. The figures: <c>dotnet run -c Release --project tests/Lockstep.Crash -- memory --executions 100000</c>.</summary>
    [Fact]
    public async Task Executions_that_wait_for_callbacks_survive_a_kill_and_are_all_answered() => Assert.Equal(0, await MemoryProbe.RunAsync(executions: 20));

    /// <summary>A distributed Map killed in the middle. The figures: <c>dotnet run -c Release --project tests/Lockstep.Crash -- map-run</c>.</summary>
    [Fact]
    public async Task Kill_in_the_middle_of_a_map_run_costs_no_item_and_repeats_none_that_had_finished() =>
        Assert.Equal(0, await MapRunProbe.RunAsync(items: 200, inFlight: 50, waitSeconds: 0, alone: true));
}
