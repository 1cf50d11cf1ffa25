using System.Collections.Frozen;
using Lockstep.Api.Operations;
using Lockstep.Api.Routing;
using Lockstep.Api.Tests.Support;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class AccessTests
{
    /// <summary>
    /// How Bert tries each route on what is Anna's: the path, the body, and the status that tells him nothing. A route that is not here
    /// fails the test, so a new one cannot be forgotten.
    /// </summary>
    private static readonly FrozenDictionary<string, (string Path, string? Body, int Status)> Attempts =
        new Dictionary<string, (string, string?, int)>
        {
            ["CreateStateMachine"] = ("/v1/state-machines", $$"""{"name":"annas","definition":{{Machines.OtherPass}}}""", 201),
            ["ListStateMachines"] = ("/v1/state-machines", null, 200),
            ["DescribeStateMachine"] = ("/v1/state-machines/annas", null, 404),
            ["UpdateStateMachine"] = ("/v1/state-machines/annas", $$"""{"definition":{{Machines.OtherPass}}}""", 404),
            ["DeleteStateMachine"] = ("/v1/state-machines/annas", null, 204),
            ["PublishStateMachineVersion"] = ("/v1/state-machines/annas/versions", "{}", 404),
            ["ListStateMachineVersions"] = ("/v1/state-machines/annas/versions", null, 404),
            ["DescribeStateMachineVersion"] = ("/v1/state-machines/annas/versions/1", null, 404),
            ["DeleteStateMachineVersion"] = ("/v1/state-machines/annas/versions/1", null, 204),
            ["CreateStateMachineAlias"] =
                ("/v1/state-machines/annas/aliases", """{"name":"live","routingConfiguration":[{"version":1,"weight":100}]}""", 404),
            ["ListStateMachineAliases"] = ("/v1/state-machines/annas/aliases", null, 404),
            ["DescribeStateMachineAlias"] = ("/v1/state-machines/annas/aliases/live", null, 404),
            ["UpdateStateMachineAlias"] = ("/v1/state-machines/annas/aliases/live", """{"description":"mine"}""", 404),
            ["DeleteStateMachineAlias"] = ("/v1/state-machines/annas/aliases/live", null, 204),
            ["StartExecution"] = ("/v1/state-machines/annas/executions", """{"name":"secret"}""", 404),
            ["ListExecutionsOfStateMachine"] = ("/v1/state-machines/annas/executions", null, 404),
            ["StartSyncExecution"] = ("/v1/state-machines/annas/executions/sync", "{}", 404),
            ["ListExecutions"] = ("/v1/executions?stateMachine=annas", null, 200),
            ["DescribeExecution"] = ("/v1/executions/annas:secret", null, 404),
            ["StopExecution"] = ("/v1/executions/annas:secret/stop", "{}", 404),
            ["RedriveExecution"] = ("/v1/executions/annas:secret/redrive", "{}", 404),
            ["GetExecutionHistory"] = ("/v1/executions/annas:secret/history", null, 404),
            ["StreamExecution"] = ("/v1/executions/annas:secret/stream", null, 404),
            ["ListMapRuns"] = ("/v1/map-runs?execution=annas:none", null, 404),
            ["DescribeMapRun"] = ("/v1/map-runs/annas%2Fmap-1:none", null, 404),
            ["UpdateMapRun"] = ("/v1/map-runs/annas%2Fmap-1:none", """{"maxConcurrency":1}""", 404),
            ["CreateActivity"] = ("/v1/activities", """{"name":"annas"}""", 201),
            ["ListActivities"] = ("/v1/activities", null, 200),
            ["DescribeActivity"] = ("/v1/activities/annas", null, 404),
            ["DeleteActivity"] = ("/v1/activities/annas", null, 204),
            ["GetActivityTask"] = ("/v1/activities/annas/poll", """{"waitSeconds":0}""", 404),
            ["ListFunctions"] = ("/v1/functions", null, 200),
            ["DescribeFunction"] = ("/v1/functions/annas", null, 404),
            ["PutFunction"] = ("/v1/functions/annas", """{"url":"https://bert.example"}""", 201),
            ["DeleteFunction"] = ("/v1/functions/annas", null, 204),
            ["ListConnections"] = ("/v1/connections", null, 200),
            ["DescribeConnection"] = ("/v1/connections/annas", null, 404),
            ["PutConnection"] = ("/v1/connections/annas", """{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"bert","password":"p"}}}""", 201),
            ["DeleteConnection"] = ("/v1/connections/annas", null, 204),
            ["ListQueues"] = ("/v1/queues", null, 200),
            ["DescribeQueue"] = ("/v1/queues/annas", null, 404),
            ["CreateQueue"] = ("/v1/queues/annas", null, 201),
            ["DeleteQueue"] = ("/v1/queues/annas", null, 204),
            ["ListQueueMessages"] = ("/v1/queues/annas/messages", null, 404),
            ["ListTopics"] = ("/v1/topics", null, 200),
            ["DescribeTopic"] = ("/v1/topics/annas", null, 404),
            ["CreateTopic"] = ("/v1/topics/annas", null, 201),
            ["DeleteTopic"] = ("/v1/topics/annas", null, 204),
            ["ListTopicMessages"] = ("/v1/topics/annas/messages", null, 404),
            ["ListEventBuses"] = ("/v1/event-buses", null, 200),
            ["DescribeEventBus"] = ("/v1/event-buses/annas", null, 404),
            ["CreateEventBus"] = ("/v1/event-buses/annas", null, 201),
            ["DeleteEventBus"] = ("/v1/event-buses/annas", null, 204),
            ["ListEventBusMessages"] = ("/v1/event-buses/annas/messages", null, 404),
            ["ReceiveMessages"] = ("/v1/queues/annas/receive", "{}", 404),
            ["DeleteMessage"] = ("/v1/queues/annas/messages/00000000-0000-0000-0000-000000000001", null, 404),
            ["ListObjects"] = ("/v1/objects/annas", null, 200),
            ["GetObject"] = ("/v1/objects/annas/k", null, 404),
            ["PutObject"] = ("/v1/objects/annas/k", "{}", 200),
            ["DeleteObject"] = ("/v1/objects/annas/k", null, 204),
            ["ListTables"] = ("/v1/tables", null, 200),
            ["DescribeTable"] = ("/v1/tables/annas", null, 404),
            ["CreateTable"] = ("/v1/tables/annas", """{"partitionKey":{"name":"id","type":"S"}}""", 201),
            ["DeleteTable"] = ("/v1/tables/annas", null, 204),
            ["ListItems"] = ("/v1/tables/annas/items", null, 404),
            ["ListEvents"] = ("/v1/events", null, 200),
            ["ListLogGroups"] = ("/v1/log-groups", null, 200),
            ["ListLogEvents"] = ("/v1/log-events?logGroup=annas", null, 200),
            ["TestState"] = ("/v1/test-state", """{"definition":{"Type":"Pass","End":true}}""", 200),
            ["ValidateDefinition"] = ("/v1/validate", $$"""{"definition":{{Machines.Pass}}}""", 200),
        }.ToFrozenDictionary();

    public static TheoryData<string> KeyRoutes =>
        [.. ApiRoutes.Table.Routes.Where(route => route.Access == RouteAccess.ApiKey).Select(route => route.OperationId)];

    [Theory]
    [MemberData(nameof(KeyRoutes))]
    public async Task With_the_wrong_tenant_a_route_shows_and_changes_nothing(string operation)
    {
        ApiRoute route = ApiRoutes.Table.Routes.Single(candidate => candidate.OperationId == operation);
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("annas", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/annas/versions", """{"description":"private"}""");
        await host.Anna.PostAsync(
            "/v1/state-machines/annas/aliases",
            """{"name":"live","description":"private","routingConfiguration":[{"version":1,"weight":100}]}""");
        await host.Anna.PostAsync("/v1/state-machines/annas/executions", """{"name":"secret","input":"private"}""");
        await host.Anna.PostAsync("/v1/activities", """{"name":"annas"}""");
        await host.Anna.PutAsync("/v1/functions/annas", """{"url":"https://anna.example"}""");
        await host.Anna.PutAsync(
            "/v1/connections/annas",
            """{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"private","password":"private"}}}""");
        foreach (string kind in (string[])["queues", "topics", "event-buses"])
        {
            await host.Anna.SendAsync("PUT", $"/v1/{kind}/annas", null);
        }

        await host.Anna.PutAsync("/v1/objects/annas/k", "\"private\"");
        await host.Anna.PutAsync("/v1/tables/annas", """{"partitionKey":{"name":"private","type":"S"}}""");
        string before = await EverythingAsync(host);

        (string path, string? body, int status) = Attempts[operation];
        Answer answer = await host.Bert.SendAsync(route.Method, path, body);
        Assert.Equal(status, answer.Code);
        Assert.DoesNotContain("private", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("anna.example", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(MemoryPlatform.Anna.Value, answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, await EverythingAsync(host));

        if (path.Contains("annas:secret", StringComparison.Ordinal))
        {
            string byArn = path.Replace("annas:secret", "arn:aws:states:local:000000000001:execution:annas:secret", StringComparison.Ordinal);
            Answer stranger = await host.Bert.SendAsync(route.Method, byArn, body);
            Answer nobodys = await host.Bert.SendAsync(route.Method, byArn.Replace(":secret", ":none", StringComparison.Ordinal), body);
            Assert.Equal((404, nobodys.Text), (stranger.Code, stranger.Text));
        }

        Assert.Equal(before, await EverythingAsync(host));
    }

    [Theory]
    [MemberData(nameof(KeyRoutes))]
    public async Task Without_a_key_of_this_service_a_route_answers_401_and_nothing_else(string operation)
    {
        ApiRoute route = ApiRoutes.Table.Routes.Single(candidate => candidate.OperationId == operation);
        await using ApiHost host = await ApiHost.StartAsync();
        (string path, string? body, _) = Attempts[operation];
        string[] headers = ["", "Bearer", "Bearer ", "Bearer wrong", "Basic " + host.Platform.AnnasKey, "Bearer " + host.Platform.AnnasKey + "0"];
        foreach (string header in headers)
        {
            Answer answer = await host.Nobody.SendAsync(route.Method, path, body, ("Authorization", header));
            Assert.Equal((401, "Unauthenticated"), (answer.Code, answer.Problem));
            Assert.Equal("Bearer", answer.Message.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Secrets_reach_neither_log_nor_answers()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Platform.Tenants.Broken = true;
        string key = "lsk_0123456789abcdef_" + new string('7', 64);
        using TestClient stranger = host.Client(key);
        Answer broken = await stranger.GetAsync("/v1/executions");
        Assert.Equal((503, "StorageUnavailable"), (broken.Code, broken.Problem));
        Assert.DoesNotContain("disk", broken.Text, StringComparison.Ordinal);
        Assert.NotEmpty(broken.String("requestId"));
        Assert.Contains(host.Log.Lines, line => line.Contains("the disk is full", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(new string('7', 64), StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(host.Platform.AnnasKey[^64..], StringComparison.Ordinal));
        Assert.DoesNotContain(new string('7', 64), broken.Text, StringComparison.Ordinal);
    }

    private static async Task<string> EverythingAsync(ApiHost host)
    {
        string[] paths =
        [
            "/v1/state-machines", "/v1/state-machines/annas", "/v1/state-machines/annas/versions", "/v1/state-machines/annas/aliases", "/v1/executions", "/v1/executions/annas:secret", "/v1/executions/annas:secret/history",
            "/v1/activities", "/v1/functions", "/v1/functions/annas", "/v1/connections", "/v1/connections/annas", "/v1/events", "/v1/queues", "/v1/queues/annas/messages", "/v1/topics", "/v1/event-buses", "/v1/tables",
            "/v1/objects/annas", "/v1/objects/annas/k",
        ];
        var all = new List<string>();
        foreach (string path in paths)
        {
            all.Add((await host.Anna.GetAsync(path)).Text);
        }

        return string.Join('\n', all);
    }
}
