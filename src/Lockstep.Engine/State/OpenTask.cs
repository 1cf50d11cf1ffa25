using Lockstep.Engine.Commands;

namespace Lockstep.Engine.State;

/// <summary>A task that waits for its outcome.</summary>
/// <param name="Command">The command that started it.</param>
/// <param name="Submitted">Whether the service has accepted a <c>.sync</c> or <c>.waitForTaskToken</c> call.</param>
/// <param name="Taken">Whether an activity worker has taken it.</param>
public sealed record OpenTask(InvokeTask Command, bool Submitted, bool Taken);
