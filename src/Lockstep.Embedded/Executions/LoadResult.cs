namespace Lockstep.Embedded.Executions;

/// <summary>An execution taken into memory, or why there is none to take.</summary>
/// <param name="Live">The execution.</param>
/// <param name="Answer">What to tell whoever wrote to it, when there is none.</param>
internal readonly record struct LoadResult(LiveExecution? Live, MailAnswer Answer);
