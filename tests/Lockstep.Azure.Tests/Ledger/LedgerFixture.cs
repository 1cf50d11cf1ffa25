using System.Buffers;
using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Ledger;

/// <summary>A ledger over services in memory, and the parts that tests put together.</summary>
internal sealed class LedgerFixture
{
    private static readonly ArnFormat _arns = new("local");

    public LedgerFixture(Faults? faults = null)
    {
        Azure = new MemoryAzure(faults);
        Ledger = new TableExecutionLedger(Azure.Tables, Azure.Blobs, Azure.Messages);
        Reader = new TableExecutionReader(Azure.Tables, Azure.Blobs);
    }

    public static DateTimeOffset Noon { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public MemoryAzure Azure { get; }

    public TableExecutionLedger Ledger { get; }

    public TableExecutionReader Reader { get; }

    public static TenantId Tenant(int number = 1) =>
        TenantId.TryParse($"{number:000000000000}", out TenantId tenant) ? tenant : throw new ArgumentOutOfRangeException(nameof(number));

    public static ExecutionKey Key(string name = "one", string machine = "m", int tenant = 1) => ExecutionKey.Of(Tenant(tenant), machine, name, null);

    public static NewExecution New(
        ExecutionKey key, DateTimeOffset? started = null, ulong seed = 7, string input = "{}", ParentTask? parent = null, WorkflowType type = WorkflowType.Standard)
    {
        string[] parts = key.Id.Split(':');
        string arn = _arns.Execution(key.Tenant, parts[0], parts[1], parts.Length > 2 ? parts[2] : null);
        string machineArn = _arns.StateMachine(key.Tenant, parts[0]);
        DateTimeOffset time = started ?? Noon;
        var identity = new ExecutionIdentity(arn, parts[1], machineArn, parts[0], "role", seed, 1, "key", 1);
        var record = new ExecutionRecord
        {
            Key = key,
            Arn = arn,
            Name = parts[1],
            StateMachineName = parts[0],
            StateMachineArn = machineArn,
            RevisionId = "r1",
            Type = type,
            Status = ExecutionStatus.Running,
            StartedAt = time,
            Input = input,
        };
        return new NewExecution(record, new Started(time, identity, JsonValue.Parse(input), ExecutionLimits.Default), parent);
    }

    public async Task<ExecutionKey> StartAsync(ExecutionKey? key = null)
    {
        NewExecution execution = New(key ?? Key());
        Assert.IsType<Created>(await Ledger.CreateAsync(execution, CancellationToken.None));
        return execution.Record.Key;
    }

    public ValueTask<AppendOutcome> AppendAsync(ExecutionKey key, AppendBatch batch) => Ledger.AppendAsync(key, batch, CancellationToken.None);

    public async Task<LedgerHead> HeadAsync(ExecutionKey key)
    {
        LedgerHead? head = await Ledger.FindAsync(key, CancellationToken.None);
        Assert.NotNull(head);
        return head;
    }

    public async Task<ImmutableArray<InboxItem>> InboxAsync(ExecutionKey key) =>
        (await Ledger.ReadInboxAsync(key, [], 1_000, int.MaxValue, CancellationToken.None)).Items;

    /// <summary>Consecutive turns with the chain that such turns have.</summary>
    /// <param name="from">The first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="events">Events of each.</param>
    /// <param name="chain">The chain before the first.</param>
    /// <param name="payload">Text that makes each turn as long.</param>
    public static ImmutableArray<TurnRecord> Turns(long from, int count, int events = 2, long? chain = null, int payload = 0)
    {
        ImmutableArray<TurnRecord>.Builder turns = ImmutableArray.CreateBuilder<TurnRecord>();
        long before = chain ?? ChainAt(from - 1, events, payload);
        for (long turn = from; turn < from + count; turn++)
        {
            TurnRecord made = Turn(turn, 1 + ((turn - 1) * events), events, before, payload);
            before = made.Chain;
            turns.Add(made);
        }

        return turns.ToImmutable();
    }

    public static TurnRecord Turn(long turn, long firstEventId, int events, long chainBefore, int payload = 0)
    {
        DateTimeOffset time = Noon.AddSeconds(turn);
        HistoryEvent[] written =
        [
            .. Enumerable.Range(0, events).Select(index => new HistoryEvent(
                firstEventId + index, 0, time, HistoryEventType.PassStateEntered, new StateEnteredDetails("S", JsonString.Of($"{turn}{new string('x', payload)}")))),
        ];
        var bytes = new ArrayBufferWriter<byte>();
        TurnDigest digest = TurnCodec.Write(bytes, new Continued(time), written);
        return new TurnRecord(turn, firstEventId, events, TurnChain.After(chainBefore, turn, digest), 1, bytes.WrittenMemory);
    }

    public static AppendBatch Batch(long epoch, ImmutableArray<TurnRecord> turns) => new() { Epoch = epoch, Turns = turns };

    public static OpenTaskRow Open(
        long task, OpenTaskKind kind = OpenTaskKind.Callback, long? heartbeatSeconds = null, string? activity = null, int invocation = -1) =>
        new(new CommandId(task), kind, Noon, heartbeatSeconds, activity, invocation < 0 ? null : (ReadOnlyMemory<byte>?)new byte[invocation]);

    public static TaskSucceeded Success(long task, string output = "1", DateTimeOffset? time = null) =>
        new(time ?? Noon.AddMinutes(1), new CommandId(task), JsonValue.Parse(output));

    public static ExecutionEnd Succeed(string output = "1") =>
        new(ExecutionStatus.Succeeded, Noon.AddHours(1), JsonValue.Parse(output), null, null);

    private static long ChainAt(long turn, int events, int payload) => turn == 0 ? TurnChain.Start : Turns(1, (int)turn, events, TurnChain.Start, payload)[^1].Chain;
}
