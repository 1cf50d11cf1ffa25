using System.Globalization;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Retention;
using Lockstep.Azure.Storage;
using Lockstep.Azure.Tenancy;
using Lockstep.Functions.Orchestrations;
using Lockstep.Functions.Sweeping;
using Lockstep.Functions.Tests.Fakes;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lockstep.Functions.Tests;

/// <summary>What the timers do in one run.</summary>
public sealed class TimerFunctionTests
{
    /// <summary>Steps that one tenant takes: of each partition the lists of executions and of parts of map runs, its revisions, and versions of machines that are gone.</summary>
    private const int StepsOfTenant = 18;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retention_takes_its_share_of_a_round_and_goes_on_there_the_next_time()
    {
        var cloud = new MemoryAzure();
        var tenants = new TableTenantStore(cloud.Tables, new StorageRetry(new StorageRetryOptions(), TimeProvider.System));
        const int Count = (RetentionFunction.MaxSteps / StepsOfTenant) + 1;
        for (int number = 1; number <= Count; number++)
        {
            Assert.True(TenantId.TryParse(number.ToString("D12", CultureInfo.InvariantCulture), out TenantId tenant));
            Assert.True(await tenants.EnsureAsync(tenant, Cancellation));
        }

        RetentionSweep sweep = SweepOf(cloud, tenants);
        await RunAsync(sweep);

        int left = 1;
        while (!(await sweep.StepAsync(Cancellation)).IsRoundDone)
        {
            left++;
        }

        Assert.Equal((Count * StepsOfTenant) - RetentionFunction.MaxSteps, left);
    }

    [Fact]
    public async Task Retention_ends_with_the_round()
    {
        var cloud = new MemoryAzure();
        var tenants = new TableTenantStore(cloud.Tables, new StorageRetry(new StorageRetryOptions(), TimeProvider.System));
        RetentionSweep sweep = SweepOf(cloud, tenants);

        await RunAsync(sweep);

        Assert.True((await sweep.StepAsync(Cancellation)).IsRoundDone);
    }

    private static Task RunAsync(RetentionSweep sweep) =>
        new RetentionFunction(sweep, new DurableOrchestrations(), NullLogger<RetentionFunction>.Instance).RunAsync(
            new TimerInfo(), new FakeDurableClient(), Cancellation);

    private static RetentionSweep SweepOf(MemoryAzure cloud, TableTenantStore tenants)
    {
        var retry = new StorageRetry(new StorageRetryOptions(), TimeProvider.System);
        var objects = new TableObjectStore(cloud.Tables, cloud.Blobs, retry, TimeProvider.System);
        return new RetentionSweep(cloud.Tables, cloud.Blobs, [objects], tenants, TimeProvider.System, new RetentionOptions(), (_, _) => { });
    }
}
