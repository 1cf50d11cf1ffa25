using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>
/// What nothing has: not yet, or not any more. Its name is written down before it comes to be so, and is looked at after a time of grace, in
/// which those end that make it something's own, and readers read on. Whoever makes it something's own moves its row first; whoever removes it moves it
/// too; only one of them can.
/// </summary>
/// <param name="table">The table; it has no other use of the partitions <c>litter|shard</c>.</param>
/// <param name="nameProperty">Where the row of an owner names what it has.</param>
/// <param name="retry">How often to try.</param>
/// <param name="time">The clock.</param>
internal sealed class Litter(ITable table, string nameProperty, StorageRetry retry, TimeProvider time)
{
    /// <summary>How long something stays that nothing has. To make it may take longer, the commit that follows it may not.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Partitions. Part of the stored form.</summary>
    public const int Shards = 4;

    private const string OwnerPartitionName = "ownerPartition";
    private const string OwnerRowName = "ownerRow";
    private const string NameName = "name";
    private const string DueName = "due";

    /// <summary>Which call moved the row: how one whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    /// <summary>Writes down a name, for now plus the grace; the ticket moves it or takes it away.</summary>
    /// <param name="owner">The row that has it, or is to have it.</param>
    /// <param name="name">What: unique, and its last character is a random hexadecimal digit.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<LitterTicket> AddAsync(EntityKey owner, string name, CancellationToken cancellation)
    {
        var ticket = new LitterTicket(owner, name, time.GetUtcNow() + Grace);
        return await retry.RunAsync<LitterTicket>(
            async () =>
            {
                await table.WriteAsync([new PutEntity(ToEntity(ticket))], cancellation);
                return ticket;
            },
            cancellation);
    }

    /// <summary>Gives it another grace, so that it can be made something's own; null when it is being removed.</summary>
    public ValueTask<LitterTicket?> MoveAsync(LitterTicket ticket, CancellationToken cancellation) =>
        MoveAsync(ticket, time.GetUtcNow() + Grace, cancellation);

    /// <summary>Whether what is written down can still be made something's own at once; if not, it may be being removed, and has to be made anew.</summary>
    public bool IsFresh(LitterTicket ticket) => ticket.Due - time.GetUtcNow() > Grace / 2;

    /// <summary>Forgets a name; one that is not there any more is no failure.</summary>
    public async ValueTask RemoveAsync(LitterTicket ticket, CancellationToken cancellation) => await retry.RunAsync<bool>(
        async () =>
        {
            await table.WriteAsync([new DeleteEntity(KeyOf(ticket), null)], cancellation);
            return true;
        },
        cancellation);

    /// <summary>Looks at what is due, at most so many in each partition; answers how much has been removed.</summary>
    /// <param name="maxItems">Names at most.</param>
    /// <param name="remove">Removes what a name names; false when some of it is left, for the next time.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<int> ClearAsync(int maxItems, Func<string, CancellationToken, ValueTask<bool>> remove, CancellationToken cancellation)
    {
        int removed = 0;
        for (int shard = 0; shard < Shards; shard++)
        {
            var due = new EntityRange(PartitionOf(shard), "", LedgerKeys.Number(time.GetUtcNow().UtcTicks + 1));
            foreach (Entity row in await RangeScan.FirstAsync(table, due, maxItems, cancellation))
            {
                removed += await ClearAsync(Read(row), remove, cancellation) ? 1 : 0;
            }
        }

        return removed;
    }

    private async ValueTask<bool> ClearAsync(
        LitterTicket found, Func<string, CancellationToken, ValueTask<bool>> remove, CancellationToken cancellation)
    {
        if (await table.FindAsync(found.Owner, cancellation) is { } owner && owner.Get<string>(nameProperty) == found.Name)
        {
            await RemoveAsync(found, cancellation);
            return false;
        }

        if (await MoveAsync(found, cancellation) is not { } claimed)
        {
            return false;
        }

        if (!await remove(claimed.Name, cancellation))
        {
            await MoveAsync(claimed, time.GetUtcNow(), cancellation);
            return false;
        }

        await RemoveAsync(claimed, cancellation);
        return true;
    }

    private ValueTask<LitterTicket?> MoveAsync(LitterTicket ticket, DateTimeOffset due, CancellationToken cancellation)
    {
        LitterTicket moved = ticket with { Due = due };
        if (moved.Due == ticket.Due)
        {
            return ValueTask.FromResult<LitterTicket?>(ticket);
        }

        string call = Guid.NewGuid().ToString("N");
        return retry.RunAsync<LitterTicket?>(
            async () =>
            {
                if (await table.FindAsync(KeyOf(moved), cancellation) is { } there)
                {
                    return there.TryGet<string>(MarkName, out string? mark) && mark == call ? moved : null;
                }

                if (await table.FindAsync(KeyOf(ticket), cancellation) is null)
                {
                    return (LitterTicket?)null;
                }

                // Whether it succeeds or is refused: the next look tells whose the row is.
                await table.WriteAsync(
                    [new DeleteEntity(KeyOf(ticket), null), new InsertEntity(ToEntity(moved).With(MarkName, call))], cancellation);
                return Attempt.Again;
            },
            cancellation);
    }

    private static LitterTicket Read(Entity row) => new(
        new EntityKey(row.Get<string>(OwnerPartitionName), row.Get<string>(OwnerRowName)), row.Get<string>(NameName), row.Get<DateTimeOffset>(DueName));

    private static Entity ToEntity(LitterTicket ticket) => new Entity(KeyOf(ticket))
        .With(OwnerPartitionName, ticket.Owner.Partition).With(OwnerRowName, ticket.Owner.Row)
        .With(NameName, ticket.Name).With(DueName, ticket.Due);

    private static EntityKey KeyOf(LitterTicket ticket) => new(
        PartitionOf(int.Parse(ticket.Name.AsSpan(ticket.Name.Length - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards),
        $"{LedgerKeys.Number(ticket.Due.UtcTicks)}|{ticket.Name.Replace('/', '|')}");

    private static string PartitionOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"litter|{shard}");
}

/// <summary>A name that is written down.</summary>
/// <param name="Owner">The row that had, or is to have, what is named.</param>
/// <param name="Name">The name.</param>
/// <param name="Due">When it is looked at.</param>
internal sealed record LitterTicket(EntityKey Owner, string Name, DateTimeOffset Due);

/// <summary>A store that leaves things behind when it is cut off, or that removes what is large later.</summary>
public interface ILeavesLitter
{
    /// <summary>Removes what nothing has any more, or has come to have; answers how much it was. May be cut off anywhere.</summary>
    /// <param name="maxItems">How much one step looks at in each partition.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation);
}
