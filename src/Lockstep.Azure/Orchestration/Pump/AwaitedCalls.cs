using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>The outcome of a call that the orchestration has awaited.</summary>
/// <param name="Task">The task.</param>
/// <param name="Outcome">The stimulus; null when the call was given up, as its task has timed out.</param>
internal readonly record struct CallOutcome(CommandId Task, Stimulus? Outcome);

/// <summary>Calls that the orchestration awaits: few of them as activities of its own, many in batches that each are one event of its history.</summary>
internal sealed class AwaitedCalls(
    IOrchestration orchestration, DurableCalls calls, LargeBodies bodies, TurnLog log, Func<SentBatch, AppendAnswer, bool> confirm, PumpSetup setup)
{
    private int _batches;

    /// <summary>Calls under way, those in batches included.</summary>
    public int UnderWay { get; private set; }

    /// <summary>
    /// Calls the resource of a task. With <paramref name="withTurns"/> the same activity first makes durable what is not known to be so.
    /// </summary>
    public async Task<IReadOnlyList<CallOutcome>> CallAsync(InvokeTask command, ReadOnlyMemory<byte> invocation, bool withTurns)
    {
        UnderWay++;
        Body body = await bodies.PutAsync(invocation, MessageSizes.Inline);
        SentBatch? sent = null;
        InvokeAnswer answer = await calls.CallAsync<InvokeRequest, InvokeAnswer>(OrchestrationNames.Invoke, () =>
        {
            sent = withTurns && log.HasUnconfirmed ? log.Next(null, body.Bytes?.Length ?? 0) : null;
            return Request(body, MessageSizes.Inline) with { Batch = sent?.Batch, Traced = setup.Traced, Logging = sent is null ? null : setup.Logging };
        });
        UnderWay--;
        return sent is not null && answer.Append is not null && !confirm(sent, answer.Append) ? [] : [await ReadAsync(command, answer)];
    }

    /// <summary>Calls the resources of many tasks, each batch in a child orchestration.</summary>
    public IEnumerable<Task<IReadOnlyList<CallOutcome>>> CallMany(IReadOnlyList<(InvokeTask Command, ReadOnlyMemory<byte> Invocation)> commands)
    {
        List<(InvokeTask, ReadOnlyMemory<byte>)> batch = [];
        int bytes = 0;
        foreach ((InvokeTask Command, ReadOnlyMemory<byte> Invocation) next in commands)
        {
            if (batch.Count == setup.Settings.MaxBatchCalls || (batch.Count > 0 && bytes + next.Invocation.Length > MessageSizes.Inline))
            {
                yield return CallBatchAsync([.. batch]);
                batch.Clear();
                bytes = 0;
            }

            batch.Add(next);
            bytes += Math.Min(next.Invocation.Length, MessageSizes.Inline);
        }

        yield return CallBatchAsync([.. batch]);
    }

    /// <summary>The command as it travels.</summary>
    public static ReadOnlyMemory<byte> Encode(InvokeTask command)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        InvocationCodec.Write(bytes, command);
        return bytes.WrittenMemory;
    }

    private async Task<IReadOnlyList<CallOutcome>> CallBatchAsync(ImmutableArray<(InvokeTask Command, ReadOnlyMemory<byte> Invocation)> commands)
    {
        UnderWay += commands.Length;
        int room = MessageSizes.Message / commands.Length;
        ImmutableArray<InvokeRequest>.Builder requests = ImmutableArray.CreateBuilder<InvokeRequest>(commands.Length);
        foreach ((InvokeTask _, ReadOnlyMemory<byte> invocation) in commands)
        {
            requests.Add(Request(await bodies.PutAsync(invocation, MessageSizes.Inline), Math.Min(room, MessageSizes.Inline)));
        }

        TaskBatchAnswer answer = await calls.RunChildAsync<TaskBatchInput, TaskBatchAnswer>(
            OrchestrationNames.TaskBatch, NextBatchId, new TaskBatchInput { Settings = setup.Settings, Traced = setup.Traced, Calls = requests.MoveToImmutable() });
        UnderWay -= commands.Length;
        List<CallOutcome> outcomes = [];
        for (int i = 0; i < commands.Length; i++)
        {
            outcomes.Add(await ReadAsync(commands[i].Command, answer.Answers[i]));
        }

        return outcomes;
    }

    private string NextBatchId() =>
        string.Create(CultureInfo.InvariantCulture, $"{orchestration.InstanceId}-{setup.Epoch}-{++_batches}");

    private InvokeRequest Request(Body invocation, int maxInlineBytes) => new()
    {
        Tenant = setup.Key.Tenant.Value,
        Execution = setup.Key.Id,
        Instance = orchestration.InstanceId,
        Run = setup.Run,
        Invocation = invocation,
        MaxInlineBytes = maxInlineBytes,
    };

    private async Task<CallOutcome> ReadAsync(InvokeTask command, InvokeAnswer answer) => new(
        command.Id, answer.Outcome is null ? null : StimulusBytes.Read(await bodies.GetAsync(answer.Outcome)));
}
