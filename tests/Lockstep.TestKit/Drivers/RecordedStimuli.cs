using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;

namespace Lockstep.TestKit.Drivers;

/// <summary>
/// Runs a machine twice with the same scripted outcomes in the same order, once through the interpreter alone and once through a host, and
/// compares the histories. The plain run leads: what it waits for next is what the host is given next.
/// </summary>
public sealed class RecordedStimuli
{
    private const string Worker = "worker";

    // Longer waits cost a host many steps and show nothing new.
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(2);

    private readonly IDriverHarness? _host;
    private readonly PlainRun _plain;
    private readonly JsonValue _input;
    private readonly List<HeldCall> _held = [];
    private readonly List<string> _tokens = [];
    private ExecutionKey _key;
    private int _calls;

    private RecordedStimuli(IDriverHarness? host, CompiledMachine machine, JsonValue input)
    {
        _host = host;
        _plain = new PlainRun(machine);
        _input = input;
    }

    /// <summary>Whether a machine rests within so many steps; one that goes round for ever cannot be run until idle.</summary>
    public static async Task<bool> RestsAsync(CompiledMachine machine, JsonValue input, int steps)
    {
        var rehearsal = new RecordedStimuli(null, machine, input);
        await rehearsal.RunAsync(steps);
        return !rehearsal._plain.IsRestless;
    }

    /// <summary>Runs a machine both ways, for so many steps at most; the first difference between the histories, or null.</summary>
    public static async Task<(string? Difference, int Events)> CompareAsync(
        IDriverHarness host, StateMachineRecord stored, CompiledMachine machine, JsonValue input, int steps)
    {
        var recorded = new RecordedStimuli(host, machine, input);
        host.Targets.Answer = recorded.HoldAsync;
        recorded._plain.Now = host.Time.GetUtcNow();
        recorded._key = await host.StartAsync(stored, "run", input.ToString());
        string? missing = await recorded.RunAsync(steps);
        string? difference = missing ?? HistoryComparison.FirstDifference(
            recorded._plain.History, await host.HistoryAsync(recorded._key), recorded._tokens.Concat(recorded._plain.Tokens));
        await host.StopAsync(recorded._key);
        return (difference, recorded._plain.History.Count);
    }

    private async Task<string?> RunAsync(int steps)
    {
        ArnFormat arns = _host?.Service.Arns ?? new ArnFormat("local");
        string machine = _host is null ? "m" : _key.Id.Split(':')[0];
        _plain.Send(new Started(
            _plain.Now,
            new ExecutionIdentity(
                arns.Execution(HarnessSteps.Anna, machine, "run", expressRunId: null), "run", arns.StateMachine(HarnessSteps.Anna, machine), machine,
                ArnFormat.DefaultRole(HarnessSteps.Anna), Seed: 1, _host?.Incarnation ?? 1, "k", Interpreter.CurrentRevision),
            _input,
            ExecutionLimits.Default));
        for (int step = 0; step < steps && _plain is { Runs: true, IsRestless: false }; step++)
        {
            InvokeTask? call = _plain.Calls.OrderBy(item => item.Resource.Kind == ResourceKind.Activity).ThenBy(item => item.Id.Ordinal).FirstOrDefault();
            string? missing = null;
            if (call is not null)
            {
                _plain.Calls.Remove(call);
                missing = call.Resource.Kind == ResourceKind.Activity ? await WorkAsync(call) : await AnswerAsync(call);
            }
            else if (!await FireAsync())
            {
                return null;
            }

            if (missing is not null)
            {
                return missing;
            }
        }

        return null;
    }

    /// <summary>Every seventh call fails; of the others every second gives back what it got.</summary>
    private TaskOutcome Outcome(JsonValue parameters) => ++_calls % 7 == 3
        ? new TaskRefused("Flaky", "this call fails")
        : new TaskAnswered(_calls % 2 == 0 ? parameters : _input);

    private async Task<string?> AnswerAsync(InvokeTask call)
    {
        HeldCall? held = _host is null ? null : Find(call);
        if (_host is not null && held is null)
        {
            return $"the host does not call {call.Resource.Text} in {call.StateName}";
        }

        if (call.Resource.Pattern == IntegrationPattern.RequestResponse)
        {
            TaskOutcome outcome = Outcome(call.Parameters);
            _plain.Send(TaskCalls.ToStimulus(call, outcome, _plain.Now));
            await LetGoAsync(held, Same(outcome, call, held));
            return null;
        }

        var accepted = new TaskAnswered(JsonObject.Empty);
        _plain.Send(TaskCalls.ToStimulus(call, accepted, _plain.Now));
        await LetGoAsync(held, accepted);
        await ReportAsync(
            call.Id, held is null ? null : new TaskTokenClaims(_key, _host?.Incarnation ?? 1, held.Invocation.Task), Outcome(call.Parameters), call.Parameters, held?.Invocation.Parameters);
        return null;
    }

    private async Task<string?> WorkAsync(InvokeTask call)
    {
        ActivityTask? task = null;
        if (_host is not null)
        {
            task = await _host.Ports.Activities.PollAsync(HarnessSteps.Anna, call.Resource.Action, Worker, TimeSpan.Zero, CancellationToken.None);
            if (task is null)
            {
                return $"the host hands out no task of {call.Resource.Text} in {call.StateName}";
            }

            _tokens.Add(task.TaskToken);
        }

        _plain.Send(new ActivityTaken(_plain.Now, call.Id, Worker));
        await ReportAsync(
            call.Id, task is null ? null : _host?.ClaimsOf(task.TaskToken), Outcome(call.Parameters), call.Parameters, task is null ? null : JsonValue.Parse(task.Input));
        return null;
    }

    private async Task ReportAsync(CommandId task, TaskTokenClaims? claims, TaskOutcome outcome, JsonValue plainParameters, JsonValue? hostParameters)
    {
        _plain.Send(outcome switch
        {
            TaskAnswered answered => new TaskSucceeded(_plain.Now, task, answered.Output),
            TaskRefused refused => new TaskFailed(_plain.Now, task, refused.Error, refused.Cause),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        if (_host is null || claims is null)
        {
            return;
        }

        TaskReport report = outcome switch
        {
            TaskAnswered answered => new TaskSuccessReport(
                ReferenceEquals(answered.Output, plainParameters) && hostParameters is not null ? hostParameters : answered.Output),
            TaskRefused refused => new TaskFailureReport(refused.Error, refused.Cause),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        HarnessSteps.Value(await _host.Ports.Driver.DeliverAsync(claims, report, CancellationToken.None));
        await _host.RunUntilIdleAsync();
    }

    /// <summary>Moves both clocks to the next timer and fires what is due; false when nothing is, or not soon.</summary>
    private async Task<bool> FireAsync()
    {
        if (_plain.Timers.Count == 0 || _plain.Timers.Min(timer => timer.Due) is var due && due - _plain.Now > _longestWait)
        {
            return false;
        }

        TimeSpan step = due > _plain.Now ? due - _plain.Now : TimeSpan.Zero;
        _plain.Now += step;
        if (_host is not null)
        {
            await _host.AdvanceAsync(step);
        }

        while (_plain is { Runs: true, IsRestless: false } && _plain.Timers.Where(timer => timer.Due <= _plain.Now).MinBy(timer => (timer.Due, timer.Id.Ordinal)) is { } timer)
        {
            _plain.Timers.Remove(timer);
            _plain.Send(new TimerFired(_plain.Now, timer.Id));
        }

        return true;
    }

    /// <summary>The host's call that is the same; which of two branches gets the lower number may differ.</summary>
    private HeldCall? Find(InvokeTask call)
    {
        string[] tokens;
        lock (_held)
        {
            tokens = [.. _tokens, .. _plain.Tokens];
            string asked = HistoryComparison.Mask(call.Parameters.ToString(), tokens);
            HeldCall? found = _held
                .Where(held => held.Invocation.Resource.Text == call.Resource.Text && held.Invocation.Attempt == call.Attempt
                    && HistoryComparison.Mask(held.Invocation.Parameters.ToString(), tokens) == asked)
                .MinBy(held => held.Invocation.Task.Ordinal);
            if (found is not null)
            {
                _held.Remove(found);
            }

            return found;
        }
    }

    /// <summary>Parameters that are given back are the host's own, with its own token in them.</summary>
    private static TaskOutcome Same(TaskOutcome outcome, InvokeTask call, HeldCall? held) =>
        outcome is TaskAnswered answered && ReferenceEquals(answered.Output, call.Parameters) && held is not null
            ? new TaskAnswered(held.Invocation.Parameters)
            : outcome;

    private async Task LetGoAsync(HeldCall? held, TaskOutcome outcome)
    {
        if (held is not null && _host is not null)
        {
            held.Outcome = outcome;
            held.Gate.Open();
            await _host.RunUntilIdleAsync();
        }
    }

    private async ValueTask<TaskOutcome> HoldAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var held = new HeldCall(invocation, _host?.Targets.NewGate() ?? throw new InvalidOperationException("There is no host."));
        lock (_held)
        {
            _held.Add(held);
            if (invocation.TaskToken is string token)
            {
                _tokens.Add(token);
            }
        }

        try
        {
            await held.Gate.PassAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_held)
            {
                _held.Remove(held);
            }

            throw;
        }

        return held.Outcome ?? throw new InvalidOperationException("The call was let go without an outcome.");
    }

    private sealed class HeldCall(TaskInvocation invocation, CallGate gate)
    {
        public TaskInvocation Invocation => invocation;

        public CallGate Gate => gate;

        public TaskOutcome? Outcome { get; set; }
    }
}
