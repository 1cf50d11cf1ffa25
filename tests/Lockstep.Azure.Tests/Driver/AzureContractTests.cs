using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Driver;

public sealed class AzureExecutionDriverTests : ExecutionDriverContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureStateTests : StateContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureTaskTests : TaskContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureCallbackTests : CallbackContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureNestedExecutionTests : NestedExecutionContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureActivityTests : ActivityContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureHistoryTests : HistoryContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureExecutionListTests : ExecutionListContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureExecutionEventTests : ExecutionEventContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureExecutionChangesTests : ExecutionChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureRecordedStimuliTests(ITestOutputHelper output) : RecordedStimuliContract(output)
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}
