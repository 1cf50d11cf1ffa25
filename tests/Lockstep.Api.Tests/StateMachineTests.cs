using Lockstep.Api.Tests.Support;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class StateMachineTests
{
    private const string Path = "/v1/state-machines";

    [Fact]
    public async Task A_machine_is_created_shown_listed_updated_and_deleted()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer created = await host.Anna.PostAsync(Path, $$"""{"name":"orders","definition":{{Machines.Pass}}}""");
        Assert.Equal(201, created.Code);
        Assert.Equal("/v1/state-machines/orders", created.Message.Headers.Location?.ToString());

        Answer shown = await host.Anna.GetAsync(Path + "/orders");
        Assert.Equal(200, shown.Code);
        Assert.Equal("arn:aws:states:local:000000000001:stateMachine:orders", shown.String("stateMachineArn"));
        Assert.Equal(Machines.Pass, shown.Json["definition"]?.ToString());
    }
}
