using Lockstep.Embedded.Tests.Support;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

public sealed class EmbeddedExecutionDriverTests : ExecutionDriverContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedStateTests : StateContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedTaskTests : TaskContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedCallbackTests : CallbackContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedActivityTests : ActivityContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}
