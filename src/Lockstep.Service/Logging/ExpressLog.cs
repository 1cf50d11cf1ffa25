using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Logging;

/// <summary>
/// The log of one run of an Express execution, which has no other history. Events are gathered and written when the run ends, and whenever
/// <see cref="MaxWaiting"/> of them wait. Used by one thread at a time.
/// </summary>
public sealed class ExpressLog
{
    /// <summary>Events after which those that wait are written although the run goes on.</summary>
    public const int MaxWaiting = 50;

    private readonly ILogStore _store;
    private readonly LoggingConfiguration _logging;
    private readonly LogGroup _group;
    private readonly ExecutionKey _key;
    private readonly Action<string, Exception?> _warn;
    private readonly List<LogEvent> _waiting = [];
    private long _lastId;

    private ExpressLog(ILogStore store, LoggingConfiguration logging, LogGroup group, ExecutionKey key, Action<string, Exception?> warn)
    {
        _store = store;
        _logging = logging;
        _group = group;
        _key = key;
        _warn = warn;
    }

    /// <summary>The log of a run; null when nothing of it is logged.</summary>
    /// <param name="store">Where log events are kept; null where they are not.</param>
    /// <param name="logging">What the revision says.</param>
    /// <param name="key">The execution.</param>
    /// <param name="warn">Told of events that the store did not take.</param>
    public static ExpressLog? For(ILogStore? store, LoggingConfiguration logging, ExecutionKey key, Action<string, Exception?> warn)
    {
        ArgumentNullException.ThrowIfNull(logging);
        return store is not null && logging.LogGroup is { } name ? new ExpressLog(store, logging, new LogGroup(key.Tenant, name), key, warn) : null;
    }

    /// <summary>Adds the events of a turn.</summary>
    public void Add(in Decision decision)
    {
        _lastId = decision.Next.LastEventId;
        _waiting.AddRange(ExecutionLog.Of(_logging, _key, decision));
    }

    /// <summary>Adds the end of a run that was ended from outside, which the interpreter never heard of.</summary>
    /// <param name="type">ExecutionTimedOut or ExecutionAborted.</param>
    /// <param name="error">The error; null for none.</param>
    /// <param name="started">The start of the run.</param>
    /// <param name="now">When.</param>
    public void End(HistoryEventType type, string? error, Started started, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(started);
        var end = new HistoryEvent(_lastId + 1, _lastId, now, type, new ErrorDetails(error, null));
        _waiting.AddRange(ExecutionLog.Of(_logging, _key, started.Identity.ExecutionArn, 0, [end]));
    }

    /// <summary>Writes what waits, if there is enough of it.</summary>
    public ValueTask FlushIfManyAsync(CancellationToken cancellation) => _waiting.Count >= MaxWaiting ? FlushAsync(cancellation) : ValueTask.CompletedTask;

    /// <summary>
    /// Writes what waits. Where the store cannot be reached the events are lost, and the operator hears of it: a log must not make an execution run again.
    /// </summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        try
        {
            await _store.AppendAsync(_group, [.. _waiting], cancellation);
        }
        catch (StorageUnavailableException failure)
        {
            _warn($"{_waiting.Count} log events of Express execution '{_key.Id}' of tenant {_key.Tenant.Value} could not be stored and are lost", failure);
        }

        _waiting.Clear();
    }
}
