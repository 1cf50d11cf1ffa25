using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Targets.SampleFunctions;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Samples;

/// <summary>
/// The smallest driver there can be: Decide, then carry out the commands at once, in virtual time. Functions are the sample functions,
/// children run within, and approvals are decided by the test.
/// </summary>
internal sealed class SamplePump(Func<string, CompiledMachine> machines, string decision)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    /// <summary>What was announced, in order.</summary>
    public List<string> Announcements { get; } = [];

    /// <summary>Most tasks that were open at a time.</summary>
    public int MostOpenTasks { get; private set; }

    /// <summary>Runs a machine to its end.</summary>
    public SampleRun Run(string name, JsonValue input)
    {
        var identity = new ExecutionIdentity(
            $"arn:aws:states:local:000000000001:execution:{name}:run", "run", $"arn:aws:states:local:000000000001:stateMachine:{name}", name, "role", 1, 1, "key", 1);
        return new Execution(this, machines(name)).Run(new Started(Start, identity, input, ExecutionLimits.Default));
    }

    private sealed class Execution(SamplePump pump, CompiledMachine machine)
    {
        private readonly Queue<InvokeTask> _tasks = new();
        private readonly PriorityQueue<StartTimer, (DateTimeOffset Due, long Id)> _timers = new();
        private readonly HashSet<CommandId> _cancelled = [];
        private readonly List<HistoryEvent> _history = [];
        private ExecutionState _state = ExecutionState.Initial;
        private DateTimeOffset _now = Start;
        private Finish? _finish;
        private bool _continue;

        public SampleRun Run(Started started)
        {
            Turn(started);
            while (_finish is null)
            {
                Step();
            }

            return new SampleRun(_finish.Status, _finish.Output, _finish.Error, _finish.Cause, _history);
        }

        private void Step()
        {
            pump.MostOpenTasks = Math.Max(pump.MostOpenTasks, _tasks.Count);
            if (_continue)
            {
                _continue = false;
                Turn(new Continued(_now));
            }
            else if (_tasks.TryDequeue(out InvokeTask? task))
            {
                if (!_cancelled.Contains(task.Id))
                {
                    CarryOut(task);
                }
            }
            else
            {
                StartTimer timer = _timers.Dequeue();
                if (!_cancelled.Contains(timer.Id))
                {
                    _now = timer.Due;
                    Turn(new TimerFired(_now, timer.Id));
                }
            }
        }

        private void CarryOut(InvokeTask task)
        {
            switch (task.Resource)
            {
                case { Kind: ResourceKind.Function }:
                    Answer(task, task.Resource.Action, task.Parameters, output => output);
                    break;
                case { Service: "lambda" }:
                    var parameters = (JsonObject)task.Parameters;
                    Answer(
                        task, ((JsonString?)parameters["FunctionName"])?.Value ?? "", parameters["Payload"] ?? JsonObject.Empty, output => JsonObject.Of("Payload", output));
                    break;
                case { Service: "approval" }:
                    Approve(task);
                    break;
                case { Service: "states" }:
                    RunChild(task);
                    break;
                default:
                    throw new UnreachableException(task.Resource.Text);
            }
        }

        private void Answer(InvokeTask task, string function, JsonValue payload, Func<JsonValue, JsonValue> wrap)
        {
            SampleResponse response = SampleEndpoint.Answer(function, payload.ToUtf8(), task.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (response.Announcement is { } line)
            {
                pump.Announcements.Add(line);
            }

            string? error = response.FunctionError is null ? null : ((JsonString?)((JsonObject)response.Body)["errorType"])?.Value;
            Turn(error is null
                ? new TaskSucceeded(_now, task.Id, wrap(response.Body))
                : new TaskFailed(_now, task.Id, error, response.Body.ToString()));
        }

        private void Approve(InvokeTask task)
        {
            var message = (JsonObject)task.Parameters;
            SampleEndpoint.Answer("notify-approver", message.ToUtf8(), "0");
            pump.Announcements.Add(((JsonString?)message["Title"])?.Value ?? "");
            Turn(new TaskSubmitted(_now, task.Id, JsonObject.Of("Requested", JsonBoolean.True)));
            if (pump.Decision.Length > 0)
            {
                Turn(new TaskSucceeded(_now, task.Id, JsonObject.Of("decision", JsonString.Of(pump.Decision))));
            }
        }

        private void RunChild(InvokeTask task)
        {
            var parameters = (JsonObject)task.Parameters;
            string arn = ((JsonString?)parameters["StateMachineArn"])?.Value ?? "";
            JsonValue input = parameters["Input"] ?? JsonObject.Empty;
            Turn(new TaskSubmitted(_now, task.Id, JsonObject.Of("ExecutionArn", JsonString.Of("child"))));
            SampleRun child = pump.Run(arn[(arn.LastIndexOf(':') + 1)..], input);
            var record = new ExecutionRecord
            {
                Key = new ExecutionKey(Invocations.Tenant, "child:run"),
                Arn = "child",
                Name = "run",
                StateMachineName = "child",
                StateMachineArn = arn,
                RevisionId = "1",
                Type = Lockstep.Service.StateMachines.WorkflowType.Standard,
                Status = child.Status,
                StartedAt = _now,
                StoppedAt = _now,
                Input = input.ToString(),
                Output = child.Output?.ToString(),
                Error = child.Error,
                Cause = child.Cause,
            };
            Turn(NestedExecutionReport.Of(record, task.Resource.Pattern) switch
            {
                TaskSuccessReport success => new TaskSucceeded(_now, task.Id, success.Output),
                TaskFailureReport failure => new TaskFailed(_now, task.Id, failure.Error, failure.Cause),
                _ => throw new UnreachableException(),
            });
        }

        private void Turn(Stimulus stimulus)
        {
            Decision decided = Interpreter.Decide(machine, _state, stimulus, Tokens.Instance);
            _state = decided.Next;
            _history.AddRange(decided.Events);
            foreach (Command command in decided.Commands)
            {
                switch (command)
                {
                    case InvokeTask task:
                        _tasks.Enqueue(task);
                        break;
                    case StartTimer timer:
                        _timers.Enqueue(timer, (timer.Due, timer.Id.Ordinal));
                        break;
                    case CancelTimer cancel:
                        _cancelled.Add(cancel.Timer);
                        break;
                    case CancelTask cancel:
                        _cancelled.Add(cancel.Task);
                        break;
                    case Continue:
                        _continue = true;
                        break;
                    case Finish finish:
                        _finish = finish;
                        break;
                    default:
                        throw new UnreachableException();
                }
            }
        }
    }

    private string Decision { get; } = decision;

    private sealed class Tokens : ITaskTokenIssuer
    {
        public static Tokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => $"token-{task}";
    }
}

/// <summary>How a sample ended.</summary>
internal sealed record SampleRun(ExecutionStatus Status, JsonValue? Output, string? Error, string? Cause, IReadOnlyList<HistoryEvent> History);
