namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>The items cannot be read; the message says why, and is shown as the cause.</summary>
internal sealed class ItemReadException(string message) : Exception(message);
