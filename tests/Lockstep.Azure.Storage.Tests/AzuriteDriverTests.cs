using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Storage.Tests;

public sealed class AzuriteExecutionDriverTests(Azurite azurite) : ExecutionDriverContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteStateTests(Azurite azurite) : StateContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteTaskTests(Azurite azurite) : TaskContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteCallbackTests(Azurite azurite) : CallbackContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteNestedExecutionTests(Azurite azurite) : NestedExecutionContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteMapRunTests(Azurite azurite) : MapRunContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteMapRunRedriveTests(Azurite azurite) : MapRunRedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteMapRunReadingTests(Azurite azurite) : MapRunReadingContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteQualifiedStartTests(Azurite azurite) : QualifiedStartContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteActivityTests(Azurite azurite) : ActivityContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteHistoryTests(Azurite azurite) : HistoryContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteExecutionListTests(Azurite azurite) : ExecutionListContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteExecutionEventTests(Azurite azurite) : ExecutionEventContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteExecutionChangesTests(Azurite azurite) : ExecutionChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteLoggingTests(Azurite azurite) : LoggingContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteStatusChangeTests(Azurite azurite) : StatusChangeContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteRedriveTests(Azurite azurite) : RedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteRedriveChangesTests(Azurite azurite) : RedriveChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteRetentionTests(Azurite azurite) : RetentionContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteTelemetryTests(Azurite azurite) : TelemetryContract
{
    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class AzuriteRecordedStimuliTests(Azurite azurite, ITestOutputHelper output) : RecordedStimuliContract(output)
{
    // Tables in memory have them all; here each request is a call over HTTP.
    protected override int OneOf => 5;

    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}

public sealed class EveryContractTests
{
    [Fact]
    public void Every_contract_of_the_driver_runs_over_the_emulator()
    {
        // A crash takes the process and leaves storage alone, whichever that is.
        IEnumerable<Type> contracts = typeof(HarnessContract).Assembly.GetTypes()
            .Where(type => type.BaseType == typeof(HarnessContract) && type != typeof(CrashContract));

        Assert.Equal(
            contracts.Select(type => type.Name).Order(StringComparer.Ordinal),
            typeof(EveryContractTests).Assembly.GetTypes().Select(type => type.BaseType).Where(type => type?.BaseType == typeof(HarnessContract))
                .Select(type => type?.Name).Order(StringComparer.Ordinal));
    }
}
