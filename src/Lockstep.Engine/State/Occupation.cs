using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Engine.State;

/// <summary>What a frame does between two turns. The set is closed.</summary>
internal abstract record Occupation;

/// <summary>It is about to enter its state and only needs a turn with budget left; it stands in the queue of the state.</summary>
internal sealed record Entering : Occupation
{
    /// <summary>The only instance.</summary>
    public static Entering Instance { get; } = new();
}

/// <summary>A Task state waits for the outcome of its call.</summary>
/// <param name="Command">The call.</param>
/// <param name="Timeout">The timer of <c>TimeoutSeconds</c>; null when there is none.</param>
/// <param name="Submitted">Whether the service has accepted the call (patterns .sync and .waitForTaskToken).</param>
/// <param name="Taken">Whether an activity worker has taken it.</param>
/// <param name="EarlyOutcome">A callback that came before the call was answered; it counts once the call is answered. Else null.</param>
internal sealed record CallingTask(InvokeTask Command, StartTimer? Timeout, bool Submitted, bool Taken, Stimulus? EarlyOutcome) : Occupation;

/// <summary>A Wait state sleeps.</summary>
internal sealed record Sleeping(StartTimer Timer) : Occupation;

/// <summary>A Task, Parallel or Map state waits before it tries again.</summary>
internal sealed record BackingOff(StartTimer Timer) : Occupation;

/// <summary>Its state was entered, and failed or was given up with the execution. A redrive tries the state again without entering it.</summary>
/// <param name="Failed">Whether it is what failed the execution.</param>
/// <param name="MapRun">The call for the map run that a Map state in DISTRIBUTED mode waited for, and that a redrive redrives; else null.</param>
internal sealed record Stopped(bool Failed, InvokeTask? MapRun) : Occupation;

/// <summary>A Parallel or Map state waits for the frames it opened.</summary>
/// <param name="Open">Frames still running: index of the branch or iteration to frame id.</param>
/// <param name="Results">Outputs of those that are done, by index.</param>
internal abstract record Joining(PersistentTable<long> Open, PersistentTable<JsonValue> Results) : Occupation;

/// <summary>A Parallel state waits for its branches.</summary>
internal sealed record RunningBranches(PersistentTable<long> Open, PersistentTable<JsonValue> Results) : Joining(Open, Results);

/// <summary>A Map state waits for its iterations.</summary>
/// <param name="Open">Iterations running: index to frame id.</param>
/// <param name="Results">Outputs of the iterations that are done, by index.</param>
/// <param name="Items">The array it iterates over.</param>
/// <param name="EffectiveInput">What <c>$</c> means in the ItemSelector.</param>
/// <param name="Next">Index of the first iteration not opened yet.</param>
internal sealed record Iterating(
    PersistentTable<long> Open, PersistentTable<JsonValue> Results, JsonArray Items, JsonValue EffectiveInput, int Next) : Joining(Open, Results);
