using System.Diagnostics;
using System.Text;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>Reads what an orchestration begins or goes on with, part by part.</summary>
internal sealed class LoadActivity(IExecutionLedger ledger, IStateMachineStore machines, BodyParts parts)
{
    public async ValueTask<PartAnswer> RunAsync(ExecutionKey key, LoadPartRequest request, CancellationToken cancellation)
    {
        switch (request.Source)
        {
            case PartSource.Start:
                return Slice(StimulusBytes.Of((await HeadAsync(key, cancellation)).Start), request.Part);
            case PartSource.Machine:
                return Slice(await DefinitionAsync(key, cancellation), request.Part);
            case PartSource.State:
                return await StateAsync(key, request, cancellation);
            case PartSource.Body:
                return new PartAnswer(
                    await parts.FindPartAsync(key, request.Name ?? "", request.Part, cancellation)
                        ?? throw new InvalidOperationException($"Part {request.Part} of body {request.Name} of execution '{key.Id}' is gone."),
                    HasMore: false);
            default:
                throw new UnreachableException();
        }
    }

    private static PartAnswer Slice(ReadOnlyMemory<byte> content, int part) =>
        new(BodyParts.PartOf(content, part), part + 1 < BodyParts.CountOf(content.Length));

    private async ValueTask<PartAnswer> StateAsync(ExecutionKey key, LoadPartRequest request, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> content = await ledger.ReadStatePartAsync(key, request.Epoch, request.Part, cancellation)
            ?? throw new InvalidOperationException($"Part {request.Part} of the state of epoch {request.Epoch} of execution '{key.Id}' is gone.");

        // Every part but the last one is full, and the last one never is.
        return new PartAnswer(content, content.Length == MessageSizes.Part);
    }

    private async ValueTask<ReadOnlyMemory<byte>> DefinitionAsync(ExecutionKey key, CancellationToken cancellation)
    {
        ExecutionRecord record = (await HeadAsync(key, cancellation)).Record;
        StateMachineRecord machine = await machines.FindPinnedAsync(record, cancellation)
            ?? throw new InvalidOperationException($"Revision {record.RevisionId} of state machine '{record.StateMachineName}' is gone.");
        return Encoding.UTF8.GetBytes(machine.Definition);
    }

    private async ValueTask<LedgerHead> HeadAsync(ExecutionKey key, CancellationToken cancellation) =>
        await ledger.FindAsync(key, cancellation) ?? throw new InvalidOperationException($"Execution '{key.Id}' is not in the ledger.");
}
