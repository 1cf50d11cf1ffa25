using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// The working copy of a frame within one turn. Changed in place; saved as an immutable <see cref="Frame"/> only when the turn ends and
/// the frame goes on. A frame that begins and ends within one turn is never saved.
/// </summary>
internal sealed class LiveFrame
{
    public long Id { get; set; }

    public long ParentId { get; set; }

    public int Index { get; set; }

    public JsonValue? Item { get; set; }

    public JsonObject Variables { get; set; } = JsonObject.Empty;

    public int State { get; set; }

    public JsonValue Input { get; set; } = JsonNull.Instance;

    public long PreviousEventId { get; set; }

    public long EnteredEventId { get; set; }

    /// <summary>The event before the one of entry, while the turn lasts in which the state was entered; else the last event.</summary>
    public long EventBeforeEntry { get; set; }

    public DateTimeOffset EnteredTime { get; set; }

    public RetryCounts Retries { get; set; }

    /// <summary>What it waits for, unless it waits for frames that it opened.</summary>
    public Occupation Occupation { get; set; } = Entering.Instance;

    /// <summary>The frames it opened and waits for; null when it waits for something else.</summary>
    public LiveJoin? Join { get; set; }

    /// <summary>The map run that it drives; null when it drives none.</summary>
    public LiveMapRun? MapRun { get; set; }

    /// <summary>What was inside it when it failed from inside, while that failure is on its way; else null.</summary>
    public StoppedInside? Inside { get; set; }

    /// <summary>Whether the frame has ended in this turn: its last state is done, it failed, or it was aborted.</summary>
    public bool Ended { get; set; }

    public bool IsRoot => Id == Frame.RootId;

    /// <summary>Whether it is about to enter its state, or to try it again after a redrive.</summary>
    public bool IsEntering => !Ended && Join is null && MapRun is null && Occupation is (Entering or Stopped);

    public void Load(Frame frame)
    {
        Id = frame.Id;
        ParentId = frame.Parent;
        Index = frame.Index;
        Item = frame.Item;
        Variables = frame.Variables;
        State = frame.State;
        Input = frame.Input;
        PreviousEventId = frame.PreviousEventId;
        // Programs before layout 3 left the last visit's event in a frame between two states.
        EnteredEventId = frame.Occupation is Entering ? 0 : frame.EnteredEventId;
        EventBeforeEntry = frame.PreviousEventId;
        EnteredTime = frame.EnteredTime;
        Retries = frame.Retries;
        Occupation = frame.Occupation;
        Join = frame.Occupation is Joining joining ? new LiveJoin(joining) : null;
        MapRun = frame.Occupation is RunningMap map && frame.Input is JsonObject request ? new LiveMapRun(new MapRunRequest(request), map) : null;
    }

    public Frame Save() => new()
    {
        Id = Id,
        Parent = ParentId,
        Index = Index,
        Item = Item,
        Variables = Variables,
        State = State,
        Input = Input,
        PreviousEventId = PreviousEventId,
        EnteredEventId = EnteredEventId,
        EnteredTime = EnteredTime,
        Retries = Retries,
        Occupation = Join?.Save() ?? MapRun?.Save() ?? Occupation,
    };
}
