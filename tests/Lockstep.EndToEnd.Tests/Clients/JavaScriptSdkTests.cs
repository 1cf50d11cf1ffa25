using System.Text.Json.Nodes;
using Lockstep.Api.Wire;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>The AWS SDK for JavaScript against a real server: every operation that is served, well and refused, workers, and long histories.</summary>
public sealed class JavaScriptSdkTests
{
    private const int TimeoutMilliseconds = 240_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_SDK_for_JavaScript_works_with_every_operation()
    {
        string tools = Repository.PathOf("artifacts/tools");
        string? node = ClientProcess.Find("node");
        Assert.SkipUnless(
            node is not null && Directory.Exists(Path.Combine(tools, "node_modules/@aws-sdk/client-sfn")),
            "Node, or the package @aws-sdk/client-sfn under artifacts/tools, is not installed; .ci/run installs the package.");
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            folder,
            new Dictionary<string, string?> { ["LOCKSTEP_DEV_ACCESS_KEY_ID"] = "AKENDTOEND", ["LOCKSTEP_DEV_SECRET_ACCESS_KEY"] = "secret/of+the=test" });

        ClientResult result = await ClientProcess.RunAsync(
            node ?? "node",
            [
                Repository.PathOf("tests/Lockstep.EndToEnd.Tests/Clients/client-sfn.mjs"), tools, server.Client.BaseAddress?.ToString() ?? "",
                TestServer.ApiKey, "AKENDTOEND", "secret/of+the=test",
            ]);

        Assert.True(result.Code == 0, $"{result.Error}\n{result.Output}\n{server.Process.Error}");
        JsonNode? summary = JsonNode.Parse(result.Output);
        string[] served = [.. WireRegistry.Operations.Select(operation => operation.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(served, NamesOf(summary?["good"]));
        Assert.Equal(served, NamesOf(summary?["refused"]));
    }

    private static IEnumerable<string> NamesOf(JsonNode? list) => (list as JsonArray ?? []).Select(name => (string?)name ?? "");
}
