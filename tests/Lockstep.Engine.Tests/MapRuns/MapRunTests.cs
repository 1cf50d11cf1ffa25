using FsCheck;
using FsCheck.Fluent;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.MapRuns;

public sealed class MapRunTests
{
    private const string Plain = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
        """;

    private const string Batched = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemBatcher":{"MaxItemsPerBatch":7,"BatchInput":{"b":1}},
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
        """;

    private const string Selected = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index","x.$":"$.x","e.$":"$$.Execution.Name","w.$":"$who"},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"Assign":{"who":1}}}}
        """;

    [Fact]
    public void WheneverItIsKilledNoItemIsLostOrRepeated() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 120).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(1, int.MaxValue).ToArbitrary(), (items, width, seed) =>
        {
            var world = new MapRunWorld(Plain, (ulong)seed) { Readable = items, KillsOneIn = 1 + (seed % 4) };
            world.Start(MapRunWorld.Request($",\"Source\":{{}},\"MaxConcurrency\":{width},\"ItemsAtOnce\":9,\"MostConcurrency\":15"));
            world.RunToEnd();
            Assert.Equal(ExecutionStatus.Succeeded, world.Finished?.Status);
            Assert.Equal(Enumerable.Range(0, items).Select(i => (long)i), world.Children.Keys);
            Assert.All(world.Children, child => Assert.Equal(JsonNumber.Of(child.Key), child.Value));
            Assert.InRange(world.MostOpen, 0, Math.Max(items, 1));
            Assert.Equal(new MapRunCounts(0, 0, items, 0, 0, 0, items), world.State.MapRun?.Items);
            Assert.Equal(JsonArray.Of([.. Enumerable.Range(0, items).Select(i => (JsonValue)JsonNumber.Of(i))]), world.Finished?.Output);
            return world.State.MapRun?.Executions.Succeeded == items;
        }));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 10)]
    [InlineData(0, 25)]
    public void NoMoreChildrenAreOpenThanMayBe(int width, int most)
    {
        var world = new MapRunWorld(Plain, 3) { Readable = 40, EndOf = _ => null };
        world.Start(MapRunWorld.Request($",\"Source\":{{}},\"MaxConcurrency\":{width},\"MostConcurrency\":{most},\"ItemsAtOnce\":50"));
        world.RunToEnd();
        Assert.Equal(40, world.Children.Count);
        Assert.Equal(0, world.State.MapRun?.Executions.Running);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(50)]
    public void BatchesAreFullWhereverAReadEnds(int items)
    {
        var world = new MapRunWorld(Batched, (ulong)items) { Readable = items, KillsOneIn = 2 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxItemsPerBatch\":7,\"BatchInput\":{\"b\":1},\"ItemsAtOnce\":4"));
        world.RunToEnd();
        Assert.Equal((items + 6) / 7, world.Children.Count);
        Assert.Equal(
            Enumerable.Range(0, items).Select(i => (JsonValue)JsonNumber.Of(i)),
            world.Children.Values.SelectMany(batch => (JsonArray)((JsonObject)batch)["Items"]!));
        Assert.All(world.Children.Values.SkipLast(1), batch => Assert.Equal(7, ((JsonArray)((JsonObject)batch)["Items"]!).Count));
        Assert.Equal(items, world.State.MapRun?.Items.Succeeded);
    }

    [Fact]
    public void AnItemSelectorSeesTheItemTheInputTheContextAndTheVariables()
    {
        var world = new MapRunWorld(Selected, 1);
        world.Start(MapRunWorld.Request(
            ",\"Items\":[\"a\",\"b\"],\"Input\":{\"x\":5},\"Context\":{\"Execution\":{\"Name\":\"outer\"}},\"Variables\":{\"who\":\"me\"}"));
        world.RunToEnd();
        Assert.Equal(
            ["""{"v":"a","i":0,"x":5,"e":"outer","w":"me"}""", """{"v":"b","i":1,"x":5,"e":"outer","w":"me"}"""],
            world.Children.Values.Select(input => input.ToString()));
    }

    [Theory]
    [InlineData(5, "STATE_DATA")]
    [InlineData(4, null)]
    public void AnItemSelectorSeesTheMembersOfAnObject(int revision, string? source)
    {
        var world = new MapRunWorld(Selected.Replace("$$.Map.Item.Value", "$$.Map", StringComparison.Ordinal), 1) { KillsOneIn = 2 };
        const string Members = "[{\"Key\":\"k\",\"Value\":[1]},{\"Key\":\"l\",\"Value\":2}],\"Members\":true,\"MaxConcurrency\":1";
        const string Seen = ",\"Input\":{\"x\":5},\"Context\":{\"Execution\":{\"Name\":\"o\"}},\"Variables\":{\"who\":1}";
        world.Start(
            MapRunWorld.Request(",\"Items\":" + Members + Seen),
            revision);
        world.RunToEnd();
        string shown = source is null ? "" : $",\"Source\":\"{source}\"";
        Assert.Equal(
            ["{\"Item\":{\"Index\":0,\"Key\":\"k\",\"Value\":[1]" + shown + "}}", "{\"Item\":{\"Index\":1,\"Key\":\"l\",\"Value\":2" + shown + "}}"],
            world.Children.Values.Select(input => ((JsonObject)input)["v"]?.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ItemsThatWaitKeepTheirSources(int kills)
    {
        string map = Batched.Replace("\"ItemBatcher\"", "\"ItemSelector\":{\"s.$\":\"$$.Map.Item.Source\"},\"ItemBatcher\"", StringComparison.Ordinal);
        var world = new MapRunWorld(map, 5) { Readable = 20, KillsOneIn = kills, OriginOf = item => $"S3://b/{item / 3}" };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxItemsPerBatch\":7,\"BatchInput\":{\"b\":1},\"ItemsAtOnce\":4,\"MaxConcurrency\":2"));
        world.RunToEnd();
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"{{\"s\":\"S3://b/{i / 3}\"}}"),
            world.Children.Values.SelectMany(batch => (JsonArray)((JsonObject)batch)["Items"]!).Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("", 0, true)]
    [InlineData("", 1, false)]
    [InlineData(",\"ToleratedFailureCount\":2", 2, true)]
    [InlineData(",\"ToleratedFailureCount\":2", 3, false)]
    [InlineData(",\"ToleratedFailurePercentage\":20", 4, true)]
    [InlineData(",\"ToleratedFailurePercentage\":20", 5, false)]
    [InlineData(",\"ToleratedFailurePercentage\":100,\"ToleratedFailureCount\":2", 3, false)]
    public void ToleratesAsManyFailuresAsItSays(string settings, int failures, bool succeeds)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var world = new MapRunWorld(Plain, seed)
            {
                Readable = 20,
                KillsOneIn = 3,
                EndOf = input => ((JsonNumber)input).ToDouble() < failures ? MapRunChildEnds.Failed : null,
            };
            world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":6,\"MaxConcurrency\":4" + settings));
            world.RunToEnd();
            Assert.Equal(succeeds ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, world.Finished?.Status);
            Assert.Equal(succeeds ? null : "States.ExceedToleratedFailureThreshold", world.Finished?.Error);
            MapRunProgress progress = Assert.IsType<MapRunProgress>(world.State.MapRun);
            Assert.Equal(0, progress.Executions.Running);
            Assert.Equal(world.Children.Count, progress.Executions.Total);
            Assert.Equal(progress.Executions.Aborted, world.Stopped.Count);
        }
    }

    [Theory]
    [InlineData("", "[0,1,2,3,4]")]
    [InlineData(""" "ResultWriter":{"WriterConfig":{"OutputType":"JSONL","Transformation":"COMPACT"}}, """, "\"0\\n1\\n2\\n3\\n4\"")]
    public void WhatSeveralCallsCollectIsOneResult(string writer, string expected)
    {
        foreach (int atOnce in (int[])[1, 2, 4, 5, 6])
        {
            var world = new MapRunWorld(Plain.Replace("\"End\":true,\n", "\"End\":true," + writer, StringComparison.Ordinal), 5) { Readable = 5, ResultsAtOnce = atOnce };
            world.Start(MapRunWorld.Request(",\"Source\":{}"));
            world.RunToEnd();
            Assert.Equal(expected, world.Finished?.Output?.ToString());
        }
    }

    [Fact]
    public void WhatSeveralCallsHaveWrittenIsSeenMeanwhile()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 5, ResultsAtOnce = 2 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"Destination\":{\"Bucket\":\"b\"}"));
        List<long> written = [];
        while (world.Finished is null)
        {
            world.Step();
            written.Add(world.State.MapRun?.Executions.ResultsWritten ?? -1);
        }

        Assert.Equal([0, 2, 4, 5], written.Distinct());
        Assert.Equal(5, world.State.MapRun?.Items.ResultsWritten);
        Assert.Equal("\"written\"", world.Finished?.Output?.ToString());
    }

    [Fact]
    public void AReadThatFailsStopsTheChildrenAndFailsTheRun()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 30, ReadFailsAt = 10 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":10,\"MaxConcurrency\":10"));
        world.RunToEnd();
        Assert.Equal(("States.ItemReaderFailed", "no"), (world.Finished?.Error, world.Finished?.Cause));
        Assert.InRange(world.Children.Count, 1, 10);
    }

    [Fact]
    public void MaxItemsEndsTheReading()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 30 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":4,\"MaxItems\":13"));
        world.RunToEnd();
        Assert.Equal(13, world.Children.Count);
    }

    [Fact]
    public void ItsStateDoesNotGrowWithItsItems()
    {
        int Largest(int items)
        {
            var world = new MapRunWorld(Plain, 5) { Readable = items, KillsOneIn = 5 };
            world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":10,\"MaxConcurrency\":10,\"Destination\":{\"Bucket\":\"b\"}"));
            world.RunToEnd();
            return world.LargestState;
        }

        Assert.InRange(Largest(2_000), 1, Largest(200) * 1.2);
    }

    [Fact]
    public void WhatIsChangedWhileItRunsHolds()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 10, EndOf = _ => MapRunChildEnds.TimedOut };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxConcurrency\":1"));
        world.Send(new MapRunUpdated(Run.Epoch, new MapRunSettings(3, 10, null)));
        world.RunToEnd();
        Assert.Equal(ExecutionStatus.Succeeded, world.Finished?.Status);
        Assert.Equal(10, world.State.MapRun?.Items.TimedOut);
        Assert.Equal(new MapRunSettings(3, 10, null), world.State.MapRun?.Settings);
    }

    [Fact]
    public void AStopStopsEveryChild()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 10 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxConcurrency\":4"));
        world.Send(new TaskSucceeded(Run.Epoch, new CommandId(1), new ItemsAnswer(JsonArray.Of(JsonNumber.Of(0), JsonNumber.Of(1)), null, null).ToJson()));
        world.Send(new StopRequested(Run.Epoch, null, null));
        Assert.Equal(ExecutionStatus.Aborted, world.Finished?.Status);
        Assert.Equal([0, 1], world.Stopped.Order());
        Assert.Equal(2, world.State.MapRun?.Executions.Aborted);
    }
}
