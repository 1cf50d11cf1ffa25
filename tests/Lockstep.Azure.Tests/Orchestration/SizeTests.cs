using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>Sizes: no message is ever too large, and what an execution costs per step does not depend on how long it is.</summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    private const double MaxGrowth = 1.2;

    private const string Loop = """
        {"StartAt":"Work","States":{
          "Work":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Next":"A"},
          "A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"D"},"D":{"Type":"Pass","Next":"E"},
          "E":{"Type":"Pass","Next":"F"},"F":{"Type":"Pass","Next":"G"},"G":{"Type":"Pass","Next":"H"},"H":{"Type":"Pass","Next":"More"},
          "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":0,"Next":"Work"}],"Default":"Done"},
          "Done":{"Type":"Succeed"}}}
        """;

    private const string PassLoop = """
        {"StartAt":"Count","States":{
          "Count":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, -1)"},"Next":"More"},
          "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":0,"Next":"Count"}],"Default":"Done"},
          "Done":{"Type":"Succeed"}}}
        """;

    private const string Map = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}}}}
        """;

    [Fact]
    public void Twenty_thousand_transitions_with_calls_cost_per_transition_what_two_thousand_cost() => AssertFlat(
        "transitions with calls", RunLoop(Loop, loops: 200), 2_000, RunLoop(Loop, loops: 2_000), 20_000);

    [Fact]
    public void Twenty_thousand_transitions_without_calls_cost_per_transition_what_two_thousand_cost() => AssertFlat(
        "transitions without calls", RunLoop(PassLoop, loops: 1_000), 2_000, RunLoop(PassLoop, loops: 10_000), 20_000);

    [Fact]
    public void Five_thousand_items_of_a_Map_cost_per_item_what_five_hundred_cost() => AssertFlat(
        "items of a Map", RunMap(500), 500, RunMap(5_000), 5_000);

    [Theory]
    [InlineData(200)]
    [InlineData(2)]
    public void Payloads_of_many_parts_travel_beside_the_messages(int rolloverActions)
    {
        string large = new('x', 1024 * 1024);
        var harness = new PumpHarness(new() { FunctionCallSeconds = 60, RolloverActions = rolloverActions });
        harness.World.Script = call => new TaskSucceeded(default, call.Task, JsonObject.Of("text", JsonString.Of(large)));
        harness.Start(Machines.Tasks(2), $$"""{"text":"{{large}}"}""", new ExecutionLimits { MaxPayloadBytes = 32 * 1024 * 1024 });
        harness.RunToEnd();

        Assert.Equal((ExecutionStatus.Succeeded, null), (harness.Head.Record.Status, harness.Head.Quarantine));
        Assert.Equal(large.Length + """{"text":""}""".Length, harness.Head.Record.Output?.Length);
        Assert.Equal(harness.Replayed(Machines.Tasks(2)), harness.History());
        Assert.Equal(2, harness.World.Calls.Count);
        Assert.Empty(harness.Azure.Blobs.Rewritten);
    }

    private static PumpHarness RunLoop(string definition, int loops)
    {
        var harness = new PumpHarness(new() { FunctionCallSeconds = 60, RolloverActions = 20, RolloverSteps = 500 });
        harness.World.Script = call => new TaskSucceeded(default, call.Task, JsonObject.Of(
            "n", JsonNumber.Of(int.Parse(((JsonObject)call.Parameters)["n"]?.ToString() ?? "", System.Globalization.CultureInfo.InvariantCulture) - 1)));
        harness.Start(definition, $$"""{"n":{{loops}}}""", new ExecutionLimits { MaxTransitionsPerTurn = 100 });
        harness.RunToEnd();
        Assert.Equal(ExecutionStatus.Succeeded, harness.Head.Record.Status);
        return harness;
    }

    private static PumpHarness RunMap(int items)
    {
        var harness = new PumpHarness(new() { FunctionCallSeconds = 60, RolloverActions = 50, RolloverSteps = 2_000 });
        harness.Start(Map, $"[{string.Join(',', Enumerable.Range(1, items))}]");
        harness.RunToEnd();
        Assert.Equal((ExecutionStatus.Succeeded, items), (harness.Head.Record.Status, harness.World.Calls.Count));
        return harness;
    }

    private void AssertFlat(string what, PumpHarness small, int smallSteps, PumpHarness large, int largeSteps)
    {
        Compare("replayed events", cost => cost.ReplayedEvents);
        Compare("activities", cost => cost.Activities);
        Compare("stored bytes", cost => cost.StoredBytes);

        void Compare(string name, Func<DurableCost, long> read)
        {
            double before = (double)read(small.Host.Cost) / smallSteps;
            double after = (double)read(large.Host.Cost) / largeSteps;
            output.WriteLine(FormattableString.Invariant(
                $"{what}: {name} each: {before:0.000} of {smallSteps}, {after:0.000} of {largeSteps}, ratio {after / before:0.000}"));
            Assert.True(after <= before * MaxGrowth, $"{name} grow from {before} to {after}.");
        }
    }
}
