using Lockstep.Azure.Ports;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>What the contract of state machines leaves to the store over tables: sizes, repetition, races, and what is left behind.</summary>
public sealed class MachineStoreTests
{
    private static readonly TenantId Tenant = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;
    private static readonly StorageRetry Once = new(new StorageRetryOptions { MaxAttempts = 1 }, new ManualTime());

    [Theory]
    [InlineData(MachineRows.MaxInlineBytes, false)]
    [InlineData(MachineRows.MaxInlineBytes + 1, true)]
    public async Task Definition_is_a_blob_of_its_tenant_when_it_is_too_large_for_a_row(int bytes, bool isBlob)
    {
        var azure = new MemoryAzure();
        StateMachineRecord machine = New("m\u00e9 m", "r1", bytes);
        Assert.True((await Stores.Machines(azure).CreateAsync(machine, CancellationToken.None)).Succeeded);

        StateMachineRecord? read = await Stores.Machines(azure).FindAsync(Tenant, machine.Name, CancellationToken.None);

        Assert.Equal(machine.Definition, read?.Definition);
        Assert.Equal(isBlob ? ["000000000001/m/m~00E9~0020m/r1"] : [], azure.Blobs.Names);
        Assert.DoesNotContain(azure.Tables.All(TableName.Machines), row => row.Key.Row.StartsWith("o|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revision_out_of_force_is_noted_by_update_and_delete_and_by_a_blob_whose_machine_never_came()
    {
        var azure = new MemoryAzure();
        IStateMachineStore store = Stores.Machines(azure);
        await store.CreateAsync(New("m", "r1", 100), CancellationToken.None);
        await store.UpdateAsync(New("m", "r2", 100_000), "r1", CancellationToken.None);
        await store.CreateAsync(New("m", "r3", 100_000), CancellationToken.None);
        Assert.Equal(["o|m|r1", "o|m|r3"], RowsOf(azure, "o|"));

        await store.DeleteAsync(Tenant, "m", "r2", CancellationToken.None);

        Assert.Equal(["o|m|r1", "o|m|r2", "o|m|r3"], RowsOf(azure, "o|"));
        Assert.Equal(["r|m|r1", "r|m|r2"], RowsOf(azure, "r|"));
        Assert.Empty(RowsOf(azure, "m|"));
    }

    [Fact]
    public async Task Largest_tags_and_role_fit()
    {
        var azure = new MemoryAzure();
        StateMachineRecord machine = New("m", "r1", 100) with
        {
            RoleArn = "arn:" + new string('\u4e2d', 2_044),
            Tags = Enumerable.Range(0, 50).ToDictionary(number => $"{number:000}" + new string('\u4e2d', 125), _ => new string('\u4e2d', 256)),
        };

        Assert.True((await Stores.Machines(azure).CreateAsync(machine, CancellationToken.None)).Succeeded);

        StateMachineRecord? read = await Stores.Machines(azure).FindAsync(Tenant, "m", CancellationToken.None);
        Assert.Equal(machine.RoleArn, read?.RoleArn);
        Assert.Equal(machine.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal), read?.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Newest_revision_is_seen_at_once_although_revisions_are_kept_in_memory()
    {
        var azure = new MemoryAzure();
        IStateMachineStore one = Stores.Machines(azure);
        IStateMachineStore other = Stores.Machines(azure);
        await one.CreateAsync(New("m", "r1", 100), CancellationToken.None);
        await other.FindAsync(Tenant, "m", CancellationToken.None);

        await one.UpdateAsync(New("m", "r2", 100), null, CancellationToken.None);

        Assert.Equal("r2", (await other.FindAsync(Tenant, "m", CancellationToken.None))?.RevisionId);
    }

    /// <summary>A caller that repeats a call after every failure gets where it wanted, whichever call failed and how; and the count is right.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task Change_that_is_interrupted_at_any_call_and_repeated_is_made_once(int bytes)
    {
        for (int call = 1; call <= 30; call++)
        {
            foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
            {
                var azure = new MemoryAzure();
                var store = new TableStateMachineStore(azure.Tables, azure.Blobs, Once, new ManualTime());
                azure.Faults = Faults.Once(call, fault);
                string at = $"call {call}, {fault}";

                Assert.True((await RepeatAsync(() => store.CreateAsync(New("m", "r1", bytes), CancellationToken.None))).Succeeded, at);
                Assert.True((await RepeatAsync(() => store.UpdateAsync(New("m", "r2", bytes), "r1", CancellationToken.None))).Succeeded, at);
                Assert.True((await RepeatAsync(() => store.UpdateAsync(New("m", "r3", bytes), null, CancellationToken.None))).Succeeded, at);
                Assert.True((await RepeatAsync(() => store.FindAsync(Tenant, "m", CancellationToken.None)))?.RevisionId == "r3", at);
                Assert.True(await RepeatAsync(() => store.CountAsync(Tenant, CancellationToken.None)) == 1, at);
                await RepeatAsync(() => store.DeleteAsync(Tenant, "m", "r3", CancellationToken.None));

                azure.Faults = Faults.None;
                Assert.True(await store.FindAsync(Tenant, "m", CancellationToken.None) is null, at);
                Assert.True(await store.CountAsync(Tenant, CancellationToken.None) == 0, at);
                Assert.True(RowsOf(azure, "r|").SequenceEqual(["r|m|r1", "r|m|r2", "r|m|r3"]), at);
                Assert.True(RowsOf(azure, "o|").SequenceEqual(["o|m|r1", "o|m|r2", "o|m|r3"]), at);
                Assert.Empty(azure.Blobs.Rewritten);
            }
        }
    }

    [Fact]
    public async Task Update_that_meets_another_between_its_look_and_its_write_sees_it()
    {
        var azure = new MemoryAzure();
        IStateMachineStore store = Stores.Machines(azure);
        await store.CreateAsync(New("m", "r1", 100), CancellationToken.None);
        bool met = false;
        azure.Before = async operation =>
        {
            if (!met && operation.Kind == StorageOperationKind.TableWrite)
            {
                met = true;
                await Stores.Machines(azure).UpdateAsync(New("m", "other", 100), "r1", CancellationToken.None);
            }
        };

        Result<StateMachineRecord> updated = await store.UpdateAsync(New("m", "r2", 100), "r1", CancellationToken.None);

        Assert.Equal(ErrorCodes.PreconditionFailed, updated.Error?.Code);
        Assert.Equal("other", (await store.FindAsync(Tenant, "m", CancellationToken.None))?.RevisionId);
    }

    [Fact]
    public async Task Machines_created_at_once_are_all_counted()
    {
        var azure = new MemoryAzure(new Faults(5));
        IStateMachineStore store = Stores.Machines(azure);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(
            async () => Assert.True((await store.CreateAsync(New($"m{number}", $"r{number}", 100), CancellationToken.None)).Succeeded))));

        Assert.Equal(20, await store.CountAsync(Tenant, CancellationToken.None));
    }

    [Fact]
    public async Task Name_that_no_machine_can_have_is_not_found()
    {
        IStateMachineStore store = Stores.Machines(new MemoryAzure());

        foreach (string name in (string[])["a/b", "a|b", "a#?\\", "\n", "\ud83d", new string('n', 1_000), ""])
        {
            Assert.Null(await store.FindAsync(Tenant, name, CancellationToken.None));
            Assert.Null(await store.FindRevisionAsync(Tenant, name, name, CancellationToken.None));
        }
    }

    private static async Task<T> RepeatAsync<T>(Func<ValueTask<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StorageUnavailableException)
            {
                // Exactly what a caller does that was told 503.
            }
        }
    }

    private static IEnumerable<string> RowsOf(MemoryAzure azure, string prefix) =>
        azure.Tables.All(TableName.Machines).Select(row => row.Key.Row).Where(row => row.StartsWith(prefix, StringComparison.Ordinal));

    private static StateMachineRecord New(string name, string revision, int bytes) => new(
        Tenant, name, revision, $$"""{"Comment":"{{revision}}","States":"{{new string('s', bytes - 26 - revision.Length)}}"}""", "role", WorkflowType.Express,
        new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
}
