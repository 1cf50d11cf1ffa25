using System.Globalization;
using Lockstep.Azure.Hosting;
using Lockstep.Service.Errors;
using Lockstep.TestKit;

namespace Lockstep.Azure.Tests.Hosting;

/// <summary>What can be set of running on Azure: each number within its range, named when it is not, and listed on the page that operators read.</summary>
public sealed class AzureSettingsTests
{
    public static TheoryData<string> Names => [.. AzureSettings.Limits.Select(limit => limit.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_is_taken_at_both_ends_of_its_range_and_refused_beyond(string name)
    {
        AzureLimit limit = AzureSettings.Limits.Single(limit => limit.Name == name);

        Assert.True(Read(limit, limit.Minimum).Succeeded);
        Assert.True(Read(limit, limit.Maximum).Succeeded);
        foreach (long beyond in new[] { limit.Minimum - 1L, limit.Maximum + 1L })
        {
            Result<AzureOptions> refused = Read(limit, beyond);
            Assert.False(refused.Succeeded);
            Assert.Contains(limit.Key, refused.Error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_is_what_holds_without_configuration(string name)
    {
        AzureLimit limit = AzureSettings.Limits.Single(limit => limit.Name == name);
        Assert.Equal(new AzureOptions(), limit.With(new AzureOptions(), limit.Default));
    }

    [Fact]
    public void The_page_lists_every_number_with_its_default_and_range()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/azure.md"));
        Assert.All(AzureSettings.Limits, limit => Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| `{limit.Key}` | {limit.Default:N0} | {limit.Minimum:N0} to {limit.Maximum:N0} | {limit.Meaning} |"),
            page,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_of_executions_are_those_of_the_service_and_their_own()
    {
        Result<AzureOptions> read = AzureSettings.Read(key => key switch
        {
            "Lockstep:Limits:MaxPayloadBytes" => "2048",
            "Lockstep:Execution:MaxHistoryEvents" => "25000",
            "Lockstep:Execution:MaxOpenIterations" => "3",
            _ => null,
        });

        Assert.True(read.Succeeded);
        Assert.Equal(2_048, read.Value.ExecutionLimits.MaxPayloadBytes);
        Assert.Equal(read.Value.Limits.ForExecutions() with { MaxHistoryEvents = 25_000, MaxOpenIterations = 3 }, read.Value.ExecutionLimits);
    }

    [Fact]
    public void Every_mistake_is_said_at_once()
    {
        Result<AzureOptions> read = AzureSettings.Read(key => key switch
        {
            "Lockstep:Execution:MaxOpenIterations" => "0",
            "Lockstep:Execution:MaxTransitionsPerTurn" => "many",
            "Lockstep:Azure:MaxBatchCalls" => "0",
            _ => null,
        });

        Assert.False(read.Succeeded);
        Assert.Equal(
            ["Lockstep:Execution:MaxTransitionsPerTurn", "Lockstep:Execution:MaxOpenIterations", "Lockstep:Azure:MaxBatchCalls"],
            read.Error.Message.Split('\n').Select(line => line.Split(' ')[0]));
    }

    private static Result<AzureOptions> Read(AzureLimit limit, long value) =>
        AzureSettings.Read(key => key == limit.Key ? value.ToString(CultureInfo.InvariantCulture) : null);
}
