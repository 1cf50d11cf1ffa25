using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.Infrastructure.Tests.Bicep;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>
/// Names that several files have to agree on: what is deployed, what the emulators have, and what docs/azure.md says. The app takes none of
/// them from settings but what the settings table lists, so they are a contract.
/// </summary>
public sealed partial class FixedNameTests
{
    private static readonly string[] Tables = ["tenants", "machines", "functions", "activities", "executions", "listings", "events", "intents", "objects", "channels", "items", "logs", "connections"];
    private static readonly string[] Containers = ["bodies", "objects", "app-package"];

    private static readonly Dictionary<string, bool> SessionsByQueue = new(StringComparer.Ordinal) { ["callbacks"] = true, ["tasks"] = false };
    private static readonly Dictionary<string, bool> SessionsBySubscription = new(StringComparer.Ordinal) { ["event-log"] = true, ["webhooks"] = false };

    private static BicepFile ServiceBus => BicepFile.Load("infra/modules/service-bus.bicep");

    private static string Page => File.ReadAllText(Repository.PathOf("docs/azure.md"));

    private static JsonElement Emulated =>
        JsonDocument.Parse(File.ReadAllText(Repository.PathOf("infra/local/service-bus.json"))).RootElement
            .GetProperty("UserConfig").GetProperty("Namespaces")[0];

    [Fact]
    public void Tables_and_containers_are_the_fixed_ones()
    {
        BicepFile storage = BicepFile.Load("infra/modules/storage.bicep");

        Assert.Equal(Tables, storage.The("var", "tableNames").Value?.Literals);
        Assert.Equal(Containers, storage.Of("var").Where(variable => variable.Name.EndsWith("Container", StringComparison.Ordinal))
            .Select(variable => variable.Value?.Literal));
        Findings.None(Tables.Concat(Containers).Where(name => !Page.Contains($"`{name}`", StringComparison.Ordinal)).Select(name => $"docs/azure.md: {name}"));
    }

    [Fact]
    public void Queues_are_the_fixed_ones_deployed_and_emulated()
    {
        Assert.Equal(SessionsByQueue, Deployed("queues"));
        Assert.Equal(SessionsByQueue, Emulation(Emulated.GetProperty("Queues")));
    }

    [Fact]
    public void Subscriptions_are_the_fixed_ones_deployed_and_emulated()
    {
        Assert.Equal(SessionsBySubscription, Deployed("topics/subscriptions"));
        Assert.Equal(SessionsBySubscription, Emulation(Topic.GetProperty("Subscriptions")));
        Assert.Equal("execution-events", Topic.GetProperty("Name").GetString());
        Assert.Equal("execution-events", ServiceBus.The("resource", "executionEvents").Body["name"]?.Literal);
    }

    [Fact]
    public void Topic_keeps_a_repeated_event_once_deployed_and_emulated()
    {
        Assert.True(Topic.GetProperty("Properties").GetProperty("RequiresDuplicateDetection").GetBoolean());
        Assert.Equal("true", ServiceBus.The("resource", "executionEvents").Body["properties.requiresDuplicateDetection"]?.ToString());
    }

    [Fact]
    public void Everything_is_set_aside_after_ten_deliveries_and_when_it_expires()
    {
        Assert.Equal("10", ServiceBus.The("var", "maxDeliveryCount").Value?.ToString());
        foreach (BicepDeclaration entity in Entities("queues").Concat(Entities("topics/subscriptions")))
        {
            Assert.Equal("maxDeliveryCount", entity.Body["properties.maxDeliveryCount"]?.ToString());
            Assert.Equal("true", entity.Body["properties.deadLetteringOnMessageExpiration"]?.ToString());
        }

        foreach (JsonElement entity in Emulated.GetProperty("Queues").EnumerateArray().Concat(Topic.GetProperty("Subscriptions").EnumerateArray()))
        {
            Assert.Equal(10, entity.GetProperty("Properties").GetProperty("MaxDeliveryCount").GetInt32());
            Assert.True(entity.GetProperty("Properties").GetProperty("DeadLetteringOnMessageExpiration").GetBoolean());
        }
    }

    [Fact]
    public void Page_names_every_queue_topic_and_subscription() =>
        Findings.None(SessionsByQueue.Keys.Concat(SessionsBySubscription.Keys).Append("execution-events")
            .Where(name => !Page.Contains($"`{name}`", StringComparison.Ordinal)));

    [Fact]
    public void Page_lists_exactly_the_settings_that_are_deployed()
    {
        BicepFile app = BicepFile.Load("infra/modules/function-app.bicep");
        IEnumerable<string> deployed = app.The("var", "platformSettings").Body.Names
            .Concat(app.The("var", "lockstepSettings").Body.Names)
            .Concat(Setting().Matches(app.The("var", "backendSettings").Value?.ToString() ?? "").Select(match => match.Groups[1].Value));

        Assert.Equal(
            deployed.Distinct().Order(StringComparer.Ordinal),
            SettingRow().Matches(Page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_lists_exactly_the_parameters_with_their_variables_and_defaults()
    {
        using JsonDocument parameters = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("infra/main.parameters.json")));
        IEnumerable<string> expected = parameters.RootElement.GetProperty("parameters").EnumerateObject()
            .Select(entry => entry.Value.GetProperty("value").GetString() ?? "")
            .Where(value => value.StartsWith("${LOCKSTEP_", StringComparison.Ordinal))
            .Select(value => value[2..^1].Split('=') is [string name, string otherwise] ? $"`{name}` | {(otherwise.Length == 0 ? "none" : $"`{otherwise}`")}" : value);

        Assert.Equal(expected, ParameterRow().Matches(Page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Page_has_a_section_for_every_alert()
    {
        BicepFile alerts = BicepFile.Load("infra/modules/alerts.bicep");
        string[] named = [.. Runbook().Matches(alerts.Text).Select(match => match.Groups[1].Value)];

        Assert.Equal(["dead-letters", "server-errors", "failed-functions", "failed-executions", "oldest-intent", "no-sweep"], named);
        Findings.None(named.Where(name => !Page.Contains($"\n### {name}\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Task_hub_is_the_one_of_the_emulator()
    {
        Assert.Equal("lockstep", BicepFile.Main.The("var", "taskHubName").Value?.Literal);
        Assert.Contains("DTS_TASK_HUB_NAMES: lockstep\n", File.ReadAllText(Repository.PathOf("infra/local/compose.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Operator_key_is_the_secret_that_the_app_is_told_of()
    {
        Assert.Equal("operator-key", BicepFile.Main.The("var", "operatorKeySecretName").Value?.Literal);
        Assert.Equal("operatorKeySecretName", BicepFile.Main.The("output", "LOCKSTEP_OPERATOR_KEY_SECRET").Value?.ToString());
    }

    private static JsonElement Topic => Emulated.GetProperty("Topics").EnumerateArray().Single();

    private static IEnumerable<BicepDeclaration> Entities(string kind) =>
        ServiceBus.Of("resource").Where(resource => resource.Type.StartsWith($"Microsoft.ServiceBus/namespaces/{kind}@", StringComparison.Ordinal));

    private static Dictionary<string, bool> Deployed(string kind) =>
        Entities(kind).ToDictionary(
            entity => entity.Body["name"]?.Literal ?? "", entity => entity.Body["properties.requiresSession"]?.ToString() == "true", StringComparer.Ordinal);

    private static Dictionary<string, bool> Emulation(JsonElement entities) =>
        entities.EnumerateArray().ToDictionary(
            entity => entity.GetProperty("Name").GetString() ?? "",
            entity => entity.GetProperty("Properties").GetProperty("RequiresSession").GetBoolean(),
            StringComparer.Ordinal);

    [GeneratedRegex(@"\b([A-Z]\w*(?:__\w+|_CONNECTION_STRING)) :")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\| `((?:AzureWebJobs|AzureFunctionsJobHost|APPLICATIONINSIGHTS|Lockstep|DURABLE|TASKHUB)\w*)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"^\| (`LOCKSTEP_[A-Z_]+` \| [^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ParameterRow();

    [GeneratedRegex(@"See docs/azure\.md, ([\w-]+)\.")]
    private static partial Regex Runbook();
}
