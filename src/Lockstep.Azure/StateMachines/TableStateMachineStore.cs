using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// State machines and their revisions (<see cref="MachineRows"/> has the rows). Putting a revision in force is one transaction, and a blob that it needs
/// is written before. A revision's id is drawn anew for every change; so where its row is already, the change was made, by an attempt whose
/// answer got lost. What a revision leaves behind, in force no longer or never, stands in a row of its own until retention takes it.
/// </summary>
public sealed class TableStateMachineStore : IStateMachineStore
{
    private readonly ITable _table;
    private readonly IBlobs _blobs;
    private readonly StorageRetry _retry;
    private readonly TimeProvider _time;
    private readonly CountedRows _machines;
    private readonly VersionClearing _versions;
    private readonly RevisionCache _cache = new();

    /// <summary>Over the table <c>machines</c> and the container of bodies.</summary>
    public TableStateMachineStore(ITables tables, IBlobs blobs, StorageRetry retry, TimeProvider time)
    {
        _table = tables[TableName.Machines];
        _blobs = blobs;
        _retry = retry;
        _time = time;
        _machines = new CountedRows(_table, MachineRows.Machine, retry);
        _versions = new VersionClearing(_table);
    }

    /// <inheritdoc/>
    public ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation)
    {
        Entity head = MachineRows.ToMachine(_machines.KeyOf(machine.Tenant, machine.Name), machine);
        bool isRepeated = false;
        return _retry.RunAsync<Result<StateMachineRecord>>(
            async () =>
            {
                if (isRepeated && await WasMadeAsync(machine, cancellation))
                {
                    return Done(_cache.Add(machine));
                }

                isRepeated = true;
                IReadOnlyList<EntityWrite> revision = await PrepareAsync(machine, cancellation);
                WriteOutcome outcome = await _machines.AddAsync(machine.Tenant, head, revision, cancellation);
                if (outcome.Succeeded || await WasMadeAsync(machine, cancellation))
                {
                    return Done(_cache.Add(machine));
                }

                return outcome.FailedIndex == CountedRows.RowIndex
                    ? Done(new ServiceError(ErrorCodes.StateMachineAlreadyExists, $"State machine '{machine.Name}' already exists."))
                    : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => _retry.RunAsync<StateMachineRecord?>(
        async () =>
        {
            if (await _machines.FindAsync(tenant, name, cancellation) is not { } head)
            {
                return null;
            }

            // A revision that is gone was replaced a long time after the head was read: look again.
            return await ReadRevisionAsync(tenant, name, MachineRows.RevisionIdOf(head), cancellation) is { } machine ? machine : Attempt.Again;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        _retry.RunAsync<StateMachineRecord?>(async () => await ReadRevisionAsync(tenant, name, revisionId, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        _retry.RunAsync<StateMachineRecord?>(
            async () =>
            {
                if (await _table.FindAsync(MachineRows.OutOfForceKey(tenant, name, revisionId), cancellation) is { ETag: { } version } note)
                {
                    if (MachineRows.IsBeingRemoved(note))
                    {
                        return null;
                    }

                    var kept = new ReplaceEntity(MachineRows.ToOutOfForce(tenant, name, revisionId, _time.GetUtcNow()), version);
                    if (!(await _table.WriteAsync([kept], cancellation)).Succeeded)
                    {
                        return Attempt.Again;
                    }
                }

                // What is remembered here may have been removed by another process.
                return await _table.FindAsync(MachineRows.RevisionKey(tenant, name, revisionId), cancellation) is null
                    ? null
                    : await ReadRevisionAsync(tenant, name, revisionId, cancellation);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<StateMachineRecord>> UpdateAsync(
        StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation)
    {
        EntityKey key = _machines.KeyOf(machine.Tenant, machine.Name);
        return _retry.RunAsync<Result<StateMachineRecord>>(
            async () =>
            {
                Entity? head = await _table.FindAsync(key, cancellation);
                string? newest = head is null ? null : MachineRows.RevisionIdOf(head);
                if (newest == machine.RevisionId)
                {
                    return Done(_cache.Add(machine));
                }

                if (Refuse(machine.Name, newest, expectedRevisionId) is { } refusal)
                {
                    return await WasMadeAsync(machine, cancellation) ? Done(machine) : Done(refusal);
                }

                return await PutInForceAsync(head, machine, cancellation) ? Done(_cache.Add(machine)) : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        string? sent = null;
        Release? release = null;
        bool existed = await _retry.RunAsync<bool>(
            async () =>
            {
                Entity? head = await _machines.FindAsync(tenant, name, cancellation);
                if (head is null || (expectedRevisionId is not null && expectedRevisionId != MachineRows.RevisionIdOf(head)))
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent is not null && head is null;
                }

                sent = MachineRows.RevisionIdOf(head);
                release = VersionRows.ReleaseOf(head);
                List<EntityWrite> together = [new PutEntity(MachineRows.ToOutOfForce(tenant, name, sent, _time.GetUtcNow()))];
                if (release is not null)
                {
                    together.Add(new PutEntity(VersionRows.ToDropped(tenant, release.Id)));
                }

                return (await _machines.RemoveAsync(tenant, head, together, cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
        if (existed && release is not null)
        {
            // Its versions and aliases went with its row. What is left of theirs is cleared away here, and by retention if this is cut off.
            await _retry.RunAsync<bool>(async () => await _versions.ClearAsync(tenant, release.Id, _time.GetUtcNow(), cancellation), cancellation);
        }

        return existed;
    }

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        _machines.ListAsync(tenant, page, row => MachineRows.Read(tenant, row, definition: ""), machine => machine.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => _machines.CountAsync(tenant, cancellation);

    private static Attempt<Result<StateMachineRecord>> Done(Result<StateMachineRecord> answer) => new(answer, true);

    private static ServiceError? Refuse(string name, string? newest, string? expected)
    {
        if (newest is null)
        {
            return new ServiceError(ErrorCodes.StateMachineDoesNotExist, $"State machine '{name}' does not exist.");
        }

        return expected is null || expected == newest
            ? null
            : new ServiceError(ErrorCodes.PreconditionFailed, $"The newest revision of '{name}' is '{newest}', not '{expected}'.");
    }

    /// <summary>Tries once to replace what was read of a machine. False when somebody else was faster.</summary>
    private async ValueTask<bool> PutInForceAsync(Entity? head, StateMachineRecord machine, CancellationToken cancellation)
    {
        if (head?.ETag is not { } version)
        {
            throw new InvalidOperationException("A machine that was read has no version.");
        }

        EntityWrite[] writes =
        [
            new ReplaceEntity(VersionRows.With(MachineRows.ToMachine(head.Key, machine), VersionRows.ReleaseOf(head)), version),
            new PutEntity(MachineRows.ToOutOfForce(machine.Tenant, machine.Name, MachineRows.RevisionIdOf(head), _time.GetUtcNow())),
            .. await PrepareAsync(machine, cancellation),
        ];
        return (await _table.WriteAsync(writes, cancellation)).Succeeded || await WasMadeAsync(machine, cancellation);
    }

    /// <summary>
    /// Writes what has to be there before a revision comes into force, and answers with the changes that go into the transaction. A blob is announced by
    /// a row first, so that one whose transaction never comes is found.
    /// </summary>
    private async ValueTask<IReadOnlyList<EntityWrite>> PrepareAsync(StateMachineRecord machine, CancellationToken cancellation)
    {
        byte[] definition = MachineRows.Encode(machine.Definition);
        string? blob = MachineRows.BlobOf(machine, definition);
        var revision = new InsertEntity(MachineRows.ToRevision(machine, definition, blob));
        if (blob is null)
        {
            return [revision];
        }

        Entity announced = MachineRows.ToOutOfForce(machine.Tenant, machine.Name, machine.RevisionId, _time.GetUtcNow());
        await _table.WriteAsync([new PutEntity(announced)], cancellation);
        await _blobs.PutAsync(blob, definition, cancellation);
        return [revision, new DeleteEntity(announced.Key, null)];
    }

    /// <summary>Whether a change was made by an attempt before, perhaps of the caller.</summary>
    private async ValueTask<bool> WasMadeAsync(StateMachineRecord machine, CancellationToken cancellation) =>
        await _table.FindAsync(MachineRows.RevisionKey(machine.Tenant, machine.Name, machine.RevisionId), cancellation) is not null;

    private async ValueTask<StateMachineRecord?> ReadRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation)
    {
        if (_cache.Find(tenant, name, revisionId) is { } known)
        {
            return known;
        }

        if (await _table.FindAsync(MachineRows.RevisionKey(tenant, name, revisionId), cancellation) is not { } row)
        {
            return null;
        }

        ReadOnlyMemory<byte> definition = MachineRows.BlobOf(row) is not { } blob
            ? MachineRows.DefinitionOf(row)
            : await _blobs.FindAsync(blob, cancellation) ?? throw new InvalidOperationException($"The definition of {row.Key} is missing.");
        return _cache.Add(MachineRows.Read(tenant, row, MachineRows.Decode(definition)));
    }
}
