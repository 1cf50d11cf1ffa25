using Lockstep.Azure.Ports;
using Lockstep.Service.Errors;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Fakes;

/// <summary>The faults of the fakes really happen, in the way they say, and the counts count.</summary>
public sealed class FaultTests
{
    private static readonly Entity Row = new(new EntityKey("000000000001|p", "r"));

    [Theory]
    [InlineData(Fault.BeforeEffect, false)]
    [InlineData(Fault.AnswerLost, true)]
    public async Task Planned_fault_throws_once_with_or_without_the_effect(Fault fault, bool hasEffect)
    {
        var azure = new MemoryAzure(Faults.Once(2, fault));
        ITable table = azure.Tables[TableName.Machines];

        Assert.Null(await table.FindAsync(Row.Key, CancellationToken.None));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await table.WriteAsync([new InsertEntity(Row)], CancellationToken.None));

        Assert.Equal(hasEffect, await table.FindAsync(Row.Key, CancellationToken.None) is not null);
        Assert.Equal((1, 3), (azure.Faults.Injected, azure.Faults.Calls));
    }

    [Fact]
    public async Task Write_that_is_sent_twice_is_made_and_refused_because_of_itself()
    {
        var azure = new MemoryAzure(Faults.Once(1, Fault.SentTwice));
        ITable table = azure.Tables[TableName.Machines];

        Assert.Equal(WriteRefusal.Exists, (await table.WriteAsync([new InsertEntity(Row)], CancellationToken.None)).Refusal);
        Assert.NotNull(await table.FindAsync(Row.Key, CancellationToken.None));
    }

    [Fact]
    public async Task Same_seed_gives_the_same_faults_another_seed_others_and_none_too_many_in_a_row()
    {
        string first = await OutcomesAsync(1);

        Assert.Equal(first, await OutcomesAsync(1));
        Assert.NotEqual(first, await OutcomesAsync(2));
        Assert.DoesNotContain("xxxx", first, StringComparison.Ordinal);
        Assert.Contains("xx", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_are_counted_by_kind_and_place_failed_ones_included()
    {
        var azure = new MemoryAzure(Faults.Once(1, Fault.BeforeEffect));
        ITable table = azure.Tables[TableName.Machines];
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await table.FindAsync(Row.Key, CancellationToken.None));
        await table.FindAsync(Row.Key, CancellationToken.None);
        await table.WriteAsync([new PutEntity(Row), new PutEntity(Row with { Key = Row.Key with { Row = "s" } })], CancellationToken.None);
        await azure.Tables[TableName.Events].QueryAsync(new EntityRange("p", "", "~"), 10, null, CancellationToken.None);
        await azure.Blobs.PutAsync("a", new byte[1], CancellationToken.None);

        Assert.Equal(
            ["BlobPut blobs=1", "TableFind Machines=2", "TableQuery Events=1", "TableWrite Machines=1"],
            azure.Counts.Snapshot().Select(count => $"{count.Key}={count.Value}"));
        Assert.Equal((5, 2, 0), (azure.Counts.Total, azure.Counts.Of(StorageOperationKind.TableFind), azure.Counts.Of(StorageOperationKind.TableFind, "Events")));
        azure.Counts.Reset();
        Assert.Equal(0, azure.Counts.Total);
    }

    [Fact]
    public async Task Test_may_slip_a_write_in_before_a_call()
    {
        var azure = new MemoryAzure();
        ITable table = azure.Tables[TableName.Machines];
        azure.Before = async operation =>
        {
            if (operation.Kind == StorageOperationKind.TableWrite)
            {
                await table.WriteAsync([new InsertEntity(Row)], CancellationToken.None);
            }
        };

        Assert.Equal(WriteRefusal.Exists, (await table.WriteAsync([new InsertEntity(Row)], CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Blob_that_changes_its_content_is_noticed()
    {
        var azure = new MemoryAzure();
        await azure.Blobs.PutAsync("a", new byte[] { 1 }, CancellationToken.None);
        await azure.Blobs.PutAsync("a", new byte[] { 1 }, CancellationToken.None);
        Assert.Empty(azure.Blobs.Rewritten);

        await azure.Blobs.PutAsync("a", new byte[] { 2 }, CancellationToken.None);
        Assert.Equal(["a"], azure.Blobs.Rewritten);
    }

    private static async Task<string> OutcomesAsync(int seed)
    {
        ITable table = new MemoryAzure(new Faults(seed) { BeforeEffectRate = 0.3, AnswerLostRate = 0.3 }).Tables[TableName.Machines];
        char[] outcomes = new char[100];
        for (int i = 0; i < outcomes.Length; i++)
        {
            try
            {
                await table.FindAsync(Row.Key, CancellationToken.None);
                outcomes[i] = '.';
            }
            catch (StorageUnavailableException)
            {
                outcomes[i] = 'x';
            }
        }

        return new string(outcomes);
    }
}
