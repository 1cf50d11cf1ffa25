using System.Buffers;
using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.MapRuns;

/// <summary>
/// What a map run sees of the world: items to read, children that start once for each index, results. What happens next is drawn from a seed; a kill
/// forgets everything but the stored state and carries out again what is outstanding.
/// </summary>
internal sealed class MapRunWorld
{
    private readonly CompiledMachine _machine;
    private readonly List<Stimulus> _inbox = [];
    private readonly HashSet<CommandId> _cancelled = [];
    private readonly Dictionary<CommandId, long> _started = [];
    private readonly Dictionary<CommandId, long> _begun = [];
    private ulong _random;

    public MapRunWorld(string map, ulong seed)
    {
        _machine = Machines.Load(map).ForMapRunOf(0);
        _random = seed;
    }

    /// <summary>Items that can be read; those of the input do not count.</summary>
    public int Readable { get; init; }

    /// <summary>How a child ends, by its input: null for success, else the error.</summary>
    public Func<JsonValue, string?> EndOf { get; set; } = _ => null;

    /// <summary>Where an item that was read comes from.</summary>
    public Func<long, string> OriginOf { get; init; } = _ => "S3://b/k";

    /// <summary>One in how many turns is followed by a kill; 0 for none.</summary>
    public int KillsOneIn { get; init; }

    /// <summary>Children whose results one call goes over.</summary>
    public int ResultsAtOnce { get; init; } = 7;

    /// <summary>Fails the read that begins here.</summary>
    public long? ReadFailsAt { get; set; }

    /// <summary>Whether what is stopped may have succeeded before.</summary>
    public bool StopsLate { get; init; }

    /// <summary>Whether a start that was not answered may not have come to pass when the map run is stopped.</summary>
    public bool LosesStarts { get; init; }

    /// <summary>Children that a look finds at most.</summary>
    public int MostFound { get; init; } = 7;

    public ExecutionState State { get; private set; } = ExecutionState.Initial;

    public Finish? Finished { get; private set; }

    /// <summary>The children by index, with their inputs.</summary>
    public SortedDictionary<long, JsonValue> Children { get; } = [];

    /// <summary>How often each child was begun; of those that are stored.</summary>
    public Dictionary<long, int> Attempts { get; } = [];

    /// <summary>How each child has ended; of those that have.</summary>
    public Dictionary<long, string> Ends { get; } = [];

    /// <summary>Children that have started and were stopped.</summary>
    public HashSet<long> Stopped { get; } = [];

    public int MostOpen { get; private set; }

    public int LargestState { get; private set; }

    public static string Request(string members) =>
        $$"""{"MapRunArn":"arn:aws:states:local:000000000001:mapRun:machine/l:n","Name":"n","Label":"l","MapState":0{{members}}}""";

    public void Start(string request, int revision = Engine.Interpreter.CurrentRevision) =>
        Send(new Started(Run.Epoch, Run.Identity with { InterpreterRevision = revision }, JsonValue.Parse(request), ExecutionLimits.Default));

    public void Redrive()
    {
        Finished = null;
        _inbox.Clear();
        Send(new Redriven(Run.Epoch, null, null, null));
    }

    /// <summary>Lets things happen until it ends, or so many of them have.</summary>
    public void RunToEnd(int most = 100_000)
    {
        for (int turns = 0; Finished is null; turns++)
        {
            if (turns == most)
            {
                Assert.True(most < 100_000, "The map run does not end.");
                return;
            }

            Step();
            if (KillsOneIn > 0 && Finished is null && Draw() % (ulong)KillsOneIn == 0)
            {
                Kill();
            }
        }
    }

    public void Step()
    {
        Assert.True(_inbox.Count > 0, "The map run waits for nothing.");
        int next = (int)(Draw() % (ulong)_inbox.Count);
        Stimulus stimulus = _inbox[next];
        _inbox.RemoveAt(next);
        if (stimulus is TaskSucceeded or TaskFailed && _started.Remove(TaskOf(stimulus), out long ended))
        {
            Ends[ended] = (stimulus as TaskFailed)?.Error ?? "SUCCEEDED";
        }

        Send(stimulus);
    }

    public void Send(Stimulus stimulus)
    {
        Decision decision = Engine.Interpreter.Decide(_machine, State, stimulus, FixedTokens.Instance);
        State = decision.Next;
        foreach (Command command in decision.Commands)
        {
            CarryOut(command);
        }

        MostOpen = Math.Max(MostOpen, _started.Count);
    }

    private static CommandId TaskOf(Stimulus stimulus) => stimulus switch
    {
        TaskSucceeded succeeded => succeeded.Task,
        TaskFailed failed => failed.Task,
        _ => default,
    };

    private void Kill()
    {
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, State);
        LargestState = Math.Max(LargestState, bytes.WrittenCount);
        MapRunProgress? before = State.MapRun;
        State = StateCodec.Read(bytes.WrittenSpan);
        Assert.Equal(before, State.MapRun);

        // The answers of calls under way are lost; the ends of children are kept by the store.
        _inbox.RemoveAll(stimulus => stimulus is TaskSubmitted || !_started.ContainsKey(TaskOf(stimulus)));
        foreach (Command command in State.OutstandingCommands())
        {
            CarryOut(command);
        }
    }

    private void CarryOut(Command command)
    {
        switch (command)
        {
            case InvokeTask call when MapRunResources.IsChild(call.Resource):
                StartChild(call);
                break;
            case InvokeTask call when call.Resource == MapRunResources.Read:
                _inbox.Add(Read(call));
                break;
            case InvokeTask call when call.Resource == MapRunResources.Past:
                _inbox.Add(Look(call));
                break;
            case InvokeTask call:
                _inbox.Add(new TaskSucceeded(Run.Epoch, call.Id, ResultsOf(ResultsRequest.Read(call.Parameters)).ToJson()));
                break;
            case CancelTask cancel:
                _cancelled.Add(cancel.Task);
                if (_started.Remove(cancel.Task, out long index))
                {
                    Stop(cancel.Task, index);
                }

                break;
            case Finish finish:
                Finished = finish;
                break;
            default:
                Assert.Fail($"A map run commands no {command}.");
                break;
        }
    }

    private void StartChild(InvokeTask call)
    {
        MapChildRequest child = MapChildRequest.Read(call.Parameters);
        bool isStored = Children.TryGetValue(child.Index, out JsonValue? before);
        Assert.True(isStored || !child.IsStored);
        if (!child.IsStored && isStored)
        {
            Assert.Equal(before, child.Input);
        }

        if (!_begun.TryAdd(call.Id, child.Index))
        {
            Assert.True(isStored); // The same start once more, after a kill.
        }
        else
        {
            Assert.True(child.IsRedriven || !isStored);
            Children[child.Index] = before ?? child.Input;
            _started.Add(call.Id, child.Index);
            string? error = null;
            if (!(Ends.Remove(child.Index, out string? end) && end == "SUCCEEDED"))
            {
                Attempts[child.Index] = Attempts.GetValueOrDefault(child.Index) + 1;
                error = EndOf(Children[child.Index]);
            }

            _inbox.Add(error is null
                ? new TaskSucceeded(Run.Epoch, call.Id, JsonNull.Instance)
                : new TaskFailed(Run.Epoch, call.Id, error, null));
        }

        _inbox.Add(new TaskSubmitted(Run.Epoch, call.Id, JsonNull.Instance));
    }

    /// <summary>A stop may come too late, and before what it is to stop is stored.</summary>
    private void Stop(CommandId task, long index)
    {
        Stopped.Add(index);
        bool answered = !_inbox.Any(stimulus => stimulus is TaskSubmitted submitted && submitted.Task == task);
        if (LosesStarts && !answered && Attempts[index] == 1 && Draw() % 2 == 0)
        {
            Children.Remove(index);
            Attempts.Remove(index);
        }
        else
        {
            Ends[index] = StopsLate && Draw() % 2 == 0 ? "SUCCEEDED" : MapRunChildEnds.Aborted;
        }
    }

    private TaskSucceeded Look(InvokeTask call)
    {
        PastChildrenRequest request = PastChildrenRequest.Read(call.Parameters);
        long after = request.Cursor is null ? -1 : long.Parse(request.Cursor, CultureInfo.InvariantCulture);
        long[] found = [.. Ends.Where(end => end.Key > after && end.Value != "SUCCEEDED").Select(end => end.Key).Order().Take(MostFound)];
        return new TaskSucceeded(Run.Epoch, call.Id, new PastChildrenAnswer(
            [.. found.Select(index => new UnsuccessfulChild(index, ItemsOf(Children[index], request.HasBatches), Ends[index]))],
            found.Length == MostFound ? found[^1].ToString(CultureInfo.InvariantCulture) : null).ToJson());
    }

    private static int ItemsOf(JsonValue input, bool hasBatches) => hasBatches ? ((JsonArray)((JsonObject)input)["Items"]!).Count : 1;

    private Stimulus Read(InvokeTask call)
    {
        ItemsRequest request = ItemsRequest.Read(call.Parameters);
        long from = request.Cursor is null ? 0 : long.Parse(request.Cursor, CultureInfo.InvariantCulture);
        Assert.Equal(from > 0 ? "v" : null, request.Version);
        if (ReadFailsAt == from)
        {
            return new TaskFailed(Run.Epoch, call.Id, "States.ItemReaderFailed", "no");
        }

        long to = Math.Min(from + request.MaxItems, Readable);
        var items = new JsonArrayBuilder();
        JsonArray origins = JsonArray.Empty;
        for (long i = from; i < to; i++)
        {
            origins = ItemOrigins.Together(origins, ItemOrigins.Of(1, OriginOf(i)));
            items.Add(JsonNumber.Of(i));
        }

        string? cursor = to < Readable ? to.ToString(CultureInfo.InvariantCulture) : null;
        return new TaskSucceeded(Run.Epoch, call.Id, new ItemsAnswer(items.ToArray(), cursor, "v") { Origins = origins }.ToJson());
    }

    private ResultsAnswer ResultsOf(ResultsRequest request)
    {
        Assert.Equal(Children.Count, request.Children);
        ResultsCursor cursor = request.Cursor ?? ResultsCursor.Start;
        long next = Math.Min(request.Children, cursor.Next + ResultsAtOnce);
        JsonArray? collected = request.Destination is null
            ? JsonArray.Of([.. Children.Skip((int)cursor.Next).Take((int)(next - cursor.Next)).Select(child => child.Value)])
            : null;
        bool more = next < request.Children;
        return new ResultsAnswer(request.Destination is null || more ? null : JsonString.Of("written"), next)
        {
            Collected = collected,
            Next = more ? cursor with { Next = next, Written = next } : null,
        };
    }

    private ulong Draw()
    {
        _random = (_random * 6364136223846793005) + 1442695040888963407;
        return _random >> 33;
    }
}
