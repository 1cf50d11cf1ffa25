using Lockstep.Azure.Channels;
using Lockstep.Azure.Events;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class EventLogTests
{
    private readonly LedgerFixture _fixture = new();

    [Fact]
    public async Task Start_and_end_of_a_short_execution_are_two_events_in_one_send()
    {
        ExecutionKey key = await _fixture.StartAsync();
        Assert.Empty(_fixture.Azure.Messages.Pending);
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = Succeed("""{"x":1}""") });

        Assert.Equal(1, _fixture.Azure.Counts.Of(StorageOperationKind.MessageSend));
        OutgoingMessage[] sent = [.. _fixture.Azure.Messages.Pending.Select(message => message.Message)];
        Assert.Equal(["lockstep.execution.started", "lockstep.execution.succeeded"], sent.Select(message => message.Properties["type"]));
        Assert.All(sent, message => Assert.Equal("000000000001", message.SessionId));
        Assert.DoesNotContain(_fixture.Azure.Tables.All(TableName.Executions), row => row.Key.Row.StartsWith("o|", StringComparison.Ordinal));
        string body = System.Text.Encoding.UTF8.GetString(sent[1].Body.Span);
        Assert.Contains("\"specversion\":\"1.0\"", body, StringComparison.Ordinal);
        Assert.Contains("\"output\":{\"x\":1}", body, StringComparison.Ordinal);
        Assert.Equal(new ExecutionEventMessage(key, ExecutionStatus.Succeeded, Noon.AddHours(1)), ExecutionEventMessage.Read(sent[1].Body));
    }

    [Fact]
    public async Task Start_of_a_longer_execution_is_published_with_its_first_turn()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)));
        Assert.Single(_fixture.Azure.Messages.Pending);
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)));
        Assert.Single(_fixture.Azure.Messages.Pending);
    }

    [Theory]
    [InlineData(ExecutionEventMessage.MaxPayloadBytes, true)]
    [InlineData(ExecutionEventMessage.MaxPayloadBytes + 1, false)]
    public async Task Payload_beyond_the_limit_of_an_event_is_left_out(int bytes, bool isShown)
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = Succeed($"\"{new string('x', bytes - 2)}\"") });
        ReadOnlyMemory<byte> body = _fixture.Azure.Messages.Pending[1].Message.Body;
        Assert.Equal(isShown, System.Text.Encoding.UTF8.GetString(body.Span).Contains("\"output\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_with_the_largest_texts_fits_a_message()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with
        {
            End = new Azure.Executions.ExecutionEnd(
                ExecutionStatus.Failed, Noon, null, new string('"', 256), new string('"', ExecutionEventMessage.MaxCauseLength)),
        });
        Assert.InRange(_fixture.Azure.Messages.Pending[1].Message.Body.Length, ExecutionEventMessage.MaxCauseLength * 6, MessageRules.MaxBodyBytes);
    }

    [Fact]
    public async Task Log_numbers_the_events_of_a_tenant_without_a_gap_whatever_happens_to_messages()
    {
        var faults = new Faults(11) { MessageRate = 0.4 };
        var fixture = new LedgerFixture();
        var log = EventLogs.Over(fixture.Azure);
        var reader = new TableExecutionEventReader(fixture.Azure.Tables, fixture.Azure.Blobs);
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"e{number}")];
        foreach (string name in names)
        {
            await fixture.StartAsync(Key(name));
            await fixture.AppendAsync(Key(name), Batch(1, Turns(1, 1)) with { End = Succeed() });
        }

        fixture.Azure.Faults = faults;
        await fixture.Azure.Messages.DeliverAllAsync(MessageRoute.ExecutionEvents, async message =>
            await log.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body, message.Message.Body], CancellationToken.None));
        Assert.Empty(fixture.Azure.Messages.DeadLetters);
        Assert.True(faults.Injected > 0);
        faults.BeforeEffectRate = 0;
        faults.AnswerLostRate = 0;

        List<ExecutionEvent> events = [];
        Page<ExecutionEvent> page;
        do
        {
            page = await reader.ReadAsync(Tenant(), events.Count == 0 ? 0 : events[^1].Sequence, 7, CancellationToken.None);
            events.AddRange(page.Items);
        }
        while (page.Next is not null);
        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), events.Select(item => item.Sequence));
        Assert.Equal(
            names.SelectMany(name => (string[])[name + " Running", name + " Succeeded"]).Order(StringComparer.Ordinal),
            events.Select(item => $"{item.Execution.Name} {item.Status}").Order(StringComparer.Ordinal));
        Assert.All(events, item => Assert.Equal(item.Status == ExecutionStatus.Succeeded, item.Execution.Output is not null));
        Assert.Empty((await reader.ReadAsync(Tenant(2), 0, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Bus_has_each_change_once_and_in_order_whatever_happens_to_messages()
    {
        var faults = new Faults(12) { MessageRate = 0.3 };
        var fixture = new LedgerFixture();
        EventLog log = EventLogs.Over(fixture.Azure);
        var channels = new TableChannelStore(fixture.Azure.Tables, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System);
        var bus = new ChannelPlace(Tenant(), ChannelKind.EventBus, ChannelNames.DefaultBus);
        await channels.CreateAsync(new ChannelRecord(bus, Noon), CancellationToken.None);
        for (int number = 0; number < 15; number++)
        {
            ExecutionKey key = await fixture.StartAsync(Key($"e{number}"));
            await fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = Succeed() });
        }

        fixture.Azure.Faults = faults;
        await fixture.Azure.Messages.DeliverAllAsync(MessageRoute.ExecutionEvents, async message =>
            await log.KeepAsync(message.Message.SessionId ?? "", [message.Message.Body, message.Message.Body], CancellationToken.None));
        Assert.True(faults.Injected > 0);
        faults.BeforeEffectRate = 0;
        faults.AnswerLostRate = 0;

        Page<MessageRecord> page = await channels.ReadAsync(bus, 0, DateTimeOffset.UnixEpoch, new PageRequest(100, null), CancellationToken.None);
        var reader = new TableExecutionEventReader(fixture.Azure.Tables, fixture.Azure.Blobs);
        IReadOnlyList<ExecutionEvent> kept = (await reader.ReadAsync(Tenant(), 0, 100, CancellationToken.None)).Items;
        Assert.Equal(30, kept.Count);
        Assert.Equal(kept.Select(change => (change.Execution.Name, change.Status == ExecutionStatus.Running ? "RUNNING" : "SUCCEEDED")), page.Items.Select(message =>
        {
            JsonObject detail = Assert.IsType<JsonObject>(message.Content["detail"]);
            return (((JsonString?)detail["name"])?.Value ?? "", ((JsonString?)detail["status"])?.Value ?? "");
        }));
    }

    [Fact]
    public async Task Batch_over_the_limit_of_a_transaction_is_kept_in_several()
    {
        var log = EventLogs.Over(_fixture.Azure);
        ReadOnlyMemory<byte>[] bodies =
        [
            .. Enumerable.Range(0, EventLog.MaxEvents + 1).Select(number => BodyOf(Key($"e{number}"))),
        ];
        Assert.Equal(0, await log.KeepAsync("000000000001", bodies, CancellationToken.None));
        Assert.Equal(2, _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite, "Events"));
        Assert.Equal(0, await log.KeepAsync("000000000001", bodies, CancellationToken.None));
        Assert.Equal((2 * (EventLog.MaxEvents + 1)) + 1, _fixture.Azure.Tables.All(TableName.Events).Count);
    }

    [Fact]
    public async Task Message_of_another_tenant_than_its_session_is_left_out()
    {
        var log = EventLogs.Over(_fixture.Azure);
        Assert.Equal(1, await log.KeepAsync("000000000002", [BodyOf(Key())], CancellationToken.None));
        Assert.Equal(1, await log.KeepAsync("nobody", [BodyOf(Key())], CancellationToken.None));
        Assert.Equal(2, await log.KeepAsync("000000000001", ["{"u8.ToArray(), "[1]"u8.ToArray()], CancellationToken.None));
        Assert.Empty(_fixture.Azure.Tables.All(TableName.Events));
    }

    [Fact]
    public async Task Event_is_published_in_the_end_when_the_topic_cannot_be_reached_at_first()
    {
        ExecutionKey key = await _fixture.StartAsync();
        var end = Batch(1, Turns(1, 1)) with { End = Succeed() };
        _fixture.Azure.Before = operation => operation.Kind == StorageOperationKind.MessageSend
            ? throw new StorageUnavailableException("The topic is away.")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _fixture.AppendAsync(key, end));
        Assert.Empty(_fixture.Azure.Messages.Pending);
        _fixture.Azure.Before = null;
        await _fixture.AppendAsync(key, end);
        Assert.Equal(2, _fixture.Azure.Messages.Pending.Count);
    }

    private static ReadOnlyMemory<byte> BodyOf(ExecutionKey key) =>
        new ExecutionEventMessage(key, ExecutionStatus.Running, Noon).ToMessage(New(key).Record).Body;
}

/// <summary>Event logs over the services in memory.</summary>
internal static class EventLogs
{
    /// <summary>A log whose tenants may have a bus.</summary>
    public static EventLog Over(MemoryAzure azure)
    {
        var channels = new TableChannelStore(azure.Tables, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System);
        return new EventLog(
            azure.Tables,
            new TableExecutionEventReader(azure.Tables, azure.Blobs),
            new StatusChangeBus(channels, new ArnFormat("local"), ServiceLimits.Default, TimeProvider.System));
    }
}
