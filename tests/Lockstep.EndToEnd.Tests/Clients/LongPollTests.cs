using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>
/// Polls of activity workers with the AWS SDK for JavaScript against a real server. That a poll ends after its time is tested elsewhere with injected time; here
/// the minute can be spent: LOCKSTEP_LONG_POLL=1 dotnet test tests/Lockstep.EndToEnd.Tests --filter FullyQualifiedName~LongPollTests.
/// </summary>
public sealed class LongPollTests
{
    private const string Switch = "LOCKSTEP_LONG_POLL";
    private const int TimeoutMilliseconds = 240_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public Task Polls_that_their_clients_give_up_lose_no_task() => RunAsync("cancelled");

    [Fact(Timeout = TimeoutMilliseconds)]
    public Task A_poll_waits_for_sixty_seconds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Switch) == "1", $"It takes a minute. Set {Switch}=1 to run it.");
        return RunAsync("minute");
    }

    private static async Task RunAsync(string mode)
    {
        string tools = Repository.PathOf("artifacts/tools");
        string? node = ClientProcess.Find("node");
        Assert.SkipUnless(
            node is not null && Directory.Exists(Path.Combine(tools, "node_modules/@aws-sdk/client-sfn")),
            "Node, or the package @aws-sdk/client-sfn under artifacts/tools, is not installed; .ci/run installs the package.");
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            folder,
            new Dictionary<string, string?> { ["LOCKSTEP_DEV_ACCESS_KEY_ID"] = "AKPOLLS", ["LOCKSTEP_DEV_SECRET_ACCESS_KEY"] = "secret" },
            "--set",
            "Lockstep:Limits:MaxLongPollsPerTenant=5");

        ClientResult result = await ClientProcess.RunAsync(
            node ?? "node",
            [Repository.PathOf("tests/Lockstep.EndToEnd.Tests/Clients/long-polls.mjs"), tools, server.Client.BaseAddress?.ToString() ?? "", "AKPOLLS", "secret", mode]);

        Assert.True(result.Code == 0, $"{result.Error}\n{result.Output}\n{server.Process.Error}");
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
    }
}
