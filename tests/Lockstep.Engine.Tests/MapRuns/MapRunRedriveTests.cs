using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Engine.Codec;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.MapRuns;

public sealed class MapRunRedriveTests
{
    private const string Plain = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
        """;

    private const string Batched = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemBatcher":{"MaxItemsPerBatch":3},
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
        """;

    /// <summary>Stopped at any moment and redriven, several times, with kills in between: every item is begun, and no child that succeeded is begun again.</summary>
    [Fact]
    public void WheneverItStopsItGoesOnWithWhatDidNotSucceed() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 80).ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(1, int.MaxValue).ToArbitrary(), (items, width, seed) =>
        {
            bool broken = true;
            var world = new MapRunWorld(Plain, (ulong)seed)
            {
                Readable = items,
                KillsOneIn = 1 + (seed % 4),
                StopsLate = true,
                LosesStarts = true,
                EndOf = input => broken && ((JsonNumber)input).ToDouble() % 5 == seed % 9 ? (seed % 2 == 0 ? MapRunChildEnds.Failed : MapRunChildEnds.TimedOut) : null,
            };
            world.Start(MapRunWorld.Request($",\"Source\":{{}},\"MaxConcurrency\":{width},\"ItemsAtOnce\":9,\"ToleratedFailureCount\":{seed % 4}"));
            for (int attempt = 0; attempt < 4; attempt++)
            {
                world.RunToEnd(most: (seed >> attempt) % 60);
                if (world.Finished is null)
                {
                    world.Send(new StopRequested(Run.Epoch, null, null));
                }

                AssertAccounted(world, attempt);
                if (world.Finished?.Status == ExecutionStatus.Succeeded)
                {
                    break;
                }

                broken = attempt < 2;
                world.Redrive();
            }

            world.RunToEnd();
            AssertAccounted(world, 4);
            Assert.Equal(ExecutionStatus.Succeeded, world.Finished?.Status);
            Assert.Equal(Enumerable.Range(0, items).Select(i => (long)i), world.Children.Keys);
            Assert.All(world.Children, child => Assert.Equal(JsonNumber.Of(child.Key), child.Value));
            Assert.Equal(items, world.State.MapRun?.Items.Total);
            return true;
        }));

    [Fact]
    public void OnlyWhatDidNotSucceedIsBegunAgain()
    {
        bool broken = true;
        var world = new MapRunWorld(Plain, 4) { Readable = 40, EndOf = input => broken && ((JsonNumber)input).ToDouble() % 10 == 3 ? MapRunChildEnds.Failed : null };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxConcurrency\":4,\"ItemsAtOnce\":10,\"ToleratedFailureCount\":1"));
        world.RunToEnd();
        Assert.Equal("States.ExceedToleratedFailureThreshold", world.Finished?.Error);
        Dictionary<long, int> before = new(world.Attempts);
        long[] unsuccessful = [.. world.Ends.Where(end => end.Value != "SUCCEEDED").Select(end => end.Key).Order()];
        Assert.Equal([3, 13], unsuccessful.Intersect([3L, 13L]));

        broken = false;
        world.Redrive();
        MapRunCounts begun = world.State.MapRun!.Executions;
        Assert.Equal((unsuccessful.Length, 0L), (begun.PendingRedrive, begun.Unsuccessful));
        world.RunToEnd();
        Assert.Equal(ExecutionStatus.Succeeded, world.Finished?.Status);
        Assert.Equal(unsuccessful, world.Attempts.Where(child => child.Value != before.GetValueOrDefault(child.Key, 1)).Select(child => child.Key).Order());
        Assert.Equal(new MapRunCounts(0, 0, 40, 0, 0, 0, 40), world.State.MapRun!.Items);
    }

    [Fact]
    public void ToleratedFailuresAreBegunAgainToo()
    {
        bool broken = true;
        var world = new MapRunWorld(Batched, 4)
        {
            Readable = 30,
            EndOf = input => broken && ((JsonNumber)((JsonArray)((JsonObject)input)["Items"]!)[0]).ToDouble() < 6 ? MapRunChildEnds.TimedOut : null,
        };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxItemsPerBatch\":3,\"ToleratedFailureCount\":6,\"MaxConcurrency\":2,\"ItemsAtOnce\":4"));
        world.RunToEnd(most: 24);
        world.Send(new StopRequested(Run.Epoch, null, null));
        Assert.Equal((6, 2), (world.State.MapRun!.Items.TimedOut, world.State.MapRun.Executions.TimedOut));
        broken = false;
        world.Redrive();
        world.RunToEnd();
        Assert.Equal(new MapRunCounts(0, 0, 30, 0, 0, 0, 30), world.State.MapRun!.Items);
        Assert.Equal((2, 2), (world.Attempts[0], world.Attempts[1]));
    }

    [Fact]
    public void AReadThatFailedIsTriedAgain()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 30, ReadFailsAt = 10 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":10,\"MaxConcurrency\":10"));
        world.RunToEnd();
        Assert.Equal("States.ItemReaderFailed", world.Finished?.Error);
        world.ReadFailsAt = null;
        world.Redrive();
        world.RunToEnd();
        Assert.Equal(30, world.Children.Count);
        Assert.Equal(30, world.State.MapRun?.Items.Succeeded);
    }

    [Fact]
    public void AChildThatCannotBeRedrivenCountsAsFailed()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 3, EndOf = _ => MapRunChildEnds.Failed };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"MaxConcurrency\":1"));
        world.RunToEnd();
        world.EndOf = input => ((JsonNumber)input).ToDouble() == 0 ? MapRunChildEnds.NotRedrivable : null;
        world.Redrive();
        world.RunToEnd();
        Assert.Equal((ExecutionStatus.Failed, "States.ExceedToleratedFailureThreshold"), (world.Finished?.Status, world.Finished?.Error));
        Assert.Equal((1, 1, 2), (
            world.State.MapRun!.Executions.Failed, world.State.MapRun.Executions.FailuresNotRedrivable, world.State.MapRun.Items.Aborted));
    }

    [Fact]
    public void WhatIsKeptForARedriveDoesNotGrowWithItsItems()
    {
        int SizeOf(int items)
        {
            var world = new MapRunWorld(Plain, 5) { Readable = items, KillsOneIn = 7, EndOf = _ => MapRunChildEnds.Failed, MostFound = 20 };
            world.Start(MapRunWorld.Request($",\"Source\":{{}},\"Destination\":{{}},\"ItemsAtOnce\":10,\"MaxConcurrency\":10,\"ToleratedFailureCount\":{items}"));
            world.RunToEnd(most: items);
            world.Send(new StopRequested(Run.Epoch, null, null));
            world.Redrive();
            world.RunToEnd();
            return world.LargestState;
        }

        Assert.InRange(SizeOf(2_000), 1, SizeOf(200) * 1.2);
    }

    [Fact]
    public void WhatIsKeptForARedriveIsStored()
    {
        var world = new MapRunWorld(Plain, 5) { Readable = 30 };
        world.Start(MapRunWorld.Request(",\"Source\":{},\"ItemsAtOnce\":10,\"MaxConcurrency\":10"));
        world.RunToEnd(most: 12);
        world.Send(new StopRequested(Run.Epoch, null, null));
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, world.State);
        ExecutionState read = StateCodec.Read(bytes.WrittenSpan);
        Assert.Equal(world.State.MapRun, read.MapRun);
        Assert.Empty(read.OutstandingCommands());
        var again = new ArrayBufferWriter<byte>();
        StateCodec.Write(again, read);
        Assert.Equal(bytes.WrittenSpan, again.WrittenSpan);
    }

    private static void AssertAccounted(MapRunWorld world, int redrives)
    {
        MapRunProgress progress = Assert.IsType<MapRunProgress>(world.State.MapRun);
        Assert.Equal((0, 0), (progress.Executions.Running, progress.Executions.PendingRedrive));
        Assert.All(world.Attempts, child => Assert.InRange(child.Value, 1, redrives + 1));
        Assert.Equal(progress.Executions.Succeeded, progress.Items.Succeeded);
    }
}
