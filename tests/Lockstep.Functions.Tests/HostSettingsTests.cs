using System.Globalization;
using System.Text.Json;
using Lockstep.Functions.Orchestrations;
using Lockstep.TestKit;

namespace Lockstep.Functions.Tests;

/// <summary>host.json is read by the platform, which does not know what this code takes for granted.</summary>
public sealed class HostSettingsTests
{
    private static readonly JsonElement Settings = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("host.json"))).RootElement;

    private static JsonElement Durable => Settings.GetProperty("extensions").GetProperty("durableTask");

    private static JsonElement ServiceBus => Settings.GetProperty("extensions").GetProperty("serviceBus");

    [Fact]
    public void The_app_carries_the_root_s_host_json() =>
        Assert.Equal(File.ReadAllText(Repository.PathOf("host.json")), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public void Paths_are_those_of_the_api() => Assert.Equal("", Settings.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void Orchestrations_have_the_version_of_the_interpreter_and_newer_ones_are_left_alone()
    {
        Assert.Equal(DurableOrchestrations.CurrentVersion, Durable.GetProperty("defaultVersion").GetString());
        Assert.Equal("CurrentOrOlder", Durable.GetProperty("versionMatchStrategy").GetString());
        Assert.Equal("Reject", Durable.GetProperty("versionFailureStrategy").GetString());
    }

    [Fact]
    public void Version_has_two_parts_so_that_it_compares_by_number() => Assert.True(Version.TryParse(DurableOrchestrations.CurrentVersion, out _));

    [Fact]
    public void No_payload_reaches_telemetry() => Assert.False(Durable.GetProperty("tracing").GetProperty("traceInputsAndOutputs").GetBoolean());

    [Fact]
    public void Orchestrations_do_not_stay_in_memory() => Assert.False(Durable.GetProperty("extendedSessionsEnabled").GetBoolean());

    [Fact]
    public void A_message_stays_locked_for_as_long_as_a_function_may_run() =>
        Assert.True(TimeOf(ServiceBus.GetProperty("maxAutoLockRenewalDuration")) >= TimeOf(Settings.GetProperty("functionTimeout")));

    [Fact]
    public void A_function_may_run_longer_than_the_longest_call() =>
        Assert.True(TimeOf(Settings.GetProperty("functionTimeout")) > new Lockstep.Targets.TargetOptions().FunctionTimeout);

    [Fact]
    public void Nothing_waits_in_a_worker_that_could_die() => Assert.Equal(0, ServiceBus.GetProperty("prefetchCount").GetInt32());

    private static TimeSpan TimeOf(JsonElement value) => TimeSpan.Parse(value.GetString() ?? "", CultureInfo.InvariantCulture);
}
