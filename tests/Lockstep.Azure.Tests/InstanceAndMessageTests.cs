using System.Text;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests;

public sealed class InstanceAndMessageTests
{
    private static readonly ExecutionKey _key = new(HarnessSteps.Anna, "m:größe|one");

    [Fact]
    public void Instance_id_is_short_ascii_and_the_same_every_time()
    {
        string id = ExecutionInstances.IdOf(_key);

        Assert.Matches("^x-[a-z2-7]{32}$", id);
        Assert.Equal(id, ExecutionInstances.IdOf(_key));
    }

    [Fact]
    public void Instance_id_differs_by_tenant_name_incarnation_and_generation()
    {
        string[] ids =
        [
            ExecutionInstances.IdOf(_key),
            ExecutionInstances.IdOf(_key with { Tenant = HarnessSteps.Bert }),
            ExecutionInstances.IdOf(_key with { Id = "m:two" }),
            ExecutionInstances.IdOf(_key, incarnation: 2),
            ExecutionInstances.IdOf(_key, generation: 1),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Work_message_is_read_as_it_was_written()
    {
        foreach (WorkMessage message in (WorkMessage[])[new(_key, new CommandId(17)), new(_key, null)])
        {
            OutgoingMessage sent = message.ToMessage();

            Assert.Equal(message, WorkMessage.Read(sent.Body));
            Assert.True(sent.MessageId.Length <= 128);
            Assert.Null(sent.SessionId);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("{}")]
    [InlineData("""{"tenant":"1","execution":"m:one"}""")]
    [InlineData("""{"tenant":"000000000001","execution":""}""")]
    [InlineData("""{"tenant":"000000000001","execution":7}""")]
    [InlineData("""{"tenant":"000000000001","execution":"m:one","task":"x"}""")]
    public void Work_message_that_is_none_of_ours_is_not_read(string body) => Assert.Null(WorkMessage.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Wake_message_goes_to_the_session_of_the_instance()
    {
        OutgoingMessage wake = WakeMessage.For(_key, "id");

        Assert.Equal(ExecutionInstances.IdOf(_key), wake.SessionId);
        Assert.Equal(wake.SessionId, Encoding.ASCII.GetString(wake.Body.Span));
    }
}
