using System.Runtime.CompilerServices;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>Reads everything that is stored of an execution's turns and tasks, for who has to begin anew from it.</summary>
internal sealed class LedgerTurns(LedgerStore store)
{
    private const int RowsAtOnce = 100;

    /// <summary>Every turn, in order.</summary>
    public async IAsyncEnumerable<TurnRecord> ReadAsync(ExecutionKey key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Entity row in RowsAsync(LedgerKeys.PagesFrom(key, 0), cancellation))
        {
            foreach (TurnRecord turn in TurnPage.Read(await store.Bodies.ReadAsync(row, TurnPage.Body, cancellation)))
            {
                yield return turn;
            }
        }
    }

    /// <summary>The row of every task that has one, whatever has become of it.</summary>
    public async IAsyncEnumerable<TaskRow> ReadTasksAsync(ExecutionKey key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Entity row in RowsAsync(LedgerKeys.Tasks(key), cancellation))
        {
            yield return TaskRow.Read(new CommandId(LedgerKeys.OrdinalOf(row.Key)), row);
        }
    }

    private async IAsyncEnumerable<Entity> RowsAsync(EntityRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            EntityPage page = await store.QueryAsync(range, RowsAtOnce, continuation, cancellation);
            foreach (Entity row in page.Items)
            {
                yield return row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
