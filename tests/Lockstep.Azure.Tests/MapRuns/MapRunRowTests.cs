using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Tests.Fakes;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.MapRuns;

/// <summary>What becomes of the rows of map runs and their children.</summary>
public sealed class MapRunRowTests
{
    [Fact]
    public async Task Of_two_changes_at_once_neither_gets_lost()
    {
        var azure = new MemoryAzure();
        var tables = new InterruptedTables(azure.Tables);
        await using IDriverHarness harness = await AzureDriverHarness.OpenAsync(tables: tables, blobs: azure.Blobs);
        harness.ServeMapRuns();
        ExecutionKey key = await harness.RunAsync(Map(Machines.Wait), """[{"seconds":100},{"seconds":100}]""");
        await harness.RunUntilIdleAsync();
        MapRunRecord run = await harness.TheRunAsync(key);
        Result<MapRunRecord>? overtaking = null;
        tables.Interrupt(
            LedgerKeys.Update,
            async () => overtaking = await harness.Runs().UpdateAsync(run.Key, new MapRunChange(null, 2, null), CancellationToken.None));

        Result<MapRunRecord> overtaken = await harness.Runs().UpdateAsync(run.Key, new MapRunChange(3, null, null), CancellationToken.None);

        Assert.True(overtaking?.Succeeded);
        Assert.True(overtaken.Succeeded);
        Assert.Equal(new MapRunSettings(3, 2, null), (await harness.TheRunAsync(key)).Progress.Settings);
    }

    [Fact]
    public async Task Retention_leaves_nothing_of_a_map_run_and_its_children()
    {
        var azure = new MemoryAzure();
        await using IDriverHarness harness = await AzureDriverHarness.OpenAsync(tables: azure.Tables, blobs: azure.Blobs);
        await harness.Ports.Tenants.CreateAsync(new TenantRecord(HarnessSteps.Anna, null, harness.Time.GetUtcNow()), CancellationToken.None);
        harness.ServeMapRuns();
        Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> answer = harness.Targets.Answer;
        bool isBroken = true;
        harness.Targets.Answer = async (call, cancellation) =>
            call.Resource.Action == "f" && call.Parameters.ToString() == "2" && isBroken ? new TaskRefused("E", "C") : await answer(call, cancellation);
        ExecutionKey key = await harness.RunAsync(Map(Machines.Tasks(1)), "[1,2,3]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        isBroken = false;
        await harness.RedriveAsync(key);
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        Assert.Contains(azure.Tables.All(TableName.Executions), row => row.Key.Row.StartsWith("e|", StringComparison.Ordinal));

        await harness.AdvanceAsync(TimeSpan.FromDays(91));
        await harness.ExpireAsync();
        await harness.ExpireAsync();

        Assert.Empty(azure.Tables.All(TableName.Executions).Select(row => $"{row.Key}"));
        Assert.All(azure.Tables.All(TableName.Listings), row => Assert.Equal("n", row.Key.Row));
    }

    private static string Map(string processor) => $$"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"l","End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},{{processor.Trim()[1..]}} } }
        }
        """;
}
