using Lockstep.Engine.Stimuli;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Effects;

/// <summary>
/// Carries effects out: at once while the limits allow, else in turn, tenant by tenant, so that one with many tasks keeps nobody waiting.
/// Each outcome is delivered to its execution.
/// </summary>
public sealed class EffectRunner(EffectSetup setup)
{
    private readonly EffectGate _gate = new(setup.MaxEffects, setup.MaxEffectsPerTenant);
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

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
            await _none.Task.WaitAsync(timeout, setup.Time, cancellation);
        }
        catch (TimeoutException)
        {
            setup.Warn($"{_gate.UnderWay} effects had not ended when the time to drain was up; the next start carries them out again.", null);
        }
    }

    private async Task RunAsync(Effect effect)
    {
        Stimulus? outcome = null;
        if (!effect.Cancellation.IsCancellationRequested)
        {
            try
            {
                DateTimeOffset start = setup.Time.GetUtcNow();
                TaskOutcome answer = await TaskCalls.InvokeAsync(
                    setup.Targets(), effect.Task, effect.Owner.Key, effect.Owner.EffectKeys, setup.Warn, effect.Cancellation, effect.Trace);
                DateTimeOffset end = setup.Time.GetUtcNow();
                setup.Telemetry?.Called(effect.Owner.Key, effect.Trace, effect.Task, answer, start, end);
                outcome = TaskCalls.ToStimulus(effect.Task, answer, end);
            }
            catch (OperationCanceledException) when (effect.Cancellation.IsCancellationRequested)
            {
                // Nobody wants the outcome any more.
            }
        }

        setup.AfterEffect?.Invoke();
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
}

/// <summary>What an <see cref="EffectRunner"/> works with.</summary>
public sealed record EffectSetup
{
    /// <summary>Effects under way at a time; more wait their turn.</summary>
    public required int MaxEffects { get; init; }

    /// <summary>Effects of one tenant under way at a time.</summary>
    public required int MaxEffectsPerTenant { get; init; }

    /// <summary>What can be called; asked for at each call, as targets are composed late.</summary>
    public required Func<ITaskTargets> Targets { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Tells the operator what needs attention.</summary>
    public required Action<string, Exception?> Warn { get; init; }

    /// <summary>Told of every call; null when nobody wants to know.</summary>
    public ExecutionTelemetry? Telemetry { get; init; }

    /// <summary>Called after each effect, before anybody is told of its outcome; for tests that end the process there.</summary>
    public Action? AfterEffect { get; init; }
}
