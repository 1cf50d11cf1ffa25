using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Tests.Fakes;

/// <summary>Tables that let something happen once at a read: so a race that chance would have to win is lost every time.</summary>
internal sealed class InterruptedTables(ITables tables) : ITables
{
    private string? _row;
    private Func<Task>? _happens;

    /// <inheritdoc/>
    public ITable this[TableName name] => new Table(this, tables[name]);

    /// <summary>Has something happen before the next look for a row, or after the next look at a range that begins with it.</summary>
    public void Interrupt(string row, Func<Task> happens) => (_row, _happens) = (row, happens);

    private Task PassAsync(string row)
    {
        if (row != _row || _happens is not { } happens)
        {
            return Task.CompletedTask;
        }

        _happens = null;
        return happens();
    }

    private sealed class Table(InterruptedTables owner, ITable table) : ITable
    {
        public async ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation)
        {
            await owner.PassAsync(key.Row);
            return await table.FindAsync(key, cancellation);
        }

        public async ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation)
        {
            EntityPage page = await table.QueryAsync(range, maxItems, continuation, cancellation);
            await owner.PassAsync(range.FromRow);
            return page;
        }

        public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation) => table.WriteAsync(writes, cancellation);
    }
}
