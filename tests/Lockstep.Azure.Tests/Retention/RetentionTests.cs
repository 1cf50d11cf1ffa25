using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Retention;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Retention;

public sealed class RetentionTests
{
    private const int Events = 6;

    [Fact]
    public async Task What_ended_long_ago_goes_whole_and_what_is_still_needed_stays_whole()
    {
        RetentionWorld world = await RetentionWorld.CreateAsync();
        string[] before = [.. world.Everything()];

        // Whether a child is looked at before or after its parent is chance, so it takes one round or two.
        (int executions, int revisions) = await world.RunRoundAsync();
        (int more, int moreRevisions) = await world.RunRoundAsync();

        Assert.Equal((4, 4), (executions + more, revisions + moreRevisions));
        Assert.Equal((0, 0), await world.RunRoundAsync());
        Assert.Empty(world.Warnings);
        string[] gone = [.. before.Except(world.Everything())];
        Assert.Contains(gone, name => name.StartsWith("000000000001/x/m:gone/", StringComparison.Ordinal));
        foreach (string name in (string[])["m:gone", "m:parent", "m:child-of-gone"])
        {
            Assert.Null(await world.Ledger.Reader.FindAsync(new ExecutionKey(Tenant(), name), CancellationToken.None));
            Assert.DoesNotContain(world.Everything(), row => row.Contains(name, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(world.Everything(), row => row.Contains(" 000000000002|", StringComparison.Ordinal) && !row.EndsWith(" n", StringComparison.Ordinal));
        await AssertKeptAsync(world);
        Assert.Equal(
            ["c", "m|e", "m|m", "m|n", "o|e|r1", "o|m|r1", "r|e|r1", "r|e|r2", "r|m|r1", "r|m|r2", "r|n|r3"],
            world.Azure.Tables.All(TableName.Machines).Select(row => row.Key.Row));
        Assert.Equal(["000000000001/m/n/r3"], world.Azure.Blobs.Names.Where(name => name.Contains("/m/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Round_that_is_cut_off_at_any_call_is_taken_up_and_leaves_the_same()
    {
        RetentionWorld calm = await RetentionWorld.CreateAsync();
        await calm.RunRoundAsync();
        await calm.RunRoundAsync();
        IReadOnlyList<string> expected = calm.Everything();

        foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
        {
            int call = 0;
            int injected;
            do
            {
                RetentionWorld world = await RetentionWorld.CreateAsync();
                world.Azure.Faults = Faults.Once(++call, fault);
                await world.RunRoundAsync();
                injected = world.Azure.Faults.Injected;
                world.Azure.Faults = Faults.None;
                await world.RunRoundAsync();

                Assert.True(expected.SequenceEqual(world.Everything()), $"call {call}, {fault}: {string.Join(", ", world.Everything().Except(expected))}");
                Assert.Empty(world.Warnings);
            }
            while (injected > 0);
            Assert.InRange(call, 50, 2_000);
        }
    }

    [Fact]
    public async Task Revision_that_is_chosen_at_any_moment_of_its_removal_is_kept_whole_or_refused()
    {
        int kept = 0;
        int refused = 0;
        for (int moment = 1, calls = moment; calls >= moment; moment++)
        {
            RetentionWorld world = await RetentionWorld.CreateAsync();
            calls = 0;
            bool isKept = false;
            world.Azure.Before = async operation =>
            {
                // Other tables have nothing to do with it.
                if (operation.Place is nameof(TableName.Machines) or "blobs" && ++calls == moment)
                {
                    isKept = await world.Machines(Noon.AddDays(100)).KeepRevisionAsync(Tenant(), "n", "r1", CancellationToken.None) is not null;
                }
            };
            await world.RunRoundAsync();
            world.Azure.Before = null;
            await world.RunRoundAsync();

            StateMachineRecord? found = await world.Machines(Noon).FindRevisionAsync(Tenant(), "n", "r1", CancellationToken.None);
            Assert.Equal(isKept ? 40_000 : null, found?.Definition.Length);
            Assert.Empty(world.Warnings);
            kept += isKept ? 1 : 0;
            refused += isKept ? 0 : 1;
        }

        Assert.InRange(kept, 10, 1_000);
        Assert.InRange(refused, 3, 1_000);
    }

    /// <summary>While an execution is removed nobody sees half of it, and its name is taken until it is gone; what gets the name then is left alone.</summary>
    [Fact]
    public async Task Execution_is_seen_whole_or_not_at_all_and_its_name_is_given_away_only_when_it_is_gone()
    {
        RetentionWorld world = await RetentionWorld.CreateAsync();
        ExecutionKey key = Key("gone");
        NewExecution again = New(key, started: Noon.AddDays(99), seed: 8);
        bool isCreated = false;
        world.Azure.Before = async _ =>
        {
            bool isWhole = await world.IsWholeAsync(key, isCreated ? 0 : Events);
            bool isSeen = await world.Ledger.Reader.FindAsync(key, CancellationToken.None) is not null;
            Assert.Equal(isSeen, isWhole);
            if (!isSeen)
            {
                try
                {
                    isCreated |= await world.Ledger.Ledger.CreateAsync(again, CancellationToken.None) is Created;
                }
                catch (StorageUnavailableException)
                {
                    // The name is not free yet.
                }
            }
        };

        await world.RunRoundAsync();
        await world.RunRoundAsync();

        Assert.True(isCreated);
        Assert.Empty(world.Warnings);
        Assert.Equal(Noon.AddDays(99), (await world.Ledger.Reader.FindAsync(key, CancellationToken.None))?.StartedAt);
        Assert.True(await world.IsWholeAsync(key, 0));
        Assert.Equal(2, await world.Ledger.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
    }

    [Fact]
    public async Task Execution_that_cannot_be_removed_does_not_keep_others()
    {
        RetentionWorld world = await RetentionWorld.CreateAsync();
        foreach (string blob in world.Azure.Blobs.Names.Where(name => name.StartsWith("000000000001/x/m:gone/start", StringComparison.Ordinal)))
        {
            await world.Azure.Blobs.DeleteAsync(blob, CancellationToken.None);
        }

        await world.RunRoundAsync();

        Assert.Contains("is gone", Assert.Single(world.Warnings), StringComparison.Ordinal);
        Assert.Contains(world.Everything(), row => row.EndsWith("000000000001|m:gone a|head", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Everything(), row => row.EndsWith("000000000002|m:gone a|head", StringComparison.Ordinal));
    }

    [Fact]
    public void Age_is_at_least_a_day_and_a_step_looks_at_1_to_1000_rows()
    {
        Assert.Equal((TimeSpan.FromDays(90), 100), (new RetentionOptions().MaxAge, new RetentionOptions().MaxRows));
        Assert.Equal(TimeSpan.FromDays(1), new RetentionOptions { MaxAge = TimeSpan.FromDays(1) }.MaxAge);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionOptions { MaxAge = TimeSpan.FromDays(1) - TimeSpan.FromTicks(1) });
        Assert.Equal((1, 1_000), (new RetentionOptions { MaxRows = 1 }.MaxRows, new RetentionOptions { MaxRows = 1_000 }.MaxRows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionOptions { MaxRows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionOptions { MaxRows = 1_001 });
    }

    private static async Task AssertKeptAsync(RetentionWorld world)
    {
        foreach (string name in (string[])["recent", "unpublished", "running", "child-of-running"])
        {
            Assert.True(await world.IsWholeAsync(Key(name), Events), name);
        }

        Assert.NotNull(await world.Machines(Noon).FindRevisionAsync(Tenant(), "m", "r1", CancellationToken.None));
        Assert.Equal(1, await world.Ledger.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
    }
}
