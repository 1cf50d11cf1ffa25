using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>What an execution of ours came to.</summary>
internal sealed record CaseRun(Finish Finish, IReadOnlyList<HistoryEvent> History, string ExecutionArn)
{
    /// <summary>Calls that the real targets answered, not the recording.</summary>
    public int RealCalls { get; init; }
}

/// <summary>Runs an execution against Decide alone, in virtual time: whatever is due first happens next.</summary>
internal sealed class CaseRunner : ITaskTokenIssuer, IDisposable
{
    private const int MostTurns = 10_000;

    private readonly List<(DateTimeOffset Due, long Order, Stimulus Stimulus)> _agenda = [];
    private readonly List<HistoryEvent> _history = [];
    private readonly ScriptedLambdas _lambdas;
    private readonly RecordedTasks _tasks;
    private readonly CaseTargets _targets;
    private readonly bool _stops;
    private readonly CaseObjects _objects;
    private CompiledMachine? _machine;
    private ExecutionIdentity? _identity;
    private long _order;

    private CaseRunner(ConformanceCase recorded, Placeholders placeholders, bool stops)
        : this(new ScriptedLambdas(recorded, placeholders), new RecordedTasks(recorded), new CaseTargets(recorded, placeholders), CaseObjects.Of(recorded, placeholders), stops)
    {
    }

    private CaseRunner(ScriptedLambdas lambdas, RecordedTasks tasks, CaseTargets targets, CaseObjects objects, bool stops)
    {
        _lambdas = lambdas;
        _tasks = tasks;
        _targets = targets;
        _objects = objects;
        _stops = stops;
    }

    public string Issue(ExecutionIdentity execution, CommandId task) => $"task-token-{task}";

    public static CaseRun Run(ConformanceCase recorded, Placeholders placeholders)
    {
        JsonValue definition = recorded["definition"] ?? throw new InvalidDataException("The case has no definition.");
        bool stops = (recorded["setup"] as JsonArray)?.OfType<JsonObject>().Any(s => s["op"] is JsonString { Value: "stop_execution" }) ?? false;
        JsonValue input = recorded["inputRaw"] is JsonString raw
            ? JsonValue.Parse(placeholders.Substitute(raw.Value))
            : placeholders.Substitute(recorded["input"] ?? JsonObject.Empty);
        using var runner = new CaseRunner(recorded, placeholders, stops);
        return runner.Run(Load(placeholders.Substitute(definition.ToString()), recorded.IsExpress), input, recorded.IsExpress);
    }

    /// <summary>Runs one definition with an input, for tables.</summary>
    public static CaseRun Run(ConformanceCase recorded, JsonValue definition, JsonValue input)
    {
        using var runner = new CaseRunner(recorded, new Placeholders(recorded), false);
        return runner.Run(Load(definition.ToString(), false), input, false);
    }

    public void Dispose() => _targets.Dispose();

    private static CompiledMachine Load(string definition, bool express)
    {
        AslLoadResult result = AslCompiler.Load(definition, new AslOptions { Type = express ? WorkflowType.Express : WorkflowType.Standard });
        return result.IsValid
            ? result.Machine
            : throw new InvalidDataException("The definition is refused: " + string.Join("; ", result.Diagnostics.Select(d => d.Message)));
    }

    private CaseRun Run(CompiledMachine machine, JsonValue input, bool express)
    {
        string arn = express
            ? "arn:aws:states:us-east-1:111111111111:express:Machine:Exec:Part"
            : "arn:aws:states:us-east-1:111111111111:execution:Machine:Exec";
        var identity = new ExecutionIdentity(
            arn, "Exec", "arn:aws:states:us-east-1:111111111111:stateMachine:Machine", "Machine", "snf_role_arn", 7, 0, "k", Interpreter.CurrentRevision);
        _machine = machine;
        _identity = identity;
        Add(DateTimeOffset.UnixEpoch, new Started(DateTimeOffset.UnixEpoch, identity, input, ExecutionLimits.Default));
        ExecutionState state = ExecutionState.Initial;
        for (int turn = 0; turn < MostTurns && _agenda.Count > 0; turn++)
        {
            int next = Enumerable.Range(0, _agenda.Count).MinBy(i => (_agenda[i].Due, _agenda[i].Order));
            Stimulus stimulus = _agenda[next].Stimulus;
            _agenda.RemoveAt(next);
            Decision decision = Interpreter.Decide(machine, state, stimulus, this);
            state = decision.Next;
            _history.AddRange(decision.Events);
            if (CarryOut(decision.Commands, state.Time) is Finish finish)
            {
                return new CaseRun(finish, _history, arn) { RealCalls = _targets.Answered };
            }

            if (turn == 0 && _stops)
            {
                _agenda.Clear();
                Add(state.Time, new StopRequested(state.Time, null, null));
            }
        }

        throw new InvalidDataException("The execution does not end.");
    }

    private Finish? CarryOut(IEnumerable<Command> commands, DateTimeOffset now)
    {
        Finish? finish = null;
        foreach (Command command in commands)
        {
            switch (command)
            {
                case InvokeTask call when MapRunResources.IsRun(call.Resource):
                    Add(now, RunMap(call, now));
                    break;
                case InvokeTask call:
                    foreach (Stimulus answer in Answers(call, now))
                    {
                        Add(answer.Time, answer);
                    }

                    break;
                case StartTimer timer:
                    Add(timer.Due, new TimerFired(timer.Due, timer.Id));
                    break;
                case Continue:
                    Add(now, new Continued(now));
                    break;
                case Finish finished:
                    finish = finished;
                    break;
                default:
                    break; // A cancelled task or timer still comes, late; Decide has to ignore it.
            }
        }

        return finish;
    }

    private Stimulus RunMap(InvokeTask call, DateTimeOffset now) => new CaseMapRun(
        _machine ?? throw new InvalidOperationException("No machine runs."),
        _objects,
        (child, input) => new CaseRunner(_lambdas, _tasks, _targets, _objects, stops: false).Run(child, input, express: false).Finish)
        .Run(call, _identity ?? throw new InvalidOperationException("No execution runs."), now);

    private IEnumerable<Stimulus> Answers(InvokeTask call, DateTimeOffset now)
    {
        if (ScriptedLambdas.IsFunction(call))
        {
            return [_lambdas.Answer(call, now)];
        }

        if (!_targets.Serves(call))
        {
            return _tasks.Next(call, now);
        }

        // What a real target answers takes the place of the recorded answer; what whoever got its message then reports is the recording's.
        Stimulus[] recorded = _tasks.HasNext ? [.. _tasks.Next(call, now)] : [];
        Stimulus answer = _targets.Answer(call, now);
        return answer is TaskSubmitted ? [answer, .. recorded.Where(next => next is not TaskSubmitted)] : [answer];
    }

    private void Add(DateTimeOffset due, Stimulus stimulus) => _agenda.Add((due, _order++, stimulus));
}
