using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Telemetry;

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

public sealed class AzureMapRunTests : MapRunContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureMapRunRedriveTests : MapRunRedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureMapRunReadingTests : MapRunReadingContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureQualifiedStartTests : QualifiedStartContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureRetentionTests : RetentionContract
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

public sealed class AzureTelemetryTests : TelemetryContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();

    [Fact]
    public async Task Replays_and_repeated_activities_tell_nothing_twice_but_the_calls_that_were_made_twice()
    {
        int repeated = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            await using IDriverHarness harness = await AzureDriverHarness.OpenAsync(
                new DurableFaults { Seed = seed, RunsTwice = 0.3, FailsBeforeEffect = 0.1, FailsAfterEffect = 0.2, Delays = 0.4, Batches = 0.3 });
            using var recorder = TelemetryRecorder.Of(harness.Telemetry);
            AssertCounts(recorder, await RunEverythingAsync(harness, recorder));

            // A call that is made again tells of itself again, under the id that it had.
            int calls = recorder.Spans.Count(span => span.DisplayName.StartsWith("call", StringComparison.Ordinal));
            Assert.Equal(harness.Targets.Calls.Count, calls);
            Assert.Equal(calls, recorder.Measurements.Count(item => item.Name == TelemetryNames.CallDuration.Name));
            repeated += calls - harness.Targets.Calls.Select(call => call.Task).Distinct().Count();
        }

        Assert.True(repeated > 0, "No call was repeated: the faults have missed what this test is about.");
    }
}

public sealed class AzureCrashTests : CrashContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureLoggingTests : LoggingContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureStatusChangeTests : StatusChangeContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureRedriveTests : RedriveContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}

public sealed class AzureRedriveChangesTests : RedriveChangesContract
{
    protected override Task<IDriverHarness> OpenAsync() => AzureDriverHarness.OpenAsync();
}
