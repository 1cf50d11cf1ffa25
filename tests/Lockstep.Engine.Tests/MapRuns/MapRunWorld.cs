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
    private ulong _random;

    public MapRunWorld(string map, ulong seed)
    {
        _machine = Machines.Load(map).ForMapRunOf(0);
        _random = seed;
    }

    /// <summary>Items that can be read; those of the input do not count.</summary>
    public int Readable { get; init; }

    /// <summary>How a child ends, by its input: null for success, else the error.</summary>
    public Func<JsonValue, string?> EndOf { get; init; } = _ => null;

    /// <summary>One in how many turns is followed by a kill; 0 for none.</summary>
    public int KillsOneIn { get; init; }

    /// <summary>Children whose results one call goes over.</summary>
    public int ResultsAtOnce { get; init; } = 7;

    /// <summary>Fails the read that begins here.</summary>
    public long? ReadFailsAt { get; init; }

    public ExecutionState State { get; private set; } = ExecutionState.Initial;

    public Finish? Finished { get; private set; }

    /// <summary>The children by index, with their inputs.</summary>
    public SortedDictionary<long, JsonValue> Children { get; } = [];

    /// <summary>Children that have started and were stopped.</summary>
    public HashSet<long> Stopped { get; } = [];

    public int MostOpen { get; private set; }

    public int LargestState { get; private set; }

    public static string Request(string members) =>
        $$"""{"MapRunArn":"arn:aws:states:local:000000000001:mapRun:machine/l:n","Name":"n","Label":"l","MapState":0{{members}}}""";

    public void Start(string request) => Send(new Started(Run.Epoch, Run.Identity, JsonValue.Parse(request), ExecutionLimits.Default));

    public void RunToEnd()
    {
        for (int turns = 0; Finished is null; turns++)
        {
            Assert.True(turns < 100_000, "The map run does not end.");
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

    private void Kill()
    {
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, State);
        LargestState = Math.Max(LargestState, bytes.WrittenCount);
        MapRunProgress? before = State.MapRun;
        State = StateCodec.Read(bytes.WrittenSpan);
        Assert.Equal(before, State.MapRun);

        // The answers of calls under way are lost; the ends of children are kept by the store.
        _inbox.RemoveAll(stimulus => stimulus is TaskSubmitted || (stimulus is TaskSucceeded { Task: var task } && !_started.ContainsKey(task)));
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
            case InvokeTask call:
                _inbox.Add(new TaskSucceeded(Run.Epoch, call.Id, ResultsOf(ResultsRequest.Read(call.Parameters)).ToJson()));
                break;
            case CancelTask cancel:
                _cancelled.Add(cancel.Task);
                if (_started.Remove(cancel.Task, out long index))
                {
                    Stopped.Add(index);
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
        if (Children.TryGetValue(child.Index, out JsonValue? before))
        {
            Assert.Equal(before, child.Input); // The same start once more, after a kill.
        }
        else
        {
            Children.Add(child.Index, child.Input);
            _started.Add(call.Id, child.Index);
            string? error = EndOf(child.Input);
            _inbox.Add(error is null
                ? new TaskSucceeded(Run.Epoch, call.Id, JsonNull.Instance)
                : new TaskFailed(Run.Epoch, call.Id, error, null));
        }

        _inbox.Add(new TaskSubmitted(Run.Epoch, call.Id, JsonNull.Instance));
    }

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
        for (long i = from; i < to; i++)
        {
            items.Add(JsonNumber.Of(i));
        }

        string? cursor = to < Readable ? to.ToString(CultureInfo.InvariantCulture) : null;
        return new TaskSucceeded(Run.Epoch, call.Id, new ItemsAnswer(items.ToArray(), cursor, "v").ToJson());
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
