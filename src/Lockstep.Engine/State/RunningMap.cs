using System.Collections.Immutable;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Engine.State;

/// <summary>A map run drives its children. Nothing in it grows with the number of items: only what is read and not begun, and what is under way.</summary>
/// <param name="Stage">What it is about.</param>
/// <param name="Settings">How many children may run and fail.</param>
/// <param name="Source">How far the items are read.</param>
/// <param name="Items">How many items are in which state, without those that are read and not begun.</param>
/// <param name="Executions">How many children are in which state.</param>
/// <param name="Children">Children begun so far; the index of the next.</param>
/// <param name="Open">Children under way: ordinal of the command to child.</param>
/// <param name="Call">The read or the writing of results that is under way; null when none is.</param>
/// <param name="Error">Why the map run will fail; null when it will not.</param>
/// <param name="Collected">Results that were collected so far; never more than the result of a state may have.</param>
internal sealed record RunningMap(
    MapRunStage Stage,
    MapRunSettings Settings,
    ItemSource Source,
    MapRunCounts Items,
    MapRunCounts Executions,
    long Children,
    PersistentTable<OpenChild> Open,
    InvokeTask? Call,
    StatesError? Error,
    JsonArray Collected) : Occupation
{
    /// <summary>The call that a command is; null when the map run does not wait for it.</summary>
    public OpenTask? Find(CommandId id) =>
        Call?.Id == id ? new OpenTask(Call, Submitted: false, Taken: false)
        : Open.TryGet(id.Ordinal, out OpenChild? child) ? new OpenTask(child.Command, child.Submitted, Taken: false)
        : null;

    /// <summary>The children of before a redrive that it has not come to; null when there are none.</summary>
    public PastChildren? Past { get; init; }

    /// <summary>What is shown of it. Items that it will not begin any more are stopped ones.</summary>
    public MapRunProgress Progress => new(
        Settings,
        Error is null ? Items with { Pending = Source.Pending } : Items with { Aborted = Items.Aborted + Source.Pending },
        Executions);

    /// <summary>
    /// What is kept when it ends without success, for a redrive to go on with. Children whose start was not answered may not be stored: these it keeps,
    /// with their inputs; all others are found in the store.
    /// </summary>
    public RunningMap AtRest()
    {
        IEnumerable<PastChild> unanswered = Open.Entries()
            .Where(entry => !entry.Value.Submitted)
            .Select(entry => (Request: MapChildRequest.Read(entry.Value.Command.Parameters), entry.Value.Items))
            .Where(child => !child.Request.IsStored)
            .Select(child => new PastChild(child.Request.Index, child.Items, MapChildEnd.Aborted, child.Request.Input));
        return this with
        {
            Open = PersistentTable<OpenChild>.Empty,
            Call = null,
            Collected = JsonArray.Empty,
            Past = new PastChildren(null, IsDone: false, [], [.. Past?.Kept ?? [], .. unanswered]),
        };
    }
}

/// <summary>What a map run is about.</summary>
internal enum MapRunStage : byte
{
    /// <summary>It reads items and begins children.</summary>
    Running,

    /// <summary>It begins nothing more, because it will fail, and waits for what is under way to be stopped.</summary>
    Stopping,

    /// <summary>Every child has ended; the results are written or collected.</summary>
    Finishing,
}

/// <summary>A child under way.</summary>
/// <param name="Command">What starts it; its parameters are dropped once it has started.</param>
/// <param name="Items">Items that it has got.</param>
/// <param name="Submitted">Whether it has started.</param>
internal sealed record OpenChild(InvokeTask Command, long Items, bool Submitted);

/// <summary>
/// What a redriven map run knows of the children that it began before. It comes to each of them once: first to those that the store finds, by cursor,
/// then to those that it kept itself.
/// </summary>
/// <param name="Cursor">Where the store is to go on looking; null for the start.</param>
/// <param name="IsDone">Whether the store has looked at all.</param>
/// <param name="Found">Those that were found and not begun again.</param>
/// <param name="Kept">Those whose start was not answered.</param>
internal sealed record PastChildren(string? Cursor, bool IsDone, ImmutableArray<PastChild> Found, ImmutableArray<PastChild> Kept);

/// <summary>A child of before a redrive.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Items">Items that it has got.</param>
/// <param name="End">How it ended.</param>
/// <param name="Input">Its input; null when the store has it.</param>
internal sealed record PastChild(long Index, long Items, MapChildEnd End, JsonValue? Input);

/// <summary>How far the items of a map run are read.</summary>
/// <param name="Cursor">Where the next read begins; null for the start.</param>
/// <param name="Version">Which content is read; null when it is not known, or has no version.</param>
/// <param name="IsDone">Whether there is nothing more to read.</param>
/// <param name="Read">Items that are read and not begun, from <paramref name="Next"/> on.</param>
/// <param name="Next">Position of the next item in <paramref name="Read"/>.</param>
/// <param name="Begun">Items that were begun; the index of the next item.</param>
internal sealed record ItemSource(string? Cursor, string? Version, bool IsDone, JsonArray Read, int Next, long Begun)
{
    /// <summary>Where the items of <see cref="Read"/> come from, as <see cref="ItemOrigins"/> has it.</summary>
    public JsonArray Origins { get; init; } = JsonArray.Empty;

    /// <summary>The same of <see cref="Rest"/>.</summary>
    public JsonArray RestOrigins => Next == 0 ? Origins : ItemOrigins.Skip(Origins, Next);

    /// <summary>Items that are read and not begun.</summary>
    public int Pending => Read.Count - Next;

    /// <summary>The items that are read and not begun, in an array of their own.</summary>
    public JsonArray Rest => Next == 0 ? Read : JsonArray.Of(Read.AsSpan()[Next..]);
}
