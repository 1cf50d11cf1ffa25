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

public sealed class EmbeddedNestedExecutionTests : NestedExecutionContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedMapRunTests : MapRunContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedMapRunRedriveTests : MapRunRedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedMapRunReadingTests : MapRunReadingContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedQualifiedStartTests : QualifiedStartContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedRetentionTests : RetentionContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedActivityTests : ActivityContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedHistoryTests : HistoryContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedExecutionListTests : ExecutionListContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedExecutionEventTests : ExecutionEventContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedExecutionChangesTests : ExecutionChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedCrashTests : CrashContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedRecordedStimuliTests(ITestOutputHelper output) : RecordedStimuliContract(output)
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedTelemetryTests : TelemetryContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedLoggingTests : LoggingContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedStatusChangeTests : StatusChangeContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedRedriveTests : RedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}

public sealed class EmbeddedRedriveChangesTests : RedriveChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => EmbeddedHarness.OpenAsync();
}
