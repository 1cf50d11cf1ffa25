using System.Diagnostics.CodeAnalysis;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// The frames of an execution during a turn. Loads those that the turn touches as working copies, each once, and saves them at the end;
/// frames that begin and end within the turn never reach the persistent tables.
/// </summary>
internal sealed class FrameStore
{
    private readonly ExecutionState _before;
    private readonly Dictionary<long, LiveFrame> _live = [];
    private readonly Queue<LiveFrame> _queue = new();
    private readonly Stack<LiveFrame> _spare = new();
    private PersistentTable<Frame>.Editor? _frames;
    private PersistentTable<long>.Editor? _ready;
    private PersistentTable<Frame>? _saved;

    public FrameStore(ExecutionState before)
    {
        _before = before;
        NextFrame = before.NextFrame;
        NextReady = before.NextReady;
    }

    public long NextFrame { get; private set; }

    public long NextReady { get; private set; }

    /// <summary>The table after <see cref="Save"/>.</summary>
    public PersistentTable<Frame> Frames => _saved ?? throw new InvalidOperationException("The frames are not saved yet.");

    /// <summary>How far a map run is after <see cref="Save"/>; null for other executions.</summary>
    public MapRunProgress? MapRun => Frames.TryGet(Frame.RootId, out Frame? root) ? (root.Occupation as RunningMap)?.Progress : null;

    public PersistentTable<long> Ready => _ready?.ToTable() ?? _before.Ready;

    /// <summary>Whether a frame is left that only needs another turn.</summary>
    public bool HasReady => (_ready?.Count ?? _before.Ready.Count) > 0;

    private PersistentTable<Frame>.Editor Editor => _frames ??= _before.Frames.Edit();

    private PersistentTable<long>.Editor ReadyEditor => _ready ??= _before.Ready.Edit();

    public LiveFrame Open(LiveFrame? parent, int index, JsonValue? item, int state, JsonValue input, long previousEventId)
    {
        if (!_spare.TryPop(out LiveFrame? frame))
        {
            frame = new LiveFrame();
        }

        frame.Id = NextFrame++;
        frame.ParentId = parent?.Id ?? Frame.NoParent;
        frame.Index = index;
        frame.Item = item;
        frame.Variables = JsonObject.Empty;
        frame.State = state;
        frame.Input = input;
        frame.PreviousEventId = previousEventId;
        frame.EnteredEventId = 0;
        frame.Retries = default;
        frame.Occupation = Entering.Instance;
        frame.Join = null;
        frame.MapRun = null;
        frame.Inside = null;
        frame.Ended = false;
        _live.Add(frame.Id, frame);
        return frame;
    }

    public LiveFrame Load(long id)
    {
        if (_live.TryGetValue(id, out LiveFrame? frame))
        {
            return frame;
        }

        if (!Editor.TryGet(id, out Frame? saved))
        {
            throw new InvalidOperationException("The execution has no frame with this id.");
        }

        frame = new LiveFrame();
        frame.Load(saved);
        _live.Add(id, frame);
        return frame;
    }

    public void Close(LiveFrame frame)
    {
        frame.Ended = true;
        _live.Remove(frame.Id);
        if (frame.Id < _before.NextFrame)
        {
            Editor.Remove(frame.Id);
        }
    }

    /// <summary>Takes back the working copy of a frame that has ended and that nobody refers to any more.</summary>
    public void Recycle(LiveFrame frame) => _spare.Push(frame);

    public void Enqueue(LiveFrame frame) => _queue.Enqueue(frame);

    public bool TryDequeue(bool fromEarlierTurns, [NotNullWhen(true)] out LiveFrame? frame)
    {
        while (fromEarlierTurns && ReadyEditor.Count > 0)
        {
            KeyValuePair<long, long> entry = ReadyEditor.Entries().First();
            ReadyEditor.Remove(entry.Key);

            // A frame that a failing sibling took with it leaves its place behind.
            if (_live.ContainsKey(entry.Value) || Editor.TryGet(entry.Value, out _))
            {
                frame = Load(entry.Value);
                return true;
            }
        }

        return _queue.TryDequeue(out frame);
    }

    /// <summary>All frames as they are now, in order of their ids; the store is empty afterwards.</summary>
    public List<Frame> TakeAll()
    {
        SaveLive();
        var all = new List<Frame>(Editor.Count);
        foreach (KeyValuePair<long, Frame> entry in Editor.Entries())
        {
            all.Add(entry.Value);
        }

        foreach (LiveFrame frame in _live.Values)
        {
            frame.Ended = true;
        }

        _live.Clear();
        _queue.Clear();
        _frames = PersistentTable<Frame>.Empty.Edit();
        _ready = PersistentTable<long>.Empty.Edit();
        return all;
    }

    /// <summary>Saves what the turn has changed.</summary>
    public void Save()
    {
        SaveLive();
        foreach (LiveFrame frame in _queue)
        {
            if (frame.IsEntering)
            {
                ReadyEditor.Set(NextReady++, frame.Id);
            }
        }

        _saved = _frames?.ToTable() ?? _before.Frames;
    }

    private void SaveLive()
    {
        // The order of this enumeration does not matter: the table is ordered by id.
        foreach (LiveFrame frame in _live.Values)
        {
            Editor.Set(frame.Id, frame.Save());
        }
    }
}
