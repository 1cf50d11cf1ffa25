using System.Globalization;

namespace Lockstep.Embedded.Executions;

/// <summary>A journalled turn gave other events than it gave when it was stored.</summary>
internal sealed class ReplayDivergedException(string executionId, long turn, int storedEvents, int replayedEvents) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"Replay of execution '{executionId}' diverged at turn {turn}: {storedEvents} events are stored and {replayedEvents} came out, or their content differs."));
