using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Channels;

/// <summary>What changes of a message. Its row stays when the message is deleted, until its age ends it: so long its id is known.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Sequence">The message's place.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Sent">When it arrived.</param>
/// <param name="Received">How often it was received.</param>
/// <param name="Index">The row of the index that finds it; null when it has none.</param>
/// <param name="Kept">Whether it has content.</param>
/// <param name="Mark">The call that received it last: how one whose answer got lost recognises its own work.</param>
/// <param name="ETag">The version that was read; null when it was not read.</param>
internal sealed record MessageState(
    EntityKey Key, long Sequence, string Id, DateTimeOffset Sent, int Received, string? Index, bool Kept, string? Mark, string? ETag)
{
    private const string IdName = "id";
    private const string SentName = "sent";
    private const string ReceivedName = "received";
    private const string IndexName = "index";
    private const string KeptName = "kept";
    private const string MarkName = "mark";

    /// <summary>A message that has just arrived.</summary>
    public static MessageState New(string partition, long sequence, string id, DateTimeOffset sent, string? index, bool kept) =>
        new(ChannelRows.State(partition, sequence), sequence, id, sent, 0, index, kept, null, null);

    /// <summary>Reads a row.</summary>
    public static MessageState Read(Entity row) => new(
        row.Key,
        ChannelRows.SequenceOf(row),
        row.Get<string>(IdName),
        row.Get<DateTimeOffset>(SentName),
        (int)row.Get<long>(ReceivedName),
        row.TryGet<string>(IndexName, out string? index) ? index : null,
        row.Get<bool>(KeptName),
        row.TryGet<string>(MarkName, out string? mark) ? mark : null,
        row.ETag);

    /// <summary>Adds it.</summary>
    public EntityWrite Insert() => new InsertEntity(ToEntity());

    /// <summary>Replaces what was read.</summary>
    public EntityWrite Replace() => new ReplaceEntity(ToEntity(), Version);

    /// <summary>Removes what was read.</summary>
    public EntityWrite Delete() => new DeleteEntity(Key, Version);

    /// <summary>Takes the content away, and what finds it.</summary>
    public IEnumerable<EntityWrite> Empty()
    {
        yield return (this with { Kept = false, Index = null }).Replace();
        foreach (EntityWrite write in RemoveContent())
        {
            yield return write;
        }
    }

    /// <summary>Removes the rows of the content and of the index, where they are.</summary>
    public IEnumerable<EntityWrite> RemoveContent()
    {
        if (Kept)
        {
            yield return new DeleteEntity(ChannelRows.Content(Key.Partition, Sequence), null);
        }

        if (Index is not null)
        {
            yield return new DeleteEntity(new EntityKey(Key.Partition, Index), null);
        }
    }

    private string Version => ETag ?? throw new InvalidOperationException($"{Key} was not read.");

    private Entity ToEntity() => new Entity(Key)
        .With(IdName, Id).With(SentName, Sent).With(ReceivedName, (long)Received).With(IndexName, Index).With(KeptName, Kept).With(MarkName, Mark);
}
