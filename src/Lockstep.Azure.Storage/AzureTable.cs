using System.Diagnostics;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>One table of Azure Tables.</summary>
internal sealed class AzureTable(TableClient table) : ITable
{
    private const int NotFound = 404;

    /// <summary>Not among the SDK's names, though the service answers with it.</summary>
    private const string ConditionNotMet = "ConditionNotMet";

    /// <inheritdoc/>
    public async ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation)
    {
        TableRules.CheckKey(key);
        NullableResponse<TableEntity> found = await StorageCalls.MakeAsync(
            $"Reading from table {table.Name}",
            () => table.GetEntityIfExistsAsync<TableEntity>(key.Partition, key.Row, cancellationToken: cancellation),
            cancellation);
        return found is { HasValue: true, Value: { } entity } ? EntityFormat.FromTable(entity) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation)
    {
        TableRules.CheckQuery(range, maxItems);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {range.Partition} and RowKey ge {range.FromRow} and RowKey lt {range.ToRow}");
        Page<TableEntity>? page = await StorageCalls.MakeAsync($"Querying table {table.Name}", async () =>
        {
            await foreach (Page<TableEntity> first in table
                .QueryAsync<TableEntity>(filter, maxItems, cancellationToken: cancellation)
                .AsPages(continuation, maxItems))
            {
                return first;
            }

            return null;
        }, cancellation);
        return page is null
            ? new EntityPage([], null)
            : new EntityPage([.. page.Values.Select(EntityFormat.FromTable)], string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation)
    {
        TableRules.CheckTransaction(writes);
        return await StorageCalls.MakeAsync(
            $"Writing to table {table.Name}",
            () => writes.Count == 1 ? WriteOneAsync(writes[0], cancellation) : WriteManyAsync(writes, cancellation),
            cancellation);
    }

    private async Task<WriteOutcome> WriteOneAsync(EntityWrite write, CancellationToken cancellation)
    {
        try
        {
            Response response = write switch
            {
                InsertEntity insert => await table.AddEntityAsync(EntityFormat.ToTable(insert.Entity), cancellation),
                ReplaceEntity replace => await table.UpdateEntityAsync(
                    EntityFormat.ToTable(replace.Entity), new ETag(replace.IfMatch), TableUpdateMode.Replace, cancellation),
                PutEntity put => await table.UpsertEntityAsync(EntityFormat.ToTable(put.Entity), TableUpdateMode.Replace, cancellation),
                DeleteEntity delete => await DeleteAsync(delete, cancellation),
                _ => throw new UnreachableException(),
            };
            return new WriteOutcome(WriteRefusal.None, 0, [ETagOf(write, response)]);
        }
        catch (RequestFailedException refused) when (RefusalOf(write, refused.ErrorCode) is { } refusal)
        {
            return new WriteOutcome(refusal, 0, []);
        }
    }

    /// <summary>The SDK takes a deletion of what is not there for done; the port does not.</summary>
    private async Task<Response> DeleteAsync(DeleteEntity delete, CancellationToken cancellation)
    {
        Response response = await table.DeleteEntityAsync(delete.Key.Partition, delete.Key.Row, IfMatch(delete), cancellation);
        return response.Status == NotFound ? throw new RequestFailedException(response) : response;
    }

    private async Task<WriteOutcome> WriteManyAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation)
    {
        try
        {
            Response<IReadOnlyList<Response>> done = await table.SubmitTransactionAsync(writes.Select(ToAction), cancellation);
            return new WriteOutcome(WriteRefusal.None, 0, [.. writes.Zip(done.Value, ETagOf)]);
        }
        catch (TableTransactionFailedException refused) when (
            refused.FailedTransactionActionIndex is int index && RefusalOf(writes[index], refused.ErrorCode) is { } refusal)
        {
            return new WriteOutcome(refusal, index, []);
        }
    }

    private static TableTransactionAction ToAction(EntityWrite write) => write switch
    {
        InsertEntity insert => new TableTransactionAction(TableTransactionActionType.Add, EntityFormat.ToTable(insert.Entity)),
        ReplaceEntity replace => new TableTransactionAction(
            TableTransactionActionType.UpdateReplace, EntityFormat.ToTable(replace.Entity), new ETag(replace.IfMatch)),
        PutEntity put => new TableTransactionAction(TableTransactionActionType.UpsertReplace, EntityFormat.ToTable(put.Entity)),
        DeleteEntity delete => new TableTransactionAction(
            TableTransactionActionType.Delete, new TableEntity(delete.Key.Partition, delete.Key.Row), IfMatch(delete)),
        _ => throw new UnreachableException(),
    };

    private static ETag IfMatch(DeleteEntity delete) => delete.IfMatch is null ? ETag.All : new ETag(delete.IfMatch);

    private static string? ETagOf(EntityWrite write, Response response) =>
        write is DeleteEntity ? null : response.Headers.ETag?.ToString() ?? throw new InvalidOperationException("A write was answered without a version.");

    /// <summary>By code, not by status: a table that is missing, or is being deleted, is an outage and no refusal.</summary>
    private static WriteRefusal? RefusalOf(EntityWrite write, string? code) => write switch
    {
        InsertEntity when code == TableErrorCode.EntityAlreadyExists => WriteRefusal.Exists,
        ReplaceEntity or DeleteEntity when code == TableErrorCode.UpdateConditionNotSatisfied || code == ConditionNotMet => WriteRefusal.Changed,
        ReplaceEntity or DeleteEntity when code == TableErrorCode.ResourceNotFound || code == TableErrorCode.EntityNotFound => WriteRefusal.Missing,
        _ => null,
    };
}
