using Lockstep.Json;

namespace Lockstep.Engine.State;

/// <summary>
/// One thread of an execution between two turns: the machine itself, a Parallel branch or a Map iteration. It is in one state, or
/// about to enter it; what it waits for is its <see cref="Occupation"/>. Immutable: a turn works on a <c>LiveFrame</c> and saves it as a new frame.
/// </summary>
internal sealed record Frame
{
    /// <summary>The id of the frame of the machine itself.</summary>
    public const long RootId = 0;

    /// <summary>The value of <see cref="Parent"/> of the machine's own frame.</summary>
    public const long NoParent = -1;

    /// <summary>Its key in <see cref="ExecutionState.Frames"/>; handed out in ascending order.</summary>
    public required long Id { get; init; }

    /// <summary>The frame of the Parallel or Map state that opened it.</summary>
    public required long Parent { get; init; }

    /// <summary>Which branch or iteration of the parent it is, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The item of a Map iteration, shown as <c>$$.Map.Item.Value</c>; null for others.</summary>
    public JsonValue? Item { get; init; }

    /// <summary>The variables assigned in this scope; those of the parents are visible too.</summary>
    public required JsonObject Variables { get; init; }

    /// <summary>The state that it is in or about to enter: an index into the machine's states.</summary>
    public required int State { get; init; }

    /// <summary>The raw input of that state.</summary>
    public required JsonValue Input { get; init; }

    /// <summary>The event that the next one of this thread follows.</summary>
    public required long PreviousEventId { get; init; }

    /// <summary>The StateEntered event of the state; 0 before it is entered.</summary>
    public required long EnteredEventId { get; init; }

    /// <summary>When the state was entered.</summary>
    public required DateTimeOffset EnteredTime { get; init; }

    /// <summary>Retries made in this visit of the state.</summary>
    public required RetryCounts Retries { get; init; }

    /// <summary>What the frame waits for.</summary>
    public required Occupation Occupation { get; init; }
}
