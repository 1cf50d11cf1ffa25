using System.Globalization;
using System.Reflection;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Driver;

/// <summary>
/// The contracts of the driver, of tasks, callbacks, activities, events, map runs and their redrives hold while storage, bus and Durable runtime fail behind the backs of clients: answers get lost,
/// writes are sent twice, pages come short, activities run twice, messages come late, twice, out of order or never.
/// </summary>
/// <remarks>LOCKSTEP_FAULT_SEEDS says with how many seeds; unset, with three.</remarks>
public sealed class StorageFaultTests
{
    private const int DefaultSeeds = 3;

    private static readonly Dictionary<string, Func<int, HarnessContract>> _contracts = new(StringComparer.Ordinal)
    {
        ["driver"] = seed => new FaultyDriver(seed),
        ["task"] = seed => new FaultyTasks(seed),
        ["callback"] = seed => new FaultyCallbacks(seed),
        ["activity"] = seed => new FaultyActivities(seed),
        ["event"] = seed => new FaultyEvents(seed),
        ["map run"] = seed => new FaultyMapRuns(seed),
        ["map run redrive"] = seed => new FaultyMapRunRedrives(seed),
    };

    public static TheoryData<string, string> Tests
    {
        get
        {
            var tests = new TheoryData<string, string>();
            foreach ((string contract, Func<int, HarnessContract> open) in _contracts)
            {
                foreach (string name in MethodsOf(open(0)).Select(method => method.Name))
                {
                    tests.Add(contract, name);
                }
            }

            return tests;
        }
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Contract_holds_under_faults(string contract, string test)
    {
        int seeds = int.Parse(Environment.GetEnvironmentVariable("LOCKSTEP_FAULT_SEEDS") ?? $"{DefaultSeeds}", CultureInfo.InvariantCulture);
        for (int seed = 1; seed <= seeds; seed++)
        {
            HarnessContract faulty = _contracts[contract](seed);
            MethodInfo method = MethodsOf(faulty).Single(method => method.Name == test);
            foreach (object?[] arguments in ArgumentsOf(method))
            {
                try
                {
                    await ((Task?)method.Invoke(faulty, arguments) ?? Task.CompletedTask);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    Assert.Fail($"Seed {seed}: {(failure is TargetInvocationException { InnerException: { } inner } ? inner : failure)}");
                }
            }
        }
    }

    private static IEnumerable<MethodInfo> MethodsOf(HarnessContract contract) =>
        contract.GetType().GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null);

    private static IEnumerable<object?[]> ArgumentsOf(MethodInfo method) => method.GetCustomAttribute<TheoryAttribute>() is null
        ? [[]]
        : method.GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data);

    private static async Task<IDriverHarness> OpenAsync(int seed)
    {
        IDriverHarness harness = await AzureDriverHarness.OpenAsync(
            new DurableFaults
            {
                Seed = seed,
                RunsTwice = 0.15,
                FailsBeforeEffect = 0.1,
                FailsAfterEffect = 0.1,
                DuplicatesWake = 0.2,
                Batches = 0.3,
            },
            faultSeed: seed);

        // The recovery finds executions by their tenant.
        await harness.Ports.Tenants.CreateAsync(new TenantRecord(HarnessSteps.Anna, null, harness.Time.GetUtcNow()), CancellationToken.None);
        return harness;
    }

    private sealed class FaultyDriver(int seed) : ExecutionDriverContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyTasks(int seed) : TaskContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyCallbacks(int seed) : CallbackContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyActivities(int seed) : ActivityContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyEvents(int seed) : ExecutionEventContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyMapRuns(int seed) : MapRunContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }

    private sealed class FaultyMapRunRedrives(int seed) : MapRunRedriveContract
    {
        protected override Task<IDriverHarness> OpenAsync() => StorageFaultTests.OpenAsync(seed);
    }
}
