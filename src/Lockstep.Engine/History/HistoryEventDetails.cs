namespace Lockstep.Engine.History;

/// <summary>The details of an event. One derived record for each shape that GetExecutionHistory knows; the set is closed.</summary>
public abstract record HistoryEventDetails;
