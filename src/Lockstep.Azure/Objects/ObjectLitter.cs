using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Objects;

/// <summary>
/// Content that no object has: not yet, or not any more. Its name is written down before it comes to be so, and is looked at after a time of grace, in
/// which uploads end and readers read on. Whoever makes the content an object's own moves its row first; whoever removes the content moves it
/// too; only one of them can.
/// </summary>
internal sealed class ObjectLitter(ITables tables, ObjectParts parts, StorageRetry retry, TimeProvider time)
{
    /// <summary>How long content stays that no object has. An upload may take longer, the commit that follows it may not.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Partitions. Part of the stored form.</summary>
    public const int Shards = 4;

    private const string TenantName = "tenant";
    private const string BucketName = "bucket";
    private const string ObjectName = "object";
    private const string FolderName = "folder";
    private const string DueName = "due";

    /// <summary>Which call moved the row: how one whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    private readonly ITable _table = tables[TableName.Objects];

    /// <summary>Writes down a folder, for now plus the grace; the ticket moves it or takes it away.</summary>
    public async ValueTask<LitterTicket> AddAsync(ObjectPlace place, string folder, CancellationToken cancellation)
    {
        var ticket = new LitterTicket(place, folder, time.GetUtcNow() + Grace);
        await InsertAsync(ticket, cancellation);
        return ticket;
    }

    /// <summary>Gives a folder another grace, so that it can be made an object's own; null when it is being removed.</summary>
    public ValueTask<LitterTicket?> MoveAsync(LitterTicket ticket, CancellationToken cancellation)
    {
        LitterTicket moved = ticket with { Due = time.GetUtcNow() + Grace };
        if (moved.Due == ticket.Due)
        {
            return ValueTask.FromResult<LitterTicket?>(ticket);
        }

        string call = Guid.NewGuid().ToString("N");
        return retry.RunAsync<LitterTicket?>(
            async () =>
            {
                if (await _table.FindAsync(KeyOf(moved), cancellation) is { } there)
                {
                    return there.TryGet<string>(MarkName, out string? mark) && mark == call ? moved : null;
                }

                if (await _table.FindAsync(KeyOf(ticket), cancellation) is null)
                {
                    return (LitterTicket?)null;
                }

                // Whether it succeeds or is refused: the next look tells whose the row is.
                await _table.WriteAsync(
                    [new DeleteEntity(KeyOf(ticket), null), new InsertEntity(ToEntity(moved).With(MarkName, call))], cancellation);
                return Attempt.Again;
            },
            cancellation);
    }

    /// <summary>Forgets a folder; one that is not there any more is no failure.</summary>
    public async ValueTask RemoveAsync(LitterTicket ticket, CancellationToken cancellation) => await retry.RunAsync<bool>(
        async () =>
        {
            await _table.WriteAsync([new DeleteEntity(KeyOf(ticket), null)], cancellation);
            return true;
        },
        cancellation);

    /// <summary>Looks at what is due, at most so many in each partition; answers how much content it has removed.</summary>
    public async ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation)
    {
        int removed = 0;
        for (int shard = 0; shard < Shards; shard++)
        {
            var due = new EntityRange(PartitionOf(shard), "", LedgerKeys.Number(time.GetUtcNow().UtcTicks + 1));
            foreach (Entity row in await RangeScan.FirstAsync(_table, due, maxItems, cancellation))
            {
                removed += await ClearAsync(Read(row), cancellation) ? 1 : 0;
            }
        }

        return removed;
    }

    private async ValueTask<bool> ClearAsync(LitterTicket found, CancellationToken cancellation)
    {
        if (await IsInUseAsync(found, cancellation))
        {
            await RemoveAsync(found, cancellation);
            return false;
        }

        if (await MoveAsync(found, cancellation) is not { } claimed)
        {
            return false;
        }

        await parts.DeleteAsync(claimed.Folder, cancellation);
        await RemoveAsync(claimed, cancellation);
        return true;
    }

    private async ValueTask<bool> IsInUseAsync(LitterTicket ticket, CancellationToken cancellation) =>
        await _table.FindAsync(ObjectRows.KeyOf(ticket.Place), cancellation) is { } row && ObjectRows.FolderOf(row) == ticket.Folder;

    private ValueTask<bool> InsertAsync(LitterTicket ticket, CancellationToken cancellation) => retry.RunAsync<bool>(
        async () =>
        {
            await _table.WriteAsync([new PutEntity(ToEntity(ticket))], cancellation);
            return true;
        },
        cancellation);

    private static LitterTicket Read(Entity row) => TenantId.TryParse(row.Get<string>(TenantName), out TenantId tenant)
        ? new LitterTicket(
            new ObjectPlace(tenant, row.Get<string>(BucketName), row.Get<string>(ObjectName)),
            row.Get<string>(FolderName),
            row.Get<DateTimeOffset>(DueName))
        : throw new InvalidOperationException($"{row.Key} names no tenant.");

    private static Entity ToEntity(LitterTicket ticket) => new Entity(KeyOf(ticket))
        .With(TenantName, ticket.Place.Tenant.Value).With(BucketName, ticket.Place.Bucket).With(ObjectName, ticket.Place.Key)
        .With(FolderName, ticket.Folder).With(DueName, ticket.Due);

    // The last digit of a folder is random.
    private static EntityKey KeyOf(LitterTicket ticket) => new(
        PartitionOf(int.Parse(ticket.Folder.AsSpan(ticket.Folder.Length - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards),
        $"{LedgerKeys.Number(ticket.Due.UtcTicks)}|{ticket.Folder.Replace('/', '|')}");

    private static string PartitionOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"litter|{shard}");
}

/// <summary>A folder that is written down.</summary>
/// <param name="Place">The object that it was, or is to be, the content of.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Due">When it is looked at.</param>
internal sealed record LitterTicket(ObjectPlace Place, string Folder, DateTimeOffset Due);
