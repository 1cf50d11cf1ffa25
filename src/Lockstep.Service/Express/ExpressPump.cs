using System.Diagnostics;
using System.Threading.Channels;
using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Timers;

namespace Lockstep.Service.Express;

/// <summary>
/// Runs one Express execution in memory, from its start to its end, with the same decisions as a Standard one and no journal. What is
/// under way when the run is cancelled is cancelled with it.
/// </summary>
internal sealed class ExpressPump(ExpressRuntime runtime, CompiledMachine machine, IEffectOwner owner, ExpressLog? log)
{
    private readonly Channel<Stimulus> _inbox = Channel.CreateUnbounded<Stimulus>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<CommandId, Effect> _effects = [];
    private ExecutionIdentity? _identity;
    private ExecutionTrace? _trace;
    private readonly Dictionary<CommandId, ExpressTimer> _timers = [];

    /// <summary>Runs to the end, or until cancelled.</summary>
    public async Task<ExpressEnd> RunAsync(Started started, CancellationToken cancellation)
    {
        long transitions = 0;
        ExecutionState state = ExecutionState.Initial;
        ExecutionTelemetry? telemetry = runtime.Telemetry?.Executions;
        Stimulus stimulus = started;
        try
        {
            while (true)
            {
                List<StateVisit>? visits = telemetry?.NewVisits();
                Decision decision = Interpreter.DecideWithVisits(machine, state, stimulus, runtime.Tokens, visits);
                telemetry?.Turned(owner.Key, new ObservedTurn(state, stimulus, decision, visits));
                log?.Add(decision);
                _identity = decision.Next.Identity;
                state = decision.Next;
                transitions += Transitions.CountIn(decision.Events);
                foreach (Command command in decision.Commands)
                {
                    if (command is Finish finish)
                    {
                        // Before the end can be seen: whoever has seen it finds the log complete.
                        await FlushAsync(log);
                        return new ExpressEnd(finish.Status, state.Time, finish.Output, finish.Error, finish.Cause, transitions);
                    }

                    CarryOut(command);
                }

                if (log is not null)
                {
                    await log.FlushIfManyAsync(cancellation);
                }

                stimulus = await _inbox.Reader.ReadAsync(cancellation);
            }
        }
        finally
        {
            CancelAll();
        }
    }

    private static ValueTask FlushAsync(ExpressLog? log) => log is null ? ValueTask.CompletedTask : log.FlushAsync(CancellationToken.None);

    private void CarryOut(Command command)
    {
        switch (command)
        {
            case InvokeTask task:
                var effect = new Effect(owner, task, (_, outcome) => _inbox.Writer.TryWrite(outcome))
                {
                    Trace = _trace ??= _identity is null ? null : ExecutionTrace.Of(_identity),
                };
                _effects.Add(task.Id, effect);
                runtime.Effects.Start(effect);
                break;
            case CancelTask cancel:
                if (_effects.Remove(cancel.Task, out Effect? given))
                {
                    given.Cancel();
                }

                break;
            case StartTimer start:
                var timer = new ExpressTimer(runtime.Time, _inbox.Writer, start.Id);
                _timers.Add(start.Id, timer);
                runtime.Timers.Set(timer, start.Due);
                break;
            case CancelTimer cancel:
                if (_timers.Remove(cancel.Timer, out ExpressTimer? cancelled))
                {
                    runtime.Timers.Cancel(cancelled);
                }

                break;
            case Continue:
                _inbox.Writer.TryWrite(new Continued(runtime.Time.GetUtcNow()));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void CancelAll()
    {
        foreach (Effect effect in _effects.Values)
        {
            effect.Cancel();
        }

        foreach (ExpressTimer timer in _timers.Values)
        {
            runtime.Timers.Cancel(timer);
        }
    }

    private sealed class ExpressTimer(TimeProvider time, ChannelWriter<Stimulus> inbox, CommandId timer) : DueEntry
    {
        public override void Due() => inbox.TryWrite(new TimerFired(time.GetUtcNow(), timer));
    }
}
