using System.Globalization;
using System.Text.Json;
using Lockstep.Engine;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>What of host.json has to follow the code. These tests need no package of the Functions worker, so they run everywhere.</summary>
public sealed class HostFileTests
{
    private static JsonElement Durable => JsonDocument.Parse(File.ReadAllText(Repository.PathOf("host.json"))).RootElement
        .GetProperty("extensions").GetProperty("durableTask");

    /// <summary>With an older version, instances of the release before would take up what this one begins, and decide it otherwise.</summary>
    [Fact]
    public void Orchestrations_have_the_revision_of_the_interpreter_as_their_version() => Assert.Equal(
        string.Create(CultureInfo.InvariantCulture, $"{Interpreter.CurrentRevision}.0"), Durable.GetProperty("defaultVersion").GetString());

    [Fact]
    public void Orchestrations_of_a_newer_release_are_left_alone_and_not_failed()
    {
        Assert.Equal("CurrentOrOlder", Durable.GetProperty("versionMatchStrategy").GetString());
        Assert.Equal("Reject", Durable.GetProperty("versionFailureStrategy").GetString());
    }
}
