using Lockstep.Azure.Ports;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Storage;

/// <summary>
/// Named things of tenants that have a partition of their own each, under a name that no other thing ever had: what is deleted and created again begins
/// empty. The row <c>h</c> of the partition is there before the thing is, and goes first after it: whoever writes to the partition together with
/// that row, or with another that is there, writes to no partition that is being removed.
/// </summary>
/// <param name="table">The table of the things, of their partitions, and of the litter.</param>
/// <param name="kind">First part of the things' rows; kinds of one table share a count.</param>
/// <param name="litter">Of the table, by <see cref="PartitionName"/>.</param>
/// <param name="retry">How often to try.</param>
internal sealed class NamedPartitions(ITable table, string kind, Litter litter, StorageRetry retry)
{
    /// <summary>Where a thing's row names its partition.</summary>
    public const string PartitionName = "partition";

    /// <summary>The row that says that the partition is in use.</summary>
    public const string HeadRow = "h";

    /// <summary>Transactions in which one step removes rows, so that a large thing holds up no other.</summary>
    private const int RemovalsPerStep = 100;

    private const string NameName = "name";
    private const string CreatedName = "created";

    private readonly CountedRows _rows = new(table, kind, retry);

    /// <summary>Litter in a table of such things.</summary>
    public static Litter LitterOf(ITable table, StorageRetry retry, TimeProvider time) => new(table, PartitionName, retry, time);

    /// <summary>The head of a thing's partition.</summary>
    public static EntityKey HeadOf(Entity row) => new(PartitionOf(row), HeadRow);

    /// <summary>The partition that a thing has.</summary>
    public static string PartitionOf(Entity row) => row.Get<string>(PartitionName);

    /// <summary>The name of a thing.</summary>
    public static string NameOf(Entity row) => row.Get<string>(NameName);

    /// <summary>When a thing was created.</summary>
    public static DateTimeOffset CreatedAt(Entity row) => row.Get<DateTimeOffset>(CreatedName);

    /// <summary>Creates a thing; false when it was there.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="name">The name.</param>
    /// <param name="createdAt">When.</param>
    /// <param name="describe">Adds what else its row says.</param>
    /// <param name="head">Adds what the head of its partition says.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<bool> CreateAsync(
        TenantId tenant, string name, DateTimeOffset createdAt, Func<Entity, Entity> describe, Func<Entity, Entity> head, CancellationToken cancellation)
    {
        if (await FindAsync(tenant, name, cancellation) is not null)
        {
            return false;
        }

        string partition = $"{tenant.Value}|{Guid.NewGuid():N}";
        Entity row = describe(new Entity(_rows.KeyOf(tenant, name)).With(NameName, name).With(CreatedName, createdAt).With(PartitionName, partition));
        LitterTicket ticket = await litter.AddAsync(row.Key, partition, cancellation);
        await retry.RunAsync<bool>(
            async () =>
            {
                await table.WriteAsync([new PutEntity(head(new Entity(new EntityKey(partition, HeadRow))))], cancellation);
                return true;
            },
            cancellation);
        bool created = await retry.RunAsync<bool>(
            async () =>
            {
                if (await table.FindAsync(row.Key, cancellation) is { } found)
                {
                    return PartitionOf(found) == partition;
                }

                if (!litter.IsFresh(ticket))
                {
                    throw new StorageUnavailableException($"{row.Key} was not created: it took longer than {Litter.Grace / 2}.");
                }

                return (await _rows.AddAsync(tenant, row, [], cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
        if (created)
        {
            await litter.RemoveAsync(ticket, cancellation);
        }

        return created;
    }

    /// <summary>Finds a thing.</summary>
    public ValueTask<Entity?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        retry.RunAsync<Entity?>(async () => await _rows.FindAsync(tenant, name, cancellation), cancellation);

    /// <summary>The same, tried once: for what is tried again as a whole.</summary>
    public ValueTask<Entity?> TryFindAsync(TenantId tenant, string name, CancellationToken cancellation) => _rows.FindAsync(tenant, name, cancellation);

    /// <summary>Deletes a thing; its partition goes later. True when it was there.</summary>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        bool sent = false;
        return retry.RunAsync<bool>(
            async () =>
            {
                if (await _rows.FindAsync(tenant, name, cancellation) is not { } row)
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent;
                }

                await litter.AddAsync(row.Key, PartitionOf(row), cancellation);
                sent = true;
                return (await _rows.RemoveAsync(tenant, row, [], cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    /// <summary>A page in the order of names.</summary>
    public ValueTask<Page<T>> ListAsync<T>(TenantId tenant, PageRequest page, Func<Entity, T> read, Func<T, string> nameOf, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, page, read, nameOf, cancellation);

    /// <summary>How many things there are, those of the other kinds of the table included.</summary>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => _rows.CountAsync(tenant, cancellation);

    /// <summary>
    /// Removes some of a partition that nothing has, its head first; true when all of it is gone. Somebody may still write to rows that are there, so it is
    /// gone only when it is found empty.
    /// </summary>
    public static async ValueTask<bool> RemoveAsync(ITable table, string partition, CancellationToken cancellation)
    {
        await table.WriteAsync([new DeleteEntity(new EntityKey(partition, HeadRow), null)], cancellation);
        var all = new EntityRange(partition, "", "~");
        for (int removal = 0; removal < RemovalsPerStep; removal++)
        {
            List<Entity> rows = await RangeScan.FirstAsync(table, all, TableRules.MaxWrites, cancellation);
            if (rows.Count == 0)
            {
                return true;
            }

            // Refused when somebody else has removed one of them: the next look tells what is left.
            await table.WriteAsync([.. rows.Select(row => new DeleteEntity(row.Key, null))], cancellation);
        }

        return false;
    }
}
