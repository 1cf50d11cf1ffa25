using Lockstep.Engine;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>Something that waits to be decided. Whether it still concerns anything shows when its turn has come. The set is closed.</summary>
internal abstract record Ready;

/// <summary>The first stimulus, or that the turn before had spent its budget.</summary>
internal sealed record ReadyStimulus(Stimulus Stimulus) : Ready;

/// <summary>An awaited call has been answered.</summary>
internal sealed record ReadyOutcome(CommandId Task, Stimulus Outcome) : Ready;

/// <summary>An item of the inbox.</summary>
internal sealed record ReadyItem(string Id, Stimulus Stimulus) : Ready;

/// <summary>A timer that the interpreter has asked for has fired, and has won if it had to compete.</summary>
internal sealed record ReadyTimer(CommandId Timer) : Ready;

/// <summary>A heartbeat was missed, durably.</summary>
internal sealed record ReadyMissedHeartbeat(CommandId Task) : Ready;
