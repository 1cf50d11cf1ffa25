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

    /// <summary>What is shown of it.</summary>
    public MapRunProgress Progress => new(Settings, Items with { Pending = Source.Pending }, Executions);
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

/// <summary>How far the items of a map run are read.</summary>
/// <param name="Cursor">Where the next read begins; null for the start.</param>
/// <param name="Version">Which content is read; null when it is not known, or has no version.</param>
/// <param name="IsDone">Whether there is nothing more to read.</param>
/// <param name="Read">Items that are read and not begun, from <paramref name="Next"/> on.</param>
/// <param name="Next">Position of the next item in <paramref name="Read"/>.</param>
/// <param name="Begun">Items that were begun; the index of the next item.</param>
internal sealed record ItemSource(string? Cursor, string? Version, bool IsDone, JsonArray Read, int Next, long Begun)
{
    /// <summary>Items that are read and not begun.</summary>
    public int Pending => Read.Count - Next;

    /// <summary>The items that are read and not begun, in an array of their own.</summary>
    public JsonArray Rest => Next == 0 ? Read : JsonArray.Of(Read.AsSpan()[Next..]);
}
