using System.Text.Json;

namespace Lockstep.Bicep.Tests;

/// <summary>What the parameters make of a deployment: its resources as the compiler evaluates them.</summary>
public sealed class ShapeTests
{
    private const string QueueRole = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string DurableTaskRole = "0ad04412-c4d5-4796-b79c-f76d14c8d402";

    [Fact]
    public async Task Defaults_give_the_cheap_shape_with_the_scheduler()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        IReadOnlyList<JsonElement> resources = await folder.ResourcesAsync();

        Assert.Equal("Standard_LRS", Text(One(resources, "Microsoft.Storage/storageAccounts"), "sku", "name"));
        Assert.Equal("Standard", Text(One(resources, "Microsoft.ServiceBus/namespaces"), "sku", "name"));
        Assert.Equal("Consumption", Text(One(resources, "Microsoft.DurableTask/schedulers"), "properties", "sku", "name"));
        Assert.Equal("lockstep", Name(One(resources, "Microsoft.DurableTask/schedulers/taskHubs")));
        Assert.Empty(Of(resources, "Microsoft.Network/privateEndpoints"));
        Assert.Empty(Of(resources, "Microsoft.Insights/actionGroups"));
        Assert.Contains(Roles(resources), role => role == DurableTaskRole);
        Assert.DoesNotContain(Roles(resources), role => role == QueueRole);
        Assert.Equal([("durable", 1)], AlwaysReady(resources));
        Assert.Equal("azureManaged", Setting(resources, "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"));
        Assert.Equal("1=0", Text(One(resources, "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules"), "properties", "sqlFilter", "sqlExpression"));
        Assert.False(Element(One(resources, "Microsoft.Web/sites"), "properties", "functionAppConfig").TryGetProperty("siteUpdateStrategy", out _));
    }

    [Fact]
    public async Task Storage_provider_needs_no_scheduler_and_gets_the_role_for_queues()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        IReadOnlyList<JsonElement> resources = await folder.ResourcesAsync("param durableProvider = 'storage'");

        Assert.DoesNotContain(resources, resource => Type(resource).StartsWith("Microsoft.DurableTask/", StringComparison.Ordinal));
        Assert.Contains(Roles(resources), role => role == QueueRole);
        Assert.DoesNotContain(Roles(resources), role => role == DurableTaskRole);
        Assert.Equal("AzureStorage", Setting(resources, "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"));
        Assert.Equal("AzureWebJobsStorage", Setting(resources, "AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName"));
        Assert.Null(Setting(resources, "DURABLE_TASK_SCHEDULER_CONNECTION_STRING"));
    }

    [Fact]
    public async Task Private_deployment_reaches_every_service_over_an_endpoint_and_none_in_public()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        IReadOnlyList<JsonElement> resources = await folder.ResourcesAsync("param privateNetworking = true");

        Assert.Equal(
            ["blob", "namespace", "queue", "scheduler", "table", "vault"],
            Of(resources, "Microsoft.Network/privateEndpoints")
                .Select(endpoint => Element(endpoint, "properties", "privateLinkServiceConnections")[0].GetProperty("name").GetString())
                .Order(StringComparer.Ordinal));
        string[] closed =
            ["Microsoft.Storage/storageAccounts", "Microsoft.ServiceBus/namespaces", "Microsoft.KeyVault/vaults", "Microsoft.DurableTask/schedulers"];
        Assert.All(closed, type => Assert.Equal("Disabled", Text(One(resources, type), "properties", "publicNetworkAccess")));
        Assert.Equal("Premium", Text(One(resources, "Microsoft.ServiceBus/namespaces"), "sku", "name"));
        Assert.EndsWith("/subnets/app", Text(One(resources, "Microsoft.Web/sites"), "properties", "virtualNetworkSubnetId"), StringComparison.Ordinal);
        Assert.All(
            Element(One(resources, "Microsoft.Network/virtualNetworks"), "properties", "subnets").EnumerateArray(),
            subnet => Assert.False(Element(subnet, "properties", "defaultOutboundAccess").GetBoolean()));
    }

    [Fact]
    public async Task Address_of_the_deployer_opens_the_vault_to_that_address_only()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        JsonElement vault = One(
            await folder.ResourcesAsync("param privateNetworking = true", "param deployerIpRange = '203.0.113.7'"), "Microsoft.KeyVault/vaults");

        Assert.Equal("Deny", Text(vault, "properties", "networkAcls", "defaultAction"));
        Assert.Equal("""[{"value":"203.0.113.7"}]""", JsonSerializer.Serialize(Element(vault, "properties", "networkAcls", "ipRules")));
    }

    [Fact]
    public async Task Zone_redundancy_reaches_every_service_that_has_to_be_told()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        IReadOnlyList<JsonElement> resources = await folder.ResourcesAsync("param zoneRedundant = true", "param geoRedundantStorage = true");

        Assert.Equal("Standard_GZRS", Text(One(resources, "Microsoft.Storage/storageAccounts"), "sku", "name"));
        Assert.True(Element(One(resources, "Microsoft.ServiceBus/namespaces"), "properties", "zoneRedundant").GetBoolean());
        Assert.Equal(3, Element(One(resources, "Microsoft.DurableTask/schedulers"), "properties", "sku", "capacity").GetInt32());
        Assert.True(Element(One(resources, "Microsoft.Web/serverfarms"), "properties", "zoneRedundant").GetBoolean());
        Assert.Equal([("durable", 2)], AlwaysReady(resources));
    }

    [Fact]
    public async Task Options_of_the_app_arrive_at_the_app()
    {
        using TemplateFolder folder = TemplateFolder.Copy();

        IReadOnlyList<JsonElement> resources = await folder.ResourcesAsync(
            "param httpAlwaysReady = 3", "param updateStrategy = 'RollingUpdate'", "param deliverWebhooks = true", "param alertEmail = 'ops@example.org'");

        Assert.Equal([("durable", 1), ("http", 3)], AlwaysReady(resources));
        Assert.Equal("RollingUpdate", Text(One(resources, "Microsoft.Web/sites"), "properties", "functionAppConfig", "siteUpdateStrategy", "type"));
        Assert.Equal("1=1", Text(One(resources, "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules"), "properties", "sqlFilter", "sqlExpression"));
        Assert.Single(Of(resources, "Microsoft.Insights/actionGroups"));
        Assert.All(
            Of(resources, "Microsoft.Insights/scheduledQueryRules"),
            rule => Assert.Equal(1, Element(rule, "properties", "actions", "actionGroups").GetArrayLength()));
    }

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> resources, string type) => resources.Where(resource => Type(resource) == type);

    private static JsonElement One(IEnumerable<JsonElement> resources, string type) => Of(resources, type).Single();

    private static string Type(JsonElement resource) => resource.GetProperty("type").GetString() ?? "";

    private static string? Name(JsonElement resource) => resource.GetProperty("name").GetString()?.Split('/')[^1];

    private static JsonElement Element(JsonElement resource, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            resource = resource.GetProperty(name);
        }

        return resource;
    }

    private static string Text(JsonElement resource, params ReadOnlySpan<string> path) => Element(resource, path).GetString() ?? "";

    private static IEnumerable<string> Roles(IEnumerable<JsonElement> resources) =>
        Of(resources, "Microsoft.Authorization/roleAssignments").Select(assignment => Text(assignment, "properties", "roleDefinitionId").Split('/')[^1]);

    private static IEnumerable<(string, int)> AlwaysReady(IEnumerable<JsonElement> resources) =>
        Element(One(resources, "Microsoft.Web/sites"), "properties", "functionAppConfig", "scaleAndConcurrency", "alwaysReady").EnumerateArray()
            .Select(group => (Text(group, "name"), Element(group, "instanceCount").GetInt32()));

    private static string? Setting(IEnumerable<JsonElement> resources, string name) =>
        Element(One(resources, "Microsoft.Web/sites/config"), "properties").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
