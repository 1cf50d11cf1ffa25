using System.Collections.Immutable;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Logging;

/// <summary>What of the events of an execution is logged.</summary>
public static class ExecutionLog
{
    /// <summary>The log events of a turn; none when nothing of it is logged.</summary>
    /// <param name="logging">What the revision says.</param>
    /// <param name="key">The execution.</param>
    /// <param name="decision">The turn.</param>
    public static ImmutableArray<LogEvent> Of(LoggingConfiguration logging, ExecutionKey key, in Decision decision)
    {
        ArgumentNullException.ThrowIfNull(logging);
        return logging.LogGroup is null || decision.Next.Identity is not { } identity
            ? []
            : Of(logging, key, identity.ExecutionArn, decision.Next.RedriveCount, decision.Events);
    }

    /// <summary>The log events of some events of history.</summary>
    /// <param name="logging">What the revision says.</param>
    /// <param name="key">The execution.</param>
    /// <param name="arn">Its ARN.</param>
    /// <param name="redriveCount">How often it had been redriven then.</param>
    /// <param name="events">The events.</param>
    public static ImmutableArray<LogEvent> Of(
        LoggingConfiguration logging, ExecutionKey key, string arn, int redriveCount, IEnumerable<HistoryEvent> events)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(events);
        return
        [
            .. events.Where(one => logging.Level.Logs(one.Type)).Select(one => new LogEvent(
                key.Id, one.Id, one.Timestamp, LogEventJson.Of(one, arn, redriveCount, logging.IncludeExecutionData))),
        ];
    }
}
