using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tags;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Changed tags without a database.</summary>
internal sealed class MemoryTagStore : ITagStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaggedResource, IReadOnlyDictionary<string, string>> _tags = [];

    public ValueTask<IReadOnlyDictionary<string, string>?> FindAsync(TaggedResource resource, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_tags.GetValueOrDefault(resource));
        }
    }

    public ValueTask<Result<Accepted>> ChangeAsync(TaggedResource resource, TagChange change, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Result<Dictionary<string, string>> changed = change.Apply(_tags.GetValueOrDefault(resource));
            if (!changed.Succeeded)
            {
                return ValueTask.FromResult<Result<Accepted>>(changed.Error);
            }

            _tags[resource] = changed.Value;
            return ValueTask.FromResult<Result<Accepted>>(default(Accepted));
        }
    }
}
