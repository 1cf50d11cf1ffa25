using System.Globalization;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Recovery;

/// <summary>
/// Goes round all executions that are listed as running and looks after each whose orchestration does not run (<see cref="ExecutionRecovery"/>). A step
/// looks at a bounded number of executions and lists and notes where it is; it may be cut off anywhere, and several may step at the same time.
/// </summary>
public sealed class RecoverySweep
{
    private const string TenantName = "tenant";
    private const string ShardName = "shard";
    private const string AfterName = "after";
    private const string BeganName = "began";

    private static readonly EntityKey CursorKey = new("platform|recovery", "at");

    private readonly ITable _cursors;
    private readonly ExecutionListings _listings;
    private readonly ExecutionRecovery _recovery;
    private readonly ITenantStore _tenants;
    private readonly TimeProvider _time;
    private readonly RecoveryOptions _options;
    private readonly Action<string, Exception?> _warn;

    internal RecoverySweep(
        ITables tables, ExecutionRecovery recovery, ITenantStore tenants, TimeProvider time, RecoveryOptions options, Action<string, Exception?> warn)
    {
        _cursors = tables[TableName.Tenants];
        _listings = new ExecutionListings(tables);
        _recovery = recovery;
        _tenants = tenants;
        _time = time;
        _options = options;
        _warn = warn;
    }

    /// <summary>One step.</summary>
    public async ValueTask<RecoveryStep> StepAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Position at = await ReadAsync(now, cancellation);
        if (at.Tenant is null && at.Began > now)
        {
            return new RecoveryStep(0, 0, 0);
        }

        TenantId? tenant = at.Tenant ?? await NextTenantAsync(null, cancellation);
        DateTimeOffset began = at.Tenant is null ? now : at.Began;
        int shard = at.Shard;
        string? after = at.After;
        var step = new RecoveryStep(0, 0, 0);
        for (int budget = _options.MaxRows; budget > 0 && tenant is { } owner; budget--)
        {
            List<Entity> rows = await _listings.RunningAsync(owner, shard, now - _options.Grace, after, budget, cancellation);
            foreach (Entity row in rows)
            {
                step = await LookAsync(ListingRow.Read(owner, row).Key, step, cancellation);
            }

            bool hasMore = rows.Count == budget;
            budget -= rows.Count;
            after = hasMore ? rows[^1].Key.Row : null;
            shard = hasMore ? shard : (shard + 1) % ExecutionListings.Lists;
            tenant = hasMore || shard > 0 ? owner : await NextTenantAsync(owner, cancellation);
        }

        await WriteAsync(new Position(tenant, shard, after, tenant is null ? began + _options.RoundPause : began), cancellation);
        return step;
    }

    private async ValueTask<RecoveryStep> LookAsync(ExecutionKey key, RecoveryStep step, CancellationToken cancellation)
    {
        Recovered recovered = Recovered.Fine;
        try
        {
            recovered = await _recovery.RecoverAsync(key, cancellation);
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or StorageUnavailableException))
        {
            // One that nobody can look after does not keep the sweep from the others.
            _warn($"Recovery met a defect at execution '{key.Id}' of tenant {key.Tenant.Value}", defect);
        }

        switch (recovered.As)
        {
            case RecoveredAs.Restarted:
                _warn($"Execution '{key.Id}' of tenant {key.Tenant.Value} had no orchestration that runs it; it was restarted from its rows", null);
                break;
            case RecoveredAs.Quarantined:
                _warn($"Execution '{key.Id}' of tenant {key.Tenant.Value} is quarantined: {recovered.Reason}", null);
                break;
            default:
                break;
        }

        return new RecoveryStep(
            step.Looked + 1,
            step.Restarted + (recovered.As == RecoveredAs.Restarted ? 1 : 0),
            step.Quarantined + (recovered.As == RecoveredAs.Quarantined ? 1 : 0));
    }

    private async ValueTask<TenantId?> NextTenantAsync(TenantId? after, CancellationToken cancellation) =>
        (await _tenants.ListAsync(new PageRequest(1, after?.Value), cancellation)).Items is [var next] ? next.Tenant : null;

    private async ValueTask<Position> ReadAsync(DateTimeOffset now, CancellationToken cancellation) =>
        await _cursors.FindAsync(CursorKey, cancellation) is not { } row
            ? new Position(null, 0, null, now)
            : new Position(
                row.TryGet<string>(TenantName, out string? digits) && TenantId.TryParse(digits, out TenantId tenant) ? tenant : null,
                int.Parse(row.Get<string>(ShardName), CultureInfo.InvariantCulture),
                row.TryGet<string>(AfterName, out string? after) ? after : null,
                row.Get<DateTimeOffset>(BeganName));

    private async ValueTask WriteAsync(Position next, CancellationToken cancellation) => await _cursors.WriteAsync(
        [
            new PutEntity(new Entity(CursorKey)
                .With(TenantName, next.Tenant?.Value)
                .With(ShardName, next.Shard.ToString(CultureInfo.InvariantCulture))
                .With(AfterName, next.After)
                .With(BeganName, next.Began)),
        ],
        cancellation);

    /// <summary>Where a round is. Without a tenant there is none, and the time says when the next one may begin.</summary>
    private sealed record Position(TenantId? Tenant, int Shard, string? After, DateTimeOffset Began);
}

/// <summary>What a step has done.</summary>
/// <param name="Looked">Executions that were looked at.</param>
/// <param name="Restarted">Executions that go on in a new orchestration.</param>
/// <param name="Quarantined">Executions that are out of service.</param>
public sealed record RecoveryStep(int Looked, int Restarted, int Quarantined);

/// <summary>How much recovery does at a time.</summary>
public sealed record RecoveryOptions
{
    /// <summary>Executions, and lists of them, that one step looks at. Default 100.</summary>
    public int MaxRows { get; init; } = 100;

    /// <summary>How old an execution has to be before it is looked at: its start is the business of whoever starts it. Default 2 min.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The least time from the begin of one round to that of the next. Default 5 min.</summary>
    public TimeSpan RoundPause { get; init; } = TimeSpan.FromMinutes(5);
}
