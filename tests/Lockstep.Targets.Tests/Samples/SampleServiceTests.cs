using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests.Samples;

/// <summary>The samples on the durable service, their functions called over HTTP.</summary>
public sealed class SampleServiceTests
{
    [Theory]
    [MemberData(nameof(SampleTests.Folders), MemberType = typeof(SampleTests))]
    public async Task A_sample_gives_the_output_that_it_promises(string folder)
    {
        await using SampleService service = await SampleService.OpenAsync("approved");
        await service.CreateAsync(folder, $"samples/{folder}/definition.asl.json");
        if (folder == "settle-accounts")
        {
            await service.CreateAsync("settle-account", "samples/settle-accounts/settle-account.asl.json");
        }

        ExecutionRecord record = await service.RunAsync(folder, Read(folder, "input.json"));

        Assert.Equal((ExecutionStatus.Succeeded, null, null), (record.Status, record.Error, record.Cause));
        Assert.Equal(Read(folder, "expected-output.json"), JsonValue.Parse(record.Output ?? "null"));
        string[] keys = [.. service.Calls.Select(call => call.Headers["Idempotency-Key"])];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(service.Calls, call => Assert.StartsWith("00-", call.Headers["traceparent"]));
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("")]
    public async Task An_order_that_is_rejected_or_forgotten_fails(string decision)
    {
        await using SampleService service = await SampleService.OpenAsync(decision);
        await service.CreateAsync("order-approval", "samples/order-approval/definition.asl.json", text => text.Replace("172800", "5", StringComparison.Ordinal));

        ExecutionRecord record = await service.RunAsync("order-approval", Read("order-approval", "input.json"));

        Assert.Equal((ExecutionStatus.Failed, "OrderNotApproved", "Nobody approved order 1001."), (record.Status, record.Error, record.Cause));
        Assert.Contains(service.Calls, call => call.Target == "/release-stock");
    }

    private static JsonValue Read(string folder, string file) => JsonValue.Parse(File.ReadAllText(Repository.PathOf($"samples/{folder}/{file}")));
}
