using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Intents;

/// <summary>
/// Intents in Azure Tables: rows by the time at which they are due, in a fixed number of partitions, so that the sweep finds what is due without
/// knowing any tenant.
/// </summary>
public sealed class TableIntents : IIntents
{
    /// <summary>Partitions. Part of the stored form.</summary>
    public const int Shards = 16;

    private const string TenantName = "Tenant";
    private const string Id = "Id";
    private const string Kind = "Kind";
    private const string Due = "Due";
    private const string Attempts = "Attempts";
    private const string FirstDue = "FirstDue";

    private readonly ITable _table;

    /// <summary>Intents in the deployment's tables.</summary>
    public TableIntents(ITables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Intents];
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(Intent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        await _table.WriteAsync([new InsertEntity(ToEntity(intent, attempts: 0, intent.Due))], cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(Intent intent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        await _table.WriteAsync([new DeleteEntity(KeyOf(intent), null)], cancellation);
    }

    /// <summary>Intents of a partition that are due, the oldest first.</summary>
    internal async ValueTask<ImmutableArray<DueIntent>> FindDueAsync(int shard, DateTimeOffset now, int maxItems, CancellationToken cancellation)
    {
        var range = new EntityRange(PartitionOf(shard), "", LedgerKeys.Number(now.UtcTicks + 1));
        ImmutableArray<DueIntent>.Builder found = ImmutableArray.CreateBuilder<DueIntent>();
        string? continuation = null;
        do
        {
            EntityPage page = await _table.QueryAsync(
                range, Math.Min(maxItems - found.Count, TableRules.MaxPageItems), continuation, cancellation);
            found.AddRange(page.Items.Select(Read));
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count < maxItems);
        return found.ToImmutable();
    }

    /// <summary>Looks at an intent again later. Whoever else has looked at it meanwhile may have forgotten it; then it stays forgotten.</summary>
    internal async ValueTask PostponeAsync(DueIntent looked, DateTimeOffset due, CancellationToken cancellation)
    {
        Intent later = looked.Intent with { Due = due };
        await _table.WriteAsync(
            [new DeleteEntity(KeyOf(looked.Intent), null), new InsertEntity(ToEntity(later, looked.Attempts + 1, looked.FirstDue))], cancellation);
    }

    private static DueIntent Read(Entity row) => TenantId.TryParse(row.Get<string>(TenantName), out TenantId tenant)
        ? new DueIntent(
            new Intent((IntentKind)row.Get<long>(Kind), new ExecutionKey(tenant, row.Get<string>(Id)), row.Get<DateTimeOffset>(Due)),
            (int)row.Get<long>(Attempts),
            row.TryGet(FirstDue, out DateTimeOffset first) ? first : row.Get<DateTimeOffset>(Due))
        : throw new InvalidOperationException($"{row.Key} names no tenant.");

    private static Entity ToEntity(Intent intent, int attempts, DateTimeOffset firstDue) => new Entity(KeyOf(intent))
        .With(TenantName, intent.Execution.Tenant.Value)
        .With(Id, intent.Execution.Id)
        .With(Kind, (long)intent.Kind)
        .With(Due, intent.Due)
        .With(Attempts, (long)attempts)
        .With(FirstDue, firstDue);

    private static EntityKey KeyOf(Intent intent)
    {
        string digest = LedgerKeys.Digest($"{intent.Execution.Tenant.Value}|{intent.Execution.Id}");
        int shard = int.Parse(digest.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards;
        string row = string.Create(
            CultureInfo.InvariantCulture, $"{intent.Due.UtcTicks:D19}|{intent.Execution.Tenant.Value}|{(int)intent.Kind}|{digest}");
        return new EntityKey(PartitionOf(shard), row);
    }

    private static string PartitionOf(int shard) => shard.ToString("D2", CultureInfo.InvariantCulture);
}

/// <summary>An intent that is due.</summary>
/// <param name="Intent">The intent.</param>
/// <param name="Attempts">How often the sweep has looked at it already.</param>
/// <param name="FirstDue">When it was due at first, before it was put off.</param>
internal sealed record DueIntent(Intent Intent, int Attempts, DateTimeOffset FirstDue);
