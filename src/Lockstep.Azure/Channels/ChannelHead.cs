using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Channels;

/// <summary>The head of a channel: whoever adds or removes messages replaces it by its version, so that they come one after the other.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Last">The highest sequence that was ever given.</param>
/// <param name="Kept">Messages that have content.</param>
/// <param name="FirstState">No state of a message is before it.</param>
/// <param name="FirstKept">No content of a message is before it.</param>
/// <param name="Oldest">When the oldest message was sent that has a state; null when there is none.</param>
/// <param name="ETag">The version that was read.</param>
internal sealed record ChannelHead(EntityKey Key, long Last, long Kept, long FirstState, long FirstKept, DateTimeOffset? Oldest, string? ETag)
{
    private const string LastName = "last";
    private const string KeptName = "kept";
    private const string FirstStateName = "firstState";
    private const string FirstKeptName = "firstKept";
    private const string OldestName = "oldest";

    /// <summary>What the head of a new channel says.</summary>
    public static Entity Begin(Entity row) => row.With(LastName, 0L).With(KeptName, 0L).With(FirstStateName, 1L).With(FirstKeptName, 1L);

    /// <summary>Reads a row.</summary>
    public static ChannelHead Read(Entity row) => new(
        row.Key,
        row.Get<long>(LastName),
        row.Get<long>(KeptName),
        row.Get<long>(FirstStateName),
        row.Get<long>(FirstKeptName),
        row.TryGet(OldestName, out DateTimeOffset oldest) ? oldest : null,
        row.ETag);

    /// <summary>Replaces what was read.</summary>
    public EntityWrite Replace() => new ReplaceEntity(
        new Entity(Key)
            .With(LastName, Last).With(KeptName, Kept).With(FirstStateName, FirstState).With(FirstKeptName, FirstKept).With(OldestName, Oldest),
        ETag ?? throw new InvalidOperationException($"{Key} was not read."));
}
