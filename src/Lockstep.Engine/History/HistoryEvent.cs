namespace Lockstep.Engine.History;

/// <summary>One event of an execution's history, as GetExecutionHistory shows it.</summary>
/// <param name="Id">1 for the first event of the execution, growing by one.</param>
/// <param name="PreviousEventId">The event that led to this one on the same branch; 0 when there is none.</param>
/// <param name="Timestamp">The recorded time of the stimulus whose turn wrote it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Details">Its details; null for types that have none.</param>
public sealed record HistoryEvent(long Id, long PreviousEventId, DateTimeOffset Timestamp, HistoryEventType Type, HistoryEventDetails? Details);
