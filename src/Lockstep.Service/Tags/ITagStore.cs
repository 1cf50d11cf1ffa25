using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tags;

/// <summary>What can have tags. The numbers are stored.</summary>
public enum TaggedKind
{
    /// <summary>A state machine.</summary>
    StateMachine = 0,

    /// <summary>An activity.</summary>
    Activity = 1,
}

/// <summary>A resource that can have tags. One that is deleted and created again is another: it begins without the tags of the first.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was created.</param>
public readonly record struct TaggedResource(TenantId Tenant, TaggedKind Kind, string Name, DateTimeOffset CreatedAt);

/// <summary>A change of a resource's tags.</summary>
/// <param name="Initial">The tags that it was created with, in force until the first change.</param>
/// <param name="Set">Tags to add or to replace.</param>
/// <param name="Remove">Keys of tags to remove; those that are not there count as removed.</param>
/// <param name="MaxTags">Tags that it may have afterwards.</param>
public sealed record TagChange(
    IReadOnlyDictionary<string, string> Initial, IReadOnlyDictionary<string, string> Set, IReadOnlyCollection<string> Remove, int MaxTags)
{
    /// <summary>The tags after the change. Fails with TooManyTags.</summary>
    /// <param name="current">The tags of the change before; null when there was none.</param>
    public Result<Dictionary<string, string>> Apply(IReadOnlyDictionary<string, string>? current)
    {
        var tags = new Dictionary<string, string>(current ?? Initial, StringComparer.Ordinal);
        foreach (string key in Remove)
        {
            tags.Remove(key);
        }

        foreach ((string key, string value) in Set)
        {
            tags[key] = value;
        }

        return tags.Count <= MaxTags
            ? tags
            : new ServiceError(
                ErrorCodes.TooManyTags,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The resource would have {tags.Count} tags; {MaxTags} are allowed."))
            {
                Target = "/tags",
            };
    }
}

/// <summary>Keeps the tags of resources from their first change on. An answer to a change means that it is durable.</summary>
public interface ITagStore
{
    /// <summary>The tags of a resource; null when they were never changed.</summary>
    ValueTask<IReadOnlyDictionary<string, string>?> FindAsync(TaggedResource resource, CancellationToken cancellation);

    /// <summary>Changes the tags; of several changes at a time each meets the outcome of the one before. Fails with TooManyTags, and then changes nothing.</summary>
    ValueTask<Result<Accepted>> ChangeAsync(TaggedResource resource, TagChange change, CancellationToken cancellation);
}
