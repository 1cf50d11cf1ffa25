using Lockstep.Azure.Ledger;
using Lockstep.Azure.Tests.Fakes;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Recovery;

/// <summary>A redrive that another one overtakes between its looks at the rows of an execution.</summary>
public sealed class OvertakenRedriveTests
{
    [Fact]
    public async Task A_redrive_that_another_one_overtakes_is_refused_and_changes_nothing()
    {
        var azure = new MemoryAzure();
        var tables = new InterruptedTables(azure.Tables);
        await using IDriverHarness harness = await AzureDriverHarness.OpenAsync(tables: tables, blobs: azure.Blobs);
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.StopAsync(key);
        Result<RedriveOutcome>? first = null;
        tables.Interrupt(LedgerKeys.End, async () => first = await harness.TryRedriveAsync(key));

        Result<RedriveOutcome> overtaken = await harness.TryRedriveAsync(key);

        Assert.True(first?.Succeeded);
        Assert.Equal(ErrorCodes.ExecutionNotRedrivable, overtaken.Error?.Code);
        Assert.Equal(1, (await harness.DescribeAsync(key)).RedriveCount);
    }
}
