using System.Text.RegularExpressions;
using Lockstep.Infrastructure.Tests.Bicep;

namespace Lockstep.Infrastructure.Tests;

/// <summary>Keys and passwords open nothing, and who may do what is written in one file with its reasons.</summary>
public sealed partial class TrustTests
{
    /// <summary>
    /// Every type that is deployed, with the properties that switch its own keys and passwords off. A type without any has an empty row:
    /// a new type has to be thought about before it gets one.
    /// </summary>
    private static readonly Dictionary<string, string[]> LocalAccess = new(StringComparer.Ordinal)
    {
        ["Microsoft.Authorization/roleAssignments"] = [],
        ["Microsoft.DurableTask/schedulers"] = [],
        ["Microsoft.DurableTask/schedulers/retentionPolicies"] = [],
        ["Microsoft.DurableTask/schedulers/taskHubs"] = [],
        ["Microsoft.Insights/actionGroups"] = [],
        ["Microsoft.Insights/components"] = ["properties.DisableLocalAuth=true"],
        ["Microsoft.Insights/diagnosticSettings"] = [],
        ["Microsoft.Insights/metricAlerts"] = [],
        ["Microsoft.Insights/scheduledQueryRules"] = [],
        ["Microsoft.Insights/workbooks"] = [],
        ["Microsoft.KeyVault/vaults"] = ["properties.enableRbacAuthorization=true", "properties.enableSoftDelete=true"],
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = [],
        ["Microsoft.Network/natGateways"] = [],
        ["Microsoft.Network/privateDnsZones"] = [],
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = [],
        ["Microsoft.Network/privateEndpoints"] = [],
        ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups"] = [],
        ["Microsoft.Network/publicIPAddresses"] = [],
        ["Microsoft.Network/virtualNetworks"] = [],
        ["Microsoft.OperationalInsights/workspaces"] = ["properties.features.disableLocalAuth=true"],
        ["Microsoft.Resources/resourceGroups"] = [],
        ["Microsoft.ServiceBus/namespaces"] = ["properties.disableLocalAuth=true", "properties.minimumTlsVersion='1.2'"],
        ["Microsoft.ServiceBus/namespaces/queues"] = [],
        ["Microsoft.ServiceBus/namespaces/topics"] = [],
        ["Microsoft.ServiceBus/namespaces/topics/subscriptions"] = [],
        ["Microsoft.ServiceBus/namespaces/topics/subscriptions/rules"] = [],
        ["Microsoft.Storage/storageAccounts"] =
        [
            "properties.allowSharedKeyAccess=false", "properties.allowBlobPublicAccess=false", "properties.isLocalUserEnabled=false",
            "properties.supportsHttpsTrafficOnly=true", "properties.minimumTlsVersion='TLS1_2'",
        ],
        ["Microsoft.Storage/storageAccounts/blobServices"] = [],
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = ["properties.publicAccess='None'"],
        ["Microsoft.Storage/storageAccounts/tableServices"] = [],
        ["Microsoft.Storage/storageAccounts/tableServices/tables"] = [],
        ["Microsoft.Web/serverfarms"] = [],
        ["Microsoft.Web/sites"] =
        [
            "properties.httpsOnly=true", "properties.siteConfig.ftpsState='Disabled'", "properties.siteConfig.minTlsVersion='1.2'",
            "properties.siteConfig.scmMinTlsVersion='1.2'",
        ],
        ["Microsoft.Web/sites/basicPublishingCredentialsPolicies"] = ["properties.allow=false"],
        ["Microsoft.Web/sites/config"] = [],
    };

    /// <summary>The built-in roles that the app or the deployer may get, by the names and ids that Azure gives them.</summary>
    private static readonly Dictionary<string, (string Name, string Id)> Roles = new(StringComparer.Ordinal)
    {
        ["durableTaskDataContributor"] = ("Durable Task Data Contributor", "0ad04412-c4d5-4796-b79c-f76d14c8d402"),
        ["keyVaultSecretsOfficer"] = ("Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"),
        ["monitoringMetricsPublisher"] = ("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb"),
        ["reader"] = ("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"),
        ["serviceBusDataReceiver"] = ("Azure Service Bus Data Receiver", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"),
        ["serviceBusDataSender"] = ("Azure Service Bus Data Sender", "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"),
        ["storageBlobDataOwner"] = ("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
        ["storageQueueDataContributor"] = ("Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
        ["storageTableDataContributor"] = ("Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
    };

    private static BicepFile Access => BicepFile.Load("infra/modules/access.bicep");

    private static IEnumerable<(BicepFile File, BicepDeclaration Resource)> Deployed =>
        from file in BicepFile.All
        from resource in file.Resources
        where !resource.IsExisting
        select (file, resource);

    [Fact]
    public void Every_type_that_is_deployed_has_been_thought_about() =>
        Assert.Equal(
            LocalAccess.Keys.Order(StringComparer.Ordinal),
            Deployed.Select(deployed => deployed.Resource.Type.Split('@')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Keys_and_passwords_are_switched_off_wherever_the_service_allows_it() =>
        Findings.None(
            from deployed in Deployed
            from rule in LocalAccess.GetValueOrDefault(deployed.Resource.Type.Split('@')[0], [])
            let path = rule.Split('=')[0]
            let expected = rule.Split('=')[1]
            let actual = deployed.Resource.Body[path]?.ToString()
            where actual != expected
            select $"{deployed.File.Path}: {deployed.Resource.Name}.{path} is {actual ?? "not set"}, not {expected}");

    [Fact]
    public void No_way_of_publishing_takes_a_password() =>
        Assert.Equal(
            ["ftp", "scm"],
            Deployed.Where(deployed => deployed.Resource.Type.Contains("basicPublishingCredentialsPolicies", StringComparison.Ordinal))
                .Select(deployed => deployed.Resource.Body["name"]?.Literal));

    [Fact]
    public void Nothing_reads_a_key_of_a_service() =>
        Findings.None(
            from file in BicepFile.All
            from Match call in KeyFunction().Matches(file.Text)
            select $"{file.Path}: {call.Value}");

    [Fact]
    public void No_output_is_a_secret() =>
        Findings.None(
            from file in BicepFile.All
            from output in file.Of("output")
            where SecretWords().IsMatch(output.Value?.ToString() ?? "")
            select $"{file.Path}: {output.Name} = {output.Value}");

    [Fact]
    public void No_app_setting_is_a_secret()
    {
        BicepFile app = BicepFile.Load("infra/modules/function-app.bicep");
        foreach (string group in (string[])["platformSettings", "lockstepSettings", "backendSettings"])
        {
            Assert.DoesNotMatch("AccountKey|SharedAccess|Password|@Microsoft.KeyVault", app.The("var", group).Value?.ToString() ?? "");
        }

        // Its instrumentation key opens nothing while local authentication is off.
        Assert.Contains("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", app.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_role_is_one_of_the_table()
    {
        BicepObject table = Access.The("var", "roles").Body;
        Assert.Equal(Roles.Keys.Order(StringComparer.Ordinal), table.Names.Order(StringComparer.Ordinal));
        foreach ((string symbol, (string name, string id)) in Roles)
        {
            Assert.True(table[symbol]?.Literal == id, $"{name} is {id}, not {table[symbol]}");
        }
    }

    [Fact]
    public void Roles_are_assigned_in_one_file_only() =>
        Assert.Equal(
            [Access.Path],
            Deployed.Where(deployed => deployed.Resource.Type.StartsWith("Microsoft.Authorization/roleAssignments@", StringComparison.Ordinal))
                .Select(deployed => deployed.File.Path).Distinct());

    [Fact]
    public void Every_assignment_names_its_role_and_its_reason_above_it()
    {
        string[] lines = Access.Text.Split('\n');
        foreach (BicepDeclaration assignment in Assignments)
        {
            string role = RoleOf(assignment);
            int above = assignment.Line - 2;
            while (lines[above].StartsWith("// ", StringComparison.Ordinal))
            {
                above--;
            }

            string comment = string.Join(' ', lines[(above + 1)..(assignment.Line - 1)]);
            Assert.StartsWith($"// {Roles[role].Name}: ", comment, StringComparison.Ordinal);
            Assert.True(comment.Length > Roles[role].Name.Length + 30, $"{assignment.Name} gives no reason.");
        }

        Assert.Equal(Roles.Keys.Order(StringComparer.Ordinal), Assignments.Select(RoleOf).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_assignment_has_a_name_of_its_own_and_one_resource_as_scope()
    {
        string[] existing = [.. Access.Of("resource").Where(resource => resource.IsExisting).Select(resource => resource.Name)];
        foreach (BicepDeclaration assignment in Assignments)
        {
            string scope = assignment.Body["scope"]?.ToString() ?? "";
            string principal = assignment.Body["properties.principalId"]?.ToString() ?? "";

            Assert.Contains(scope, existing);
            Assert.Equal($"guid ( {scope} . id , {principal} , roles . {RoleOf(assignment)} )", assignment.Body["name"]?.ToString());
        }

        Assert.Equal(Assignments.Count(), Assignments.Select(assignment => assignment.Body["name"]?.ToString()).Distinct().Count());
    }

    private static IEnumerable<BicepDeclaration> Assignments => Access.Of("resource").Where(resource => !resource.IsExisting);

    private static string RoleOf(BicepDeclaration assignment) =>
        RoleId().Match(assignment.Body["properties.roleDefinitionId"]?.ToString() ?? "").Groups[1].Value;

    [GeneratedRegex(@"^subscriptionResourceId \( 'Microsoft\.Authorization/roleDefinitions' , roles \. (\w+) \)$")]
    private static partial Regex RoleId();

    [GeneratedRegex(@"\.?\blist[A-Z]\w*\(")]
    private static partial Regex KeyFunction();

    [GeneratedRegex("ConnectionString|InstrumentationKey|AccountKey|SharedAccess|primaryKey|sharedKey|password", RegexOptions.IgnoreCase)]
    private static partial Regex SecretWords();
}
