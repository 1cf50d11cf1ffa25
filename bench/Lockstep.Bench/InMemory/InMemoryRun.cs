using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Bench.InMemory;

/// <summary>Runs one execution on the calling thread, its history produced and counted, its calls answered with their own input.</summary>
internal sealed class InMemoryRun : ITaskTokenIssuer
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:local:000000000001:express:bench:run:0", "run", "arn:aws:states:local:000000000001:stateMachine:bench", "bench",
        "arn:aws:iam::000000000001:role/none", 1, 0, "k", Interpreter.CurrentRevision);

    private readonly CompiledMachine _machine;
    private readonly Queue<Stimulus> _inbox = new();

    public InMemoryRun(string definition) =>
        _machine = AslCompiler.Load(definition).Machine ?? throw new InvalidOperationException("The definition is refused.");

    /// <summary>History events of all executions so far.</summary>
    public long Events { get; private set; }

    public string Issue(ExecutionIdentity execution, CommandId task) => "";

    /// <summary>Runs an execution to its end and gives its output.</summary>
    public JsonValue Execute(JsonValue input)
    {
        ExecutionState state = ExecutionState.Initial;
        _inbox.Clear();
        _inbox.Enqueue(new Started(Start, Identity, input, ExecutionLimits.Default));
        while (_inbox.TryDequeue(out Stimulus? stimulus))
        {
            Decision decision = Interpreter.Decide(_machine, state, stimulus, this);
            state = decision.Next;
            Events += decision.Events.Length;
            foreach (Command command in decision.Commands)
            {
                switch (command)
                {
                    case Continue:
                        _inbox.Enqueue(new Continued(Start));
                        break;
                    case InvokeTask call:
                        _inbox.Enqueue(new TaskSucceeded(Start, call.Id, call.Parameters));
                        break;
                    case Finish { Output: JsonValue output }:
                        return output;
                    default:
                        throw new InvalidOperationException($"The execution was not expected to command {command}.");
                }
            }
        }

        throw new InvalidOperationException("The execution does not end.");
    }
}
