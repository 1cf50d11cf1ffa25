using System.Runtime.CompilerServices;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>Reads ranges whose pages come short or empty as if they came whole.</summary>
internal static class RangeScan
{
    /// <summary>The rows of a partition that begin with a part and <see cref="KeyText.Separator"/>.</summary>
    public static EntityRange OfPrefix(string partition, string part) => new(partition, part + KeyText.Separator, part + KeyText.AfterSeparator);

    /// <summary>Every entity of a range, ascending, in pages of the given size.</summary>
    public static async IAsyncEnumerable<Entity> AllAsync(
        ITable table, EntityRange range, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            EntityPage page = await table.QueryAsync(range, pageSize, continuation, cancellation);
            foreach (Entity entity in page.Items)
            {
                yield return entity;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>The first entities of a range, exactly so many unless it has fewer.</summary>
    public static async ValueTask<List<Entity>> FirstAsync(ITable table, EntityRange range, int maxItems, CancellationToken cancellation)
    {
        List<Entity> found = [];
        string? continuation = null;
        do
        {
            EntityPage page = await table.QueryAsync(range, Math.Min(maxItems - found.Count, TableRules.MaxPageItems), continuation, cancellation);
            found.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count < maxItems);
        return found;
    }
}
