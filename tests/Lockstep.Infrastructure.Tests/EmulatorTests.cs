using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Lockstep.Infrastructure.Tests.Bicep;
using Lockstep.TestKit;
using YamlDotNet.RepresentationModel;

namespace Lockstep.Infrastructure.Tests;

/// <summary>
/// The emulators stand for what is deployed: their queues and subscriptions have the properties of the templates, as far as the emulator can
/// (the limits are those of its documentation), and the variables of the workflow lead to what the compose file publishes and the tests read.
/// </summary>
public sealed partial class EmulatorTests
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromMinutes(5);

    private static JsonElement Namespace { get; } =
        JsonDocument.Parse(File.ReadAllText(Repository.PathOf("infra/local/service-bus.json"))).RootElement
            .GetProperty("UserConfig").GetProperty("Namespaces")[0];

    private static BicepFile ServiceBus { get; } = BicepFile.Load("infra/modules/service-bus.bicep");

    private static YamlMappingNode Compose { get; } = RepositoryFiles.Yaml("infra/local/compose.yaml");

    private static IReadOnlyDictionary<string, string> Variables { get; } = RepositoryFiles.Yaml(".github/workflows/azure.yml")
        .At("jobs", "emulators", "env").Entries().ToDictionary(entry => entry.Key, entry => entry.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Every queue, topic and subscription.</summary>
    public static TheoryData<string> Names => ["callbacks", "tasks", "execution-events", "event-log", "webhooks"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Entity_has_the_properties_that_are_deployed(string name)
    {
        BicepObject deployed = Deployed(name);
        JsonElement emulated = Emulated(name).GetProperty("Properties");

        Assert.Equal(Shortest(TimeOf(deployed, "defaultMessageTimeToLive"), LongestLife), TimeOf(emulated, "DefaultMessageTimeToLive"));
        if (deployed["properties.lockDuration"] is not null)
        {
            Assert.Equal(TimeOf(deployed, "lockDuration"), TimeOf(emulated, "LockDuration"));
        }

        if (deployed["properties.duplicateDetectionHistoryTimeWindow"] is not null)
        {
            Assert.Equal(
                Shortest(TimeOf(deployed, "duplicateDetectionHistoryTimeWindow"), LongestWindow), TimeOf(emulated, "DuplicateDetectionHistoryTimeWindow"));
        }

        Assert.Equal(FlagOf(deployed, "requiresSession"), FlagOf(emulated, "RequiresSession"));
        Assert.Equal(FlagOf(deployed, "requiresDuplicateDetection"), FlagOf(emulated, "RequiresDuplicateDetection"));
    }

    [Fact]
    public void Emulator_has_the_entities_that_are_deployed_and_no_others() =>
        Assert.Equal(
            ServiceBus.Of("resource").Where(resource => Entity().IsMatch(resource.Type)).Select(resource => resource.Body["name"]?.Literal)
                .Order(StringComparer.Ordinal),
            Emulated().Select(NameOf).Order(StringComparer.Ordinal));

    [Fact]
    public void Subscription_that_nobody_reads_takes_nothing_unless_webhooks_are_on()
    {
        Assert.Equal("false", BicepFile.Main.The("param", "deliverWebhooks").Value?.ToString());
        string filter = ServiceBus.The("resource", "webhooksRule").Body["properties.sqlFilter.sqlExpression"]?.ToString() ?? "";
        JsonElement rule = Emulated("webhooks").GetProperty("Rules").EnumerateArray().Single().GetProperty("Properties");

        Assert.Equal("Sql", rule.GetProperty("FilterType").GetString());
        Assert.EndsWith($": '{rule.GetProperty("SqlFilter").GetProperty("SqlExpression").GetString()}'", filter, StringComparison.Ordinal);
        Assert.False(Emulated("event-log").TryGetProperty("Rules", out _));
    }

    [Fact]
    public void Emulated_namespace_has_the_only_name_that_the_emulator_takes() => Assert.Equal("sbemulatorns", NameOf(Namespace));

    [Theory]
    [InlineData("LOCKSTEP_EMULATOR_SERVICE_BUS", "service-bus", 5672)]
    [InlineData("LOCKSTEP_EMULATOR_SCHEDULER", "scheduler", 8080)]
    public void Workflow_names_an_address_that_is_published(string variable, string service, int port)
    {
        var endpoint = new Uri(Part(variable, "Endpoint"));

        Assert.Equal("127.0.0.1", endpoint.Host);
        // Without a port, the address of a bus means that of AMQP.
        Assert.Equal(port, endpoint.Port < 0 ? 5672 : endpoint.Port);
        Assert.Contains($"127.0.0.1:{port}:{port}", Compose.At("services", service, "ports").Items().Select(item => item.ToString()));
    }

    [Fact]
    public void Workflow_names_the_task_hub_that_there_is() =>
        Assert.Equal(Compose.At("services", "scheduler", "environment", "DTS_TASK_HUB_NAMES")?.ToString(), Part("LOCKSTEP_EMULATOR_SCHEDULER", "TaskHub"));

    [Fact]
    public void Clients_are_told_that_they_talk_to_emulators()
    {
        Assert.Equal("true", Part("LOCKSTEP_EMULATOR_SERVICE_BUS", "UseDevelopmentEmulator"));
        Assert.Equal("None", Part("LOCKSTEP_EMULATOR_SCHEDULER", "Authentication"));
        Assert.Equal("true", Part("LOCKSTEP_EMULATOR_STORAGE", "UseDevelopmentStorage"));
    }

    [Fact]
    public void Tests_read_the_variables_that_the_workflow_sets()
    {
        IEnumerable<string> read = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("Lockstep.Infrastructure.Tests", StringComparison.Ordinal))
            .SelectMany(path => Variable().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value));

        Assert.Equal(Variables.Keys.Order(StringComparer.Ordinal), read.Distinct().Order(StringComparer.Ordinal));
    }

    private static string Part(string variable, string name) => Variables[variable].Split(';')
        .Select(part => part.Split('=', 2)).Where(part => part[0] == name).Select(part => part[1]).Single();

    private static BicepObject Deployed(string name) =>
        ServiceBus.Of("resource").Single(resource => resource.Body["name"]?.Literal == name).Body;

    private static JsonElement Emulated(string name) => Emulated().Single(entity => NameOf(entity) == name);

    private static IEnumerable<JsonElement> Emulated()
    {
        JsonElement[] topics = [.. Namespace.GetProperty("Topics").EnumerateArray()];
        return [.. Namespace.GetProperty("Queues").EnumerateArray(), .. topics, .. topics.SelectMany(topic => topic.GetProperty("Subscriptions").EnumerateArray())];
    }

    private static string NameOf(JsonElement entity) => entity.GetProperty("Name").GetString() ?? "";

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>A duration of the templates: written out, or the variable that all have in common.</summary>
    private static TimeSpan TimeOf(BicepObject deployed, string name)
    {
        BicepExpression value = deployed[$"properties.{name}"] ?? throw new InvalidDataException($"There is no {name}.");
        return XmlConvert.ToTimeSpan(value.Literal ?? ServiceBus.The("var", value.ToString()).Value?.Literal ?? "");
    }

    private static TimeSpan TimeOf(JsonElement properties, string name) => XmlConvert.ToTimeSpan(properties.GetProperty(name).GetString() ?? "");

    private static bool FlagOf(BicepObject deployed, string name) => deployed[$"properties.{name}"]?.ToString() == "true";

    private static bool FlagOf(JsonElement properties, string name) => properties.TryGetProperty(name, out JsonElement flag) && flag.GetBoolean();

    [GeneratedRegex("^Microsoft.ServiceBus/namespaces/(queues|topics|topics/subscriptions)@")]
    private static partial Regex Entity();

    [GeneratedRegex("\"(LOCKSTEP_EMULATOR_[A-Z_]+)\"")]
    private static partial Regex Variable();
}
