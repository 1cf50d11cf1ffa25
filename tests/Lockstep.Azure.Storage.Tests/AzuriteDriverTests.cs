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

public sealed class AzuriteRecordedStimuliTests(Azurite azurite, ITestOutputHelper output) : RecordedStimuliContract(output)
{
    // Tables in memory have them all; here each request is a call over HTTP.
    protected override int OneOf => 5;

    protected override Task<IDriverHarness> OpenAsync() => azurite.NewPlatformAsync();
}
