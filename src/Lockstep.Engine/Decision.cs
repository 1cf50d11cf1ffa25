using System.Collections.Immutable;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;

namespace Lockstep.Engine;

/// <summary>What one turn decided: the next state, the history it adds, and what the driver has to do once both are durable.</summary>
/// <param name="Next">The state after the turn.</param>
/// <param name="Events">The events that the turn adds, ids ascending without a gap.</param>
/// <param name="Commands">What to do, in order.</param>
public readonly record struct Decision(ExecutionState Next, ImmutableArray<HistoryEvent> Events, ImmutableArray<Command> Commands);
