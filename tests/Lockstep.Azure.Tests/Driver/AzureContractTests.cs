using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Driver;

public sealed class AzureTaskTests : TaskContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}
