using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Timers;

namespace Lockstep.Service.Express;

/// <summary>How an Express execution ended.</summary>
/// <param name="Status">Anything but Running.</param>
/// <param name="StoppedAt">When.</param>
/// <param name="Output">Null unless it succeeded.</param>
/// <param name="Error">Null unless it did not.</param>
/// <param name="Cause">Null unless it did not.</param>
/// <param name="Transitions">State transitions billed for it; 0 when it was timed out from outside.</param>
public sealed record ExpressEnd(ExecutionStatus Status, DateTimeOffset StoppedAt, JsonValue? Output, string? Error, string? Cause, long Transitions)
{
    /// <summary>What an execution shows once it has ended so.</summary>
    public ExecutionRecord Apply(ExecutionRecord running) => running with
    {
        Status = Status,
        StoppedAt = StoppedAt,
        Output = Output?.ToString(),
        Error = Error,
        Cause = Cause,
        Transitions = Transitions,
    };
}

/// <summary>What Express executions within one process share. Both drivers run them through here.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Timers">What is due.</param>
/// <param name="Effects">Carries calls out, within the limits of the process.</param>
/// <param name="Tokens">Issues task tokens.</param>
/// <param name="Telemetry">Told of every run; null when nobody wants to know.</param>
public sealed record ExpressRuntime(TimeProvider Time, TimerQueue Timers, EffectRunner Effects, ITaskTokenIssuer Tokens, ServiceTelemetry? Telemetry = null)
{
    private const string TimedOutError = "States.Timeout";

    /// <summary>Keeps log events; null where nothing is logged.</summary>
    public ILogStore? Logs { get; init; }

    /// <summary>Tells the operator what needs attention. Nobody listens unless a driver says so.</summary>
    public Action<string, Exception?> Warn { get; init; } = static (_, _) => { };

    /// <summary>Runs an execution to its end, which may be that its time is up.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="logging">What of it is logged.</param>
    /// <param name="owner">The execution.</param>
    /// <param name="started">Its start.</param>
    /// <param name="longest">Time after which it is timed out.</param>
    /// <param name="cancellation">Nobody wants the outcome any more.</param>
    /// <param name="stopping">The process ends.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, or the process ends.</exception>
    public async Task<ExpressEnd> RunAsync(
        CompiledMachine machine,
        LoggingConfiguration logging,
        IEffectOwner owner,
        Started started,
        TimeSpan longest,
        CancellationToken cancellation,
        CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ExpressLog? log = ExpressLog.For(Logs, logging, owner.Key, Warn);
        using var timeout = new CancellationTokenSource(longest, Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation, stopping);
        try
        {
            return await new ExpressPump(this, machine, owner, log).RunAsync(started, any.Token);
        }
        catch (OperationCanceledException) when (
            timeout.IsCancellationRequested && !cancellation.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            DateTimeOffset now = Time.GetUtcNow();
            await EndLogAsync(log, HistoryEventType.ExecutionTimedOut, TimedOutError, started, now);
            Telemetry?.Executions.ExpressEnded(owner.Key, started, ExecutionStatus.TimedOut, now);
            return new ExpressEnd(ExecutionStatus.TimedOut, now, null, TimedOutError, null, Transitions: 0);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            await EndLogAsync(log, HistoryEventType.ExecutionAborted, null, started, Time.GetUtcNow());
            throw;
        }
    }

    private static async ValueTask EndLogAsync(ExpressLog? log, HistoryEventType type, string? error, Started started, DateTimeOffset now)
    {
        if (log is not null)
        {
            log.End(type, error, started, now);
            await log.FlushAsync(CancellationToken.None);
        }
    }
}
