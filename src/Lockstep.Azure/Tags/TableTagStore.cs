using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tags;

namespace Lockstep.Azure.Tags;

/// <summary>
/// Changed tags, a row <c>g|name</c> for each resource beside its own: in table <c>machines</c> or <c>activities</c>, partition the tenant. It belongs to
/// the resource that was created at its time, and is replaced by that of a later one.
/// </summary>
public sealed class TableTagStore(ITables tables, StorageRetry retry) : ITagStore
{
    private const string Kind = "g";
    private const string NameName = "name";
    private const string CreatedName = "created";
    private const string TagsName = "tags";

    /// <summary>Which call wrote the row: how one whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>?> FindAsync(TaggedResource resource, CancellationToken cancellation) =>
        retry.RunAsync<IReadOnlyDictionary<string, string>?>(
            async () => TagsOf(await TableOf(resource).FindAsync(KeyOf(resource), cancellation), resource), cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<Accepted>> ChangeAsync(TaggedResource resource, TagChange change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        string call = Guid.NewGuid().ToString("N");
        ITable table = TableOf(resource);
        return retry.RunAsync<Result<Accepted>>(
            async () =>
            {
                Entity? found = await table.FindAsync(KeyOf(resource), cancellation);
                if (found?.Get<string>(MarkName) == call)
                {
                    return (Result<Accepted>)default(Accepted);
                }

                Result<Dictionary<string, string>> changed = change.Apply(TagsOf(found, resource));
                if (!changed.Succeeded)
                {
                    return (Result<Accepted>)changed.Error;
                }

                Entity row = new Entity(KeyOf(resource)).With(NameName, resource.Name).With(CreatedName, resource.CreatedAt)
                    .With(TagsName, TagBytes.Of(changed.Value)).With(MarkName, call);
                EntityWrite write = found?.ETag is { } version ? new ReplaceEntity(row, version) : new InsertEntity(row);
                return (await table.WriteAsync([write], cancellation)).Succeeded ? (Result<Accepted>)default(Accepted) : Attempt.Again;
            },
            cancellation);
    }

    private static EntityKey KeyOf(TaggedResource resource) => new(resource.Tenant.Value, $"{Kind}{KeyText.Separator}{KeyText.OfName(resource.Name)}");

    private static Dictionary<string, string>? TagsOf(Entity? row, TaggedResource resource) =>
        row is not null && row.Get<DateTimeOffset>(CreatedName) == resource.CreatedAt ? TagBytes.Read(row.Get<ReadOnlyMemory<byte>>(TagsName)) : null;

    private ITable TableOf(TaggedResource resource) => tables[resource.Kind switch
    {
        TaggedKind.StateMachine => TableName.Machines,
        TaggedKind.Activity => TableName.Activities,
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource.Kind, "There is no table for this kind of resource."),
    }];
}
