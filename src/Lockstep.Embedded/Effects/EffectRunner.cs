using Lockstep.Asl.Resources;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Executions;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Targets;

namespace Lockstep.Embedded.Effects;

/// <summary>
/// Carries effects out: at once while the limits allow, else in turn, tenant by tenant, so that one with many tasks keeps nobody waiting.
/// Each outcome becomes a mail to its execution.
/// </summary>
internal sealed class EffectRunner
{
    private const string RuntimeError = "States.Runtime";

    private readonly DriverRuntime _runtime;
    private readonly EffectGate _gate;
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

    public EffectRunner(DriverRuntime runtime)
    {
        _runtime = runtime;
        _gate = new EffectGate(runtime.Options.MaxConcurrentEffects, runtime.Options.MaxConcurrentEffectsPerTenant);
    }

    /// <summary>Effects under way.</summary>
    public int UnderWay => _gate.UnderWay;

    /// <summary>Carries an effect out, now or as soon as the limits allow.</summary>
    public void Start(Effect effect)
    {
        // What a draining process does not start, the next one does: the command stays outstanding in the state.
        if (!_draining && _gate.TryEnter(effect))
        {
            _ = RunAsync(effect);
        }
    }

    /// <summary>Starts nothing more; effects under way go on.</summary>
    public void Drain()
    {
        _draining = true;
        if (_gate.UnderWay == 0)
        {
            _none.TrySetResult();
        }
    }

    /// <summary>Waits, after <see cref="Drain"/>, until no effect is under way any more, or until the time is up.</summary>
    public async Task WhenNoneAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await _none.Task.WaitAsync(timeout, _runtime.Time, cancellation);
        }
        catch (TimeoutException)
        {
            _runtime.Log.Warn($"{_gate.UnderWay} effects had not ended when the time to drain was up; the next start carries them out again.");
        }
    }

    private async Task RunAsync(Effect effect)
    {
        Stimulus? outcome = effect.Cancellation.IsCancellationRequested ? null : await InvokeAsync(effect);
        _runtime.Failpoints.Hit(Failpoint.AfterEffect);
        if (outcome is not null)
        {
            // Before the place is given back: an effect is under way until its outcome has been handed over, and who drains waits for that.
            effect.Deliver(outcome);
        }

        if (_gate.Leave(effect) is { } next && !_draining)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Runner.RunAsync(item.Next), (Runner: this, Next: next), preferLocal: false);
        }

        if (_draining && _gate.UnderWay == 0)
        {
            _none.TrySetResult();
        }
    }

    private async ValueTask<Stimulus?> InvokeAsync(Effect effect)
    {
        TaskOutcome outcome;
        try
        {
            ITaskTarget? target = _runtime.Targets.Find(effect.Task.Resource);
            outcome = target is null
                ? new TaskRefused(RuntimeError, $"Nothing serves the resource {effect.Task.Resource.Text}.", TaskFailureStage.Schedule)
                : await target.InvokeAsync(effect.ToInvocation(), effect.Cancellation);
        }
        catch (OperationCanceledException) when (effect.Cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception defect)
        {
            _runtime.Log.Warn($"The target of {effect.Task.Resource.Text} threw", defect);
            outcome = new TaskRefused(RuntimeError, defect.Message);
        }

        return ToStimulus(effect, outcome, _runtime.Time.GetUtcNow());
    }

    private static Stimulus ToStimulus(Effect effect, TaskOutcome outcome, DateTimeOffset now) => outcome switch
    {
        TaskAnswered answered when effect.Task.Resource.Pattern == IntegrationPattern.RequestResponse =>
            new TaskSucceeded(now, effect.Task.Id, answered.Output),
        TaskAnswered answered => new TaskSubmitted(now, effect.Task.Id, answered.Output),
        TaskRefused refused => new TaskFailed(now, effect.Task.Id, refused.Error, refused.Cause, refused.Stage),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
